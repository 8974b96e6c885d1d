"""What a run shows while it goes on: a live table in a terminal, plain lines elsewhere."""

import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from malmoi_airflow.local.follow import Follower, TaskState

_STYLE = {
    "success": "green",
    "failed": "bold red",
    "upstream_failed": "red",
    "running": "cyan",
    "up_for_retry": "yellow",
}
_NOTE_SECONDS = 15.0


def seconds(value: float) -> str:
    """``74.2`` -> ``1 min 14 s``."""
    whole = round(value)
    return f"{whole // 60} min {whole % 60:02d} s" if whole >= 60 else f"{whole} s"


class Progress:
    """Shows runs. Use as a context manager around each run that is followed."""

    def __init__(self, console: Console):
        self.console = console
        self._began = time.monotonic()
        self._live: Live | None = None
        self._noted: dict[tuple[str, int], tuple[float, str]] = {}

    def __enter__(self) -> "Progress":
        if self.console.is_terminal:
            self._live = Live(console=self.console, refresh_per_second=4, transient=False)
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)
            self._live = None

    def say(self, line: str) -> None:
        """One line, with the time since the start."""
        self.console.print(
            f"[dim]{seconds(time.monotonic() - self._began):>11}[/]  {escape(line)}", highlight=False, soft_wrap=True
        )

    def show(self, follower: Follower, changed: list[TaskState]) -> None:
        """Redraws the table of a run, or writes a line for each task that started, ended or got further."""
        if self._live is not None:
            self._live.update(self._table(follower))
            return
        for task in changed:
            if task.ended or task.state in ("running", "up_for_retry"):
                took = f" after {seconds(task.seconds)}" if task.ended and task.seconds else ""
                why = follower.reason(task) if task.state in ("up_for_retry", "skipped") else ""
                self.say(f"{follower.dag}  {task.name}: {task.state}{took}{why and f': {why}'}")
        for task in follower.tasks:
            self._say_note(follower, task)

    def _say_note(self, follower: Follower, task: TaskState) -> None:
        if task.state != "running":
            return
        now = time.monotonic()
        when, before = self._noted.get(task.key, (now, ""))
        note = follower.note(task) if now - when >= _NOTE_SECONDS else before
        if note != before:
            self.say(f"{follower.dag}  {task.name}: {note}")
        if note != before or task.key not in self._noted:
            self._noted[task.key] = (now, note)

    def _table(self, follower: Follower) -> Table:
        table = Table(title=f"{follower.dag}  {follower.state}", title_justify="left", box=None, padding=(0, 2, 0, 0))
        for column in ("task", "state", "time", ""):
            table.add_column(column, justify="right" if column == "time" else "left")
        for task in follower.tasks:
            took = seconds(task.seconds) if task.seconds is not None else ""
            note = follower.note(task) if task.state == "running" else ""
            style = _STYLE.get(task.state, "dim")
            table.add_row(escape(task.name), f"[{style}]{task.state}[/]", took, escape(note))
        return table
