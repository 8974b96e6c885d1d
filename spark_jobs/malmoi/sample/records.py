"""What the sample is made of: captures (a page as the crawler stored it), JSON lines, and the truth about each."""

from dataclasses import dataclass, field

EXPECTATIONS = ("keep", "drop", "quarantine", "kept_once", "either")
"""``kept_once``: exactly one row of the ``group`` stays. ``either``: kept or dropped, only the text is judged."""


@dataclass(frozen=True)
class Truth:
    """One row of ``truth.jsonl``: what must happen to one planted record.

    ``reasons`` are the allowed values of contracts' ``Reason`` and ``Fault``. ``must_vanish`` may be in no published
    text at all; ``must_stay`` and ``must_not_have`` are about this record's own published text. ``file`` and ``offset``
    (bytes) say where the record lies in the landing folder.
    """

    url: str
    source: str
    batch: str
    plant: str
    expect: str
    reasons: tuple[str, ...] = ()
    must_vanish: tuple[str, ...] = ()
    must_stay: tuple[str, ...] = ()
    must_not_have: tuple[str, ...] = ()
    group: str = ""
    charset: str = "utf-8"
    declared: str = "utf-8"
    file: str = ""
    offset: int = 0


@dataclass(frozen=True)
class Capture:
    """One WARC response: HTTP status, headers and body bytes. ``cut`` bytes are cut off the end of its gzip member."""

    truth: Truth
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()
    cut: int = 0


@dataclass(frozen=True)
class Line:
    """One line of a JSON Lines file, without its newline."""

    truth: Truth
    body: bytes


@dataclass
class Night:
    """Everything of one batch: landing files by source. A file is a list of captures or of lines."""

    batch: str
    captures: dict[str, list[Capture]] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def page(self, capture: Capture) -> None:
        self.captures.setdefault(capture.truth.source, []).append(capture)

    def line(self, line: Line) -> None:
        self.lines.setdefault(line.truth.source, []).append(line)
