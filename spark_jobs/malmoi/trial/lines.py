"""JSON Lines in, JSON Lines out, in input order. A bad line becomes an error line and the rest goes on."""

import json
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, TextIO

Row = dict[str, Any]
Verb = Callable[[list[Row]], list[Row]]

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_FIRST = 1
_MOST = 256
"""Lines taken together: the first answer comes after one line, throughput soon after."""


def run(verb: Verb, lines: TextIO, out: TextIO, needed: tuple[str, ...] = ("id", "text"), threads: int = 1) -> int:
    """Answers every line of ``lines`` on ``out``; returns how many were answered with an error."""
    bad = 0
    with progress() as advance:
        for answers in _answers(verb, lines, needed, threads):
            for answer in answers:
                bad += "error" in answer
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
            out.flush()
            advance(len(answers))
    return bad


@contextmanager
def progress() -> Iterator[Callable[[int], None]]:
    """A bar on standard error that counts documents, where a person watches and the answers go elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.completed:,.0f} documents"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("documents", total=None)
        yield lambda count: bar.advance(task, count)


def _answers(verb: Verb, lines: TextIO, needed: tuple[str, ...], threads: int) -> Iterator[list[Row]]:
    groups = _groups(lines)
    if threads <= 1:
        for group in groups:
            yield _answer(verb, group, needed)
        return
    ahead: deque[Future[list[Row]]] = deque()
    with ProcessPoolExecutor(threads) as pool:
        for group in groups:  # as far ahead as keeps every process busy: the lines may be more than memory holds
            ahead.append(pool.submit(_answer, verb, group, needed))
            if len(ahead) > 2 * threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _groups(lines: TextIO) -> Iterator[list[str]]:
    size = _FIRST
    numbered = (line for line in lines if line.strip())
    while group := list(islice(numbered, size)):
        yield group
        size = min(size * 4, _MOST)


def _answer(verb: Verb, group: list[str], needed: tuple[str, ...]) -> list[Row]:
    read = [parse(line, needed) for line in group]
    good = [row for row in read if "error" not in row]
    answers = iter(_guarded(verb, good))
    return [row if "error" in row else next(answers) for row in read]


def parse(line: str, needed: tuple[str, ...]) -> Row:
    """A line as a row, or as ``{"id", "error"}``."""
    try:
        row = json.loads(line.rstrip())
    except json.JSONDecodeError as error:
        return {"id": None, "error": f"not JSON: {error.msg} at column {error.colno}"}
    except RecursionError:
        return {"id": None, "error": "not JSON that can be read: nested too deeply"}
    if not isinstance(row, dict):
        return {"id": None, "error": "not a JSON object"}
    if _SURROGATE.search(line) and not _encodable(row):  # such a string could not be written out again
        row_id = row.get("id")
        return {"id": row_id if _encodable(row_id) else None, "error": "half of a surrogate pair: no Unicode text"}
    for name in needed:
        if name not in row:
            return {"id": row.get("id"), "error": f"field {name!r} is missing"}
        if name != "id" and not isinstance(row[name], str):
            return {"id": row.get("id"), "error": f"field {name!r} must be text"}
    return row


def _encodable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _guarded(verb: Verb, rows: list[Row]) -> list[Row]:
    """All rows together; one by one where that fails. The error names its class, never the text."""
    if not rows:
        return []
    try:
        return verb(rows)
    except Exception as error:
        if len(rows) == 1:
            return [{"id": rows[0].get("id"), "error": f"{type(error).__name__} while working on this line"}]
        return [answer for row in rows for answer in _guarded(verb, [row])]


def standard_input() -> TextIO:
    """Standard input as UTF-8 whatever the locale says; bytes that are none become replacement characters."""
    return _utf8(sys.stdin, errors="replace")


def standard_output() -> TextIO:
    """Standard output as UTF-8 whatever the locale says."""
    return _utf8(sys.stdout)


def _utf8(stream: Any, **how: str) -> TextIO:
    stream.reconfigure(encoding="utf-8", **how)
    return stream
