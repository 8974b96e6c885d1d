"""How much of a GPU a training uses: model FLOPs utilisation (Chowdhery et al. 2022, PaLM, appendix B)."""

from malmoi.train.model import Shape

PEAK_FLOPS = {"H100 PCIe": 756e12, "H100": 989.4e12, "H200": 989.4e12, "A100": 312e12}
"""Part of a device's name -> bf16 FLOP/s without sparsity, from NVIDIA's data sheets; the first that fits counts."""


def parameters(shape: Shape) -> int:
    """Weights that are multiplied with for every token: those of the blocks, and the embeddings once, as the last layer."""
    block = 4 * shape.width**2 + 3 * shape.width * shape.hidden
    return shape.layers * block + shape.vocabulary * shape.width


def flops_a_token(shape: Shape, sequence_tokens: int) -> float:
    """Forward and backward: six for each weight, and attention's 12 * layers * width * sequence."""
    return 6 * parameters(shape) + 12 * shape.layers * shape.width * sequence_tokens


def utilisation(tokens_per_second: float | None, shape: Shape, processes: int, device: str) -> float | None:
    """Share of the devices' peak that the model's own arithmetic takes; None where the peak is not known, as on a CPU."""
    peak = next((value for name, value in PEAK_FLOPS.items() if name in device), None)
    if peak is None or tokens_per_second is None:
        return None
    return tokens_per_second * flops_a_token(shape, shape.positions) / (peak * processes)
