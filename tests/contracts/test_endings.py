"""How a process ends: the exit code says whether another try can help, one line says why it ended."""

import subprocess
import sys

import pytest

from malmoi.contracts.endings import (
    BROKEN_PIPE_EXIT,
    CONTRACT_EXIT,
    ERROR_PREFIX,
    INFRASTRUCTURE_EXIT,
    INTERRUPTED_EXIT,
    ending,
)
from malmoi.contracts.errors import ContractError, GateError, InfrastructureError, MalmoiError, RecipeError


def run(error: BaseException | None) -> int:
    with ending() as end:
        if error is not None:
            raise error
    return end.code


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (ContractError("web: no such file"), CONTRACT_EXIT, "web: no such file"),
        (RecipeError("r.toml: unknown key"), CONTRACT_EXIT, "r.toml: unknown key"),
        (GateError("gate leaks: 2"), CONTRACT_EXIT, "gate leaks: 2"),
        (MalmoiError("stop"), CONTRACT_EXIT, "stop"),
        (InfrastructureError("disk full"), INFRASTRUCTURE_EXIT, "disk full"),
        (ContractError("first\nsecond"), CONTRACT_EXIT, "first"),
        (ContractError(), CONTRACT_EXIT, "ContractError"),
        (ValueError("bad"), INFRASTRUCTURE_EXIT, "ValueError: bad"),
        (OSError(28, "No space left on device"), INFRASTRUCTURE_EXIT, "OSError: [Errno 28] No space left on device"),
        (MemoryError(), INFRASTRUCTURE_EXIT, "MemoryError: MemoryError"),
    ],
)
def test_code_and_line(error, code, line, capsys, monkeypatch):
    monkeypatch.delenv("MALMOI_TRACE", raising=False)
    assert run(error) == code
    said = capsys.readouterr()
    assert said.out == "" and said.err.splitlines()[-1] == ERROR_PREFIX + line
    known = isinstance(error, MalmoiError)
    assert ("Traceback" in said.err) is not known
    assert not known or len(said.err.splitlines()) == 1


def test_success_says_nothing(capsys):
    assert run(None) == 0
    assert capsys.readouterr() == ("", "")


def test_a_trace_on_demand(capsys, monkeypatch):
    monkeypatch.setenv("MALMOI_TRACE", "1")
    assert run(ContractError("web: broken")) == CONTRACT_EXIT
    assert "Traceback" in capsys.readouterr().err


def test_a_wish_to_leave_is_no_error(capsys):
    with pytest.raises(SystemExit):
        run(SystemExit(2))
    assert capsys.readouterr().err == ""


def test_an_interrupt_is_a_line_and_no_trace(capsys):
    assert run(KeyboardInterrupt()) == INTERRUPTED_EXIT
    assert capsys.readouterr().err == "malmoi: interrupted\n"


def test_a_reader_that_has_seen_enough_is_no_error(root):
    """As in ``malmoi try language | head -1``: more is written than a pipe holds."""
    rows = "".join(f'{{"id": {number}, "text": "글"}}\n' for number in range(20_000))
    command = [sys.executable, "-m", "malmoi.cli", "try", "dedup"]
    environment = {"PYTHONPATH": str(root / "spark_jobs"), "PATH": ""}
    with subprocess.Popen(
        command, cwd=root, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.close()
        process.stdin.write(rows)
        process.stdin.close()
        assert process.stderr.read() == "" and process.wait() == BROKEN_PIPE_EXIT


def test_a_command_ends_with_it(root, tmp_path):
    (tmp_path / "wrong.toml").write_text("name = 3\n")
    done = subprocess.run(
        [sys.executable, "-m", "malmoi.cli", "try", "dedup", "--recipe", str(tmp_path / "wrong.toml")],
        input="", capture_output=True, text=True, cwd=root, env={"PYTHONPATH": str(root / "spark_jobs"), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == CONTRACT_EXIT and done.stdout == ""
    assert done.stderr.startswith(f"{ERROR_PREFIX}{tmp_path / 'wrong.toml'}: ") and done.stderr.count("\n") == 1
