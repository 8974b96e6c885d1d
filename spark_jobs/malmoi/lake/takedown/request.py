"""What may be asked for, and its keyed hash."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from malmoi.contracts.document import canonical_url, site_of
from malmoi.contracts.errors import ContractError
from malmoi.contracts.secret import secret
from malmoi.text.minhash import normalise

KINDS = ("url", "host", "author", "document", "text")
MIN_PASSAGE_CHARS = 20
"""Letters and digits of a passage; a shorter one would hit pages that have nothing to do with the request."""

_DOCUMENT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Request:
    """One thing to take down. ``value``: an address, a host, an author key, a document id, or a passage of text."""

    kind: str
    value: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ContractError(f"takedown by {self.kind!r} is not possible; kinds are {', '.join(KINDS)}")
        object.__setattr__(self, "value", _NORMAL[self.kind](self.value.strip()))
        if not self.value:
            raise ContractError(f"takedown by {self.kind}: the value is empty or not what it should be")
        if self.kind == "document" and not _DOCUMENT.fullmatch(self.value):
            raise ContractError("takedown by document: an id has 32 hexadecimal digits")
        if self.kind == "text" and len(self.value) < MIN_PASSAGE_CHARS:
            raise ContractError(
                f"takedown by text: the passage has {len(self.value)} letters and digits; at least {MIN_PASSAGE_CHARS} are "
                "needed, or it would hit other pages"
            )

    @property
    def key(self) -> str:
        return keyed(self.kind, self.value)


def takedown_key() -> bytes:
    """The key of tombstones. Raises ContractError where ``MALMOI_SECRET`` is not set."""
    return hashlib.blake2b(secret(), digest_size=32, person=b"takedown").digest()


def keyed(kind: str, value: str, key: bytes | None = None) -> str:
    """A keyed BLAKE2b-128 (32 hexadecimal digits): tells whether a value was taken down and never which ones were.

    ``key``: what ``takedown_key`` returns, for a process that does not have the secret in its environment.
    """
    key = takedown_key() if key is None else key
    person = kind.encode()[:16]
    return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16, key=key, person=person).hexdigest()


def _host(value: str) -> str:
    return site_of(value if "://" in value else f"https://{value}")


_NORMAL: dict[str, Callable[[str], str]] = {
    "url": canonical_url,
    "host": _host,
    "author": str,
    "document": str.lower,
    "text": normalise,
}
