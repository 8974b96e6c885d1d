"""What a source yields: pages as they lie in a landing file, and what could not be read."""

from dataclasses import dataclass
from datetime import datetime

from malmoi.contracts.reasons import Fault, Reason


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record lies: ``file`` is relative to the landing folder, ``offset`` and ``length`` are bytes.

    In a WARC both count in the file as it is stored, so that one record can be read again by itself; in compressed JSON
    Lines they count in the decompressed stream; in files that hold one document they are 0 and the file's size; in
    Parquet the offset is the row.
    """

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """A record before parsing: HTML bytes with the declared charset, or ready text, or a thread of questions.

    ``raw_bytes`` is the record's size, which the balance counts. Dates are text as found; ``fetched_at`` comes from the
    record and is None where it says nothing. ``thread`` has the form of ``sources/kin.py``.
    """

    origin: Origin
    raw_bytes: int
    url: str = ""
    html: bytes | str | None = None
    charset: str | None = None
    text: str | None = None
    title: str = ""
    author: str = ""
    published_at: str | None = None
    fetched_at: datetime | None = None
    license: str = ""
    section: str = ""
    kind: str = ""
    thread: dict | None = None
    turns: tuple[dict, ...] = ()
    opt_outs: frozenset[str] = frozenset()  # signals of contracts/optout.py in the headers of server and record


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be processed: it goes to quarantine. ``detail`` never holds text of the record."""

    origin: Origin
    fault: Fault
    detail: str
    raw_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A record that was read and is no page."""

    origin: Origin
    reason: Reason
    raw_bytes: int


Record = RawPage | BadRecord | SkippedRecord
