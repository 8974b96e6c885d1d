"""Text as UTF-8 and as code points, and back; lone surrogates come through."""

import numpy as np

_ASCII = bytes(range(128))


def encoded(text: str) -> bytes:
    """The text in UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def decoded(raw: bytes) -> str:
    """UTF-8 as text."""
    return raw.decode("utf-8", "surrogatepass")


def non_ascii(raw: bytes) -> bytes:
    """The non-ASCII code points of UTF-8 alone. A pattern over these costs a fraction of one over a whole page."""
    return raw.translate(None, _ASCII)


def code_points(text: str) -> np.ndarray:
    """The code points of a text, uint32 [n]; read only."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def from_code_points(points: np.ndarray) -> str:
    """The text of code points, uint32 [n]."""
    return points.tobytes().decode("utf-32-le", "surrogatepass")
