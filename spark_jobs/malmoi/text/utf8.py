"""Text as UTF-8 and back; lone surrogates come through."""

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
