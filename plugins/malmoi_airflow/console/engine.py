"""Questions that need an engine: asked of a process of its own, so that the API server loads none.

The process reads the question on standard input and answers with one line. Neither is logged: both may hold addresses and
text of documents.
"""

import json
import os
import subprocess
import sys
import threading
from typing import Any

from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX, RESULT_PREFIX
from malmoi.contracts.errors import ContractError, InfrastructureError

AT_ONCE = 2
"""Questions that are worked on at the same time; each takes a core."""
_places = threading.BoundedSemaphore(AT_ONCE)


def ask(arguments: list[str], question: Any = None, seconds: float = 30.0) -> dict[str, Any]:
    """What the worker's Python answers to ``arguments`` (``["-m", MODULE]``), given ``question`` as JSON.

    Raises ContractError or InfrastructureError with the process's own one line; InfrastructureError where all places are
    taken, or the answer takes longer than ``seconds``.
    """
    if not _places.acquire(timeout=seconds):
        raise InfrastructureError("other questions are being worked on; ask again in a moment")
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    except subprocess.TimeoutExpired:
        raise InfrastructureError(f"no answer within {seconds:.0f} seconds; ask for less, or use the DAG") from None
    finally:
        _places.release()
    if done.returncode:
        raise _error(done.returncode, done.stderr)
    line = next(line for line in reversed(done.stdout.splitlines()) if line.startswith(RESULT_PREFIX))
    return json.loads(line.removeprefix(RESULT_PREFIX))


def _error(code: int, said: str) -> Exception:
    line = next((line for line in reversed(said.splitlines()) if line.startswith(ERROR_PREFIX)), "")
    message = line.removeprefix(ERROR_PREFIX) or f"the process that was asked ended with code {code}"
    return (ContractError if code == CONTRACT_EXIT else InfrastructureError)(message)
