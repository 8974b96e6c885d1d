"""Runs a command of Malmoi beside the Airflow worker, with its output in the task log."""

import json
import logging
import os
import subprocess
import sys
from typing import Any

from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX, RESULT_PREFIX
from malmoi.contracts.errors import ContractError, InfrastructureError

log = logging.getLogger("malmoi.process")


def run(arguments: list[str], env: dict[str, str] | None = None, *, logged: bool = True) -> list[str]:
    """Runs the worker's Python with ``arguments``; returns the lines of its output.

    They are logged, but for the result, which is the caller's; with ``logged`` False none is: for output that holds addresses.

    Engines stay out of the worker's memory, and killing the task kills them. Raises ContractError or
    InfrastructureError with the process's own one-line message.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(env or {}), "PYTHONUNBUFFERED": "1"},
    )
    lines = []
    try:
        for line in process.stdout or ():
            line = line.rstrip("\n")
            lines.append(line)
            if logged and not line.startswith(RESULT_PREFIX):
                log.info("%s", line)
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(10)
    if code == 0:
        return lines
    said = [line.split(ERROR_PREFIX, 1)[1] for line in lines if ERROR_PREFIX in line]
    message = said[-1] if said else f"{arguments[0]} ended with code {code}; its output is above"
    raise (ContractError if code == CONTRACT_EXIT else InfrastructureError)(message)


def result(lines: list[str]) -> dict[str, Any]:
    """What a command returned: the JSON of its last line of the form ``RESULT {...}``."""
    line = next(line for line in reversed(lines) if line.startswith(RESULT_PREFIX))
    return json.loads(line.removeprefix(RESULT_PREFIX))
