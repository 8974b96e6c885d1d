"""The sections of a recipe that hand the corpus over: tokenizer and training."""

from dataclasses import dataclass

from malmoi.contracts.recipe.fields import choice, number, table, text, words


@dataclass(frozen=True)
class Tokenizer:
    """The tokenizer that packing uses when no promoted one exists."""

    vocabulary: int = number(32_000, low=300, high=1_000_000, help="entries")
    sample_mib: int = number(64, low=1, high=65_536, help="text to learn from, in MiB")
    seed: int = number(1, low=0, high=2**31 - 1, help="seed of the sample")
    special_tokens: tuple[str, ...] = words(
        ("<|endoftext|>", "<|pad|>"), help="special tokens, the first ends a document"
    )
    digit_splitting: bool = text(True, help="true: every digit is a token of its own")
    morphemes: bool = text(
        False, help="true: learn from Kiwi's morphemes, so that no token joins parts of two; encoding needs no Kiwi"
    )


@dataclass(frozen=True)
class Train:
    """The training task. Defaults are the tiny model of the demo."""

    backend: str = choice("local", of=("local", "slurm", "kubernetes"), help="where the task runs")
    nodes: int = number(1, low=1, high=4096, help="machines")
    processes_per_node: int = number(1, low=1, high=64, help="GPUs, or CPU processes, a machine")
    device: str = choice("auto", of=("auto", "cpu", "cuda"), help="auto: a GPU where the machine has one")
    steps: int = number(40, low=1, high=100_000_000, help="optimizer steps")
    sequence_tokens: int = number(128, low=8, high=1_048_576, help="tokens of a sequence")
    batch_sequences: int = number(8, low=1, high=65_536, help="sequences a step, all processes together")
    layers: int = number(2, low=1, high=256, help="transformer blocks")
    width: int = number(64, low=8, high=65_536, help="hidden size")
    heads: int = number(4, low=1, high=256, help="attention heads")
    learning_rate: float = number(1e-3, low=1e-7, high=1.0, help="peak learning rate")
    warmup_steps: int = number(5, low=0, high=1_000_000, help="steps of linear warm-up before cosine decay")
    checkpoint_steps: int = number(20, low=1, high=1_000_000, help="steps between checkpoints")
    keep_checkpoints: int = number(2, low=1, high=1_000, help="newest checkpoints that stay")
    held_out_share: float = number(0.02, low=0, high=0.5, help="share of documents kept from training for evaluation")
    held_out_seed: int = number(1, low=0, high=2**31 - 1, help="seed of the choice of held-out documents")
    seed: int = number(1, low=0, high=2**31 - 1, help="seed of initial weights and of the order of batches")
    compile: bool = text(False, help="true: torch.compile; worth its start-up time on a GPU only")
    walltime_minutes: int = number(60, low=1, high=100_000, help="the task is stopped after this time")
    approval: bool = text(False, help="true: a person approves before the task starts")
    command: tuple[str, ...] = words((), help="your own training command; empty: the reference trainer")
    image: str = text("", help="kubernetes: container image with Malmoi or your command in it")
    environment: dict[str, str] = table(default={}, help="further environment variables of the job")
