"""How a process of Malmoi ends, for whoever started it."""

import os
import sys
import traceback
from types import TracebackType

from malmoi.contracts.errors import InfrastructureError, MalmoiError

CONTRACT_EXIT = 3
"""Exit code of a process whose input, recipe or stored data breaks a contract: do not try again."""

INFRASTRUCTURE_EXIT = 4
"""Exit code of a process that failed for want of disk, memory, network or code: the task may be tried again."""

INTERRUPTED_EXIT = 130
BROKEN_PIPE_EXIT = 141
"""What a shell says of a command that SIGINT or SIGPIPE ended."""

ERROR_PREFIX = "malmoi: error: "
"""Starts the one line on standard error that says what, where and what to do."""


RESULT_PREFIX = "RESULT "
"""Starts the one line on standard output that carries a command's result as JSON."""

APPLICATION_FILE = "MALMOI_APPLICATION_FILE"
"""Environment variable that names the file into which a Spark driver writes the id of its application."""

MOVED_PREFIX = "MOVED "
"""Starts a line of the drift report about a share that moved more than the recipe allows."""


class ending:
    """Turns the errors of a block into one line on standard error and an exit code.

    An error that Malmoi does not know keeps its trace, which holds code and no document text. ``MALMOI_TRACE=1`` keeps
    every trace.
    """

    code = 0

    def __enter__(self) -> "ending":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, SystemExit):
            return False
        if isinstance(error, KeyboardInterrupt):
            print("malmoi: interrupted", file=sys.stderr, flush=True)
            self.code = INTERRUPTED_EXIT
            return True
        if isinstance(error, BrokenPipeError):  # whoever read the output has seen enough, as in `malmoi sql ... | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.code = BROKEN_PIPE_EXIT
            return True
        known = isinstance(error, MalmoiError)
        if not known or os.environ.get("MALMOI_TRACE") == "1":
            traceback.print_exception(kind, error, trace)
        retry = not known or isinstance(error, InfrastructureError)
        self.code = INFRASTRUCTURE_EXIT if retry else CONTRACT_EXIT
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        print(
            f"{ERROR_PREFIX}{message if known else f'{type(error).__name__}: {message}'}", file=sys.stderr, flush=True
        )
        return True
