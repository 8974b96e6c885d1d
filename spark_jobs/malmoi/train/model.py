"""A small decoder in the shape of Llama: RMSNorm, rotary positions, SwiGLU, tied embeddings.

Names of parameters are those of ``transformers.LlamaForCausalLM``, so an exported run loads there. Written in plain torch,
because importing ``transformers`` takes longer than a run on a CPU.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

_ROPE_BASE = 10_000.0
_EPSILON = 1e-6


@dataclass(frozen=True)
class Shape:
    """Sizes of a model. ``width`` is a multiple of twice ``heads``."""

    vocabulary: int
    layers: int
    width: int
    heads: int
    positions: int

    @property
    def hidden(self) -> int:
        """Width of the feed-forward part: 8/3 of the model's, rounded up to a multiple of 16 (Touvron et al. 2023)."""
        return -(-self.width * 8 // 3 // 16) * 16

    def llama(self, end_of_document: int) -> dict[str, Any]:
        """The ``config.json`` with which transformers reads an exported model."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": self.vocabulary,
            "hidden_size": self.width,
            "intermediate_size": self.hidden,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.heads,
            "max_position_embeddings": self.positions,
            "rms_norm_eps": _EPSILON,
            "rope_parameters": {"rope_type": "default", "rope_theta": _ROPE_BASE},
            "tie_word_embeddings": True,
            "bos_token_id": end_of_document,
            "eos_token_id": end_of_document,
        }


class _Norm(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight, _EPSILON)


class _Attention(nn.Module):
    q_proj: nn.Linear
    k_proj: nn.Linear
    v_proj: nn.Linear
    o_proj: nn.Linear

    def __init__(self, shape: Shape):
        super().__init__()
        self.heads = shape.heads
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            setattr(self, name, nn.Linear(shape.width, shape.width, bias=False))

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        rows, length, width = x.shape

        def split(y: torch.Tensor) -> torch.Tensor:
            return y.view(rows, length, self.heads, -1).transpose(1, 2)

        q, k = (_rotated(split(y), cos, sin) for y in (self.q_proj(x), self.k_proj(x)))
        mixed = F.scaled_dot_product_attention(q, k, split(self.v_proj(x)), is_causal=True)
        return self.o_proj(mixed.transpose(1, 2).reshape(rows, length, width))


def _rotated(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    left, right = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-right, left), dim=-1) * sin


class _FeedForward(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.gate_proj = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down_proj = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class _Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.input_layernorm = _Norm(shape.width)
        self.self_attn = _Attention(shape)
        self.post_attention_layernorm = _Norm(shape.width)
        self.mlp = _FeedForward(shape)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        return x + self.mlp(self.post_attention_layernorm(x))


class _Body(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))
        self.norm = _Norm(shape.width)


class Decoder(nn.Module):
    """Token ids ``(rows, length)`` -> mean loss in nats, or the loss of every target where ``reduction="none"``."""

    cos: torch.Tensor
    sin: torch.Tensor

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.model = _Body(shape)
        angles = _angles(shape)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                scale = (2 * shape.layers) ** -0.5 if name.endswith(("o_proj.weight", "down_proj.weight")) else 1.0
                nn.init.normal_(parameter, std=0.02 * scale)

    def logits(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.model.embed_tokens(ids)
        cos, sin = self.cos[: ids.shape[1]].to(x.dtype), self.sin[: ids.shape[1]].to(x.dtype)
        for layer in self.model.layers:
            x = layer(x, cos, sin)
        return F.linear(self.model.norm(x), self.model.embed_tokens.weight)

    def forward(self, ids: torch.Tensor, targets: torch.Tensor, reduction: str = "mean") -> torch.Tensor:
        logits = self.logits(ids).float()
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction=reduction)


def _angles(shape: Shape) -> torch.Tensor:
    size = shape.width // shape.heads
    frequencies = _ROPE_BASE ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
    angles = torch.outer(torch.arange(shape.positions, dtype=torch.float32), frequencies)
    return torch.cat((angles, angles), dim=-1)
