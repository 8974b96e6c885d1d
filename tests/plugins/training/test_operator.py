"""The operator on this machine: one job for one piece of work, whatever happens around it."""

import json
import os
import shutil
import signal
from pathlib import Path
from urllib.parse import quote

import pytest
from airflow.sdk.bases.operator import TriggerFailureReason
from airflow.sdk.exceptions import AirflowFailException, TaskDeferralTimeout
from tests.plugins.training.jobs import (
    CONNECTION,
    FOREVER,
    STEPS,
    alive,
    children,
    deferred,
    environment,
    event_of,
    folder_of,
    pid_of,
    run_of,
    task,
    wait_for,
)  # fmt: skip

from malmoi.contracts.errors import ContractError, InfrastructureError, RecipeError
from malmoi.contracts.paths import Lake
from malmoi_airflow.links import JobLink
from malmoi_airflow.training.backends.local import LocalBackend
from malmoi_airflow.training.trigger import TrainingTrigger


@pytest.fixture(autouse=True)
def connection(monkeypatch):
    monkeypatch.setenv(CONNECTION, environment())


@pytest.fixture
def own(packed, tmp_path):
    """A copy of the packed lake, to be changed."""
    lake, recipe, path = packed
    shutil.copytree(lake.root, tmp_path / "lake", ignore=shutil.ignore_patterns("runs"))
    copy = Lake(str(tmp_path / "lake"))
    yield copy, recipe, Path(copy.join(lake.relative(str(path))))
    for folder in Path(copy.root, "runs").glob("*/run.json"):
        LocalBackend({}).cancel(run_of(folder.parent))


def test_a_job_from_start_to_summary(own, tmp_path, capsys):
    summary = task(own, tmp_path, STEPS, deferrable=False).execute({})
    assert summary["release"] == "2026-11-01" and summary["backend"] == "local"
    assert summary["steps"] == 3 and summary["last_loss"] == 2.5
    said = capsys.readouterr().out
    assert "걸음 1" in said and "step 3 of 3 steps, loss 2.500, 1,000 tokens/s, 0:00:00 left" in said


def test_the_task_links_to_its_job(own, tmp_path, monkeypatch):
    link = JobLink()
    operator = task(own, tmp_path, STEPS)
    assert link.get_link(operator, ti_key=None) == ""  # nothing was started yet
    waiting = deferred(operator)
    assert link.get_link(operator, ti_key=None).endswith(f"/malmoi/training#{folder_of(waiting).name}")
    monkeypatch.setenv(CONNECTION, environment(job_url="https://portal.example/{run}?job={job}"))
    later = task(own, tmp_path, STEPS)
    event = event_of(waiting.trigger)
    later.resume({}, event)
    run = run_of(folder_of(waiting))
    assert link.get_link(later, ti_key=None) == f"https://portal.example/{run.key}?job={quote(event['job'])}"


def test_finished_work_is_trained_again_only_when_asked(own, tmp_path, capsys):
    first = task(own, tmp_path, STEPS, deferrable=False).execute({})
    pid = pid_of(Path(first["folder"]))
    second = task(own, tmp_path, STEPS, deferrable=False).execute({})
    assert second == first and pid_of(Path(first["folder"])) == pid
    assert "is trained already; raise `again` to train it once more" in capsys.readouterr().out
    third = task(own, tmp_path, STEPS, deferrable=False, again=1).execute({})
    assert third["run"] != first["run"]


def test_a_restarted_worker_finds_its_job(own, tmp_path):
    first = deferred(task(own, tmp_path, FOREVER))
    second = deferred(task(own, tmp_path, FOREVER))
    assert folder_of(first) == folder_of(second)
    pid = pid_of(folder_of(first))
    assert alive(pid)
    assert len(list(Path(own[0].root, "runs").iterdir())) == 1


def test_a_restarted_triggerer_goes_on_in_the_log(own, tmp_path, capsys):
    waiting = deferred(task(own, tmp_path, f"{STEPS}; until test -f go; do sleep 0.1; done; echo 끝"))
    run = run_of(folder_of(waiting))
    from malmoi_airflow.training.trigger import Watch

    lines: list[str] = []
    first = Watch(run, LocalBackend({}), lambda form, *values: lines.append(form % values))
    wait_for(lambda: first.look() and "걸음 3" in lines)
    (run.folder / "go").touch()
    classpath, arguments = waiting.trigger.serialize()
    assert classpath == f"{TrainingTrigger.__module__}.TrainingTrigger"
    json.dumps(arguments)  # it is stored in Airflow's database
    event = event_of(TrainingTrigger(**arguments))
    assert event["state"] == "succeeded"
    said = capsys.readouterr().out
    assert "끝" in said and "걸음 1" not in said
    assert task(own, tmp_path, "").resume({}, event)["steps"] == 3


def test_a_job_that_was_killed_hard_is_started_again(own, tmp_path):
    waiting = deferred(task(own, tmp_path, FOREVER))
    folder, pid = folder_of(waiting), pid_of(folder_of(waiting))
    commands = wait_for(lambda: children(pid))
    os.kill(pid, signal.SIGKILL)
    event = event_of(waiting.trigger)
    assert event["state"] == "lost"
    with pytest.raises(InfrastructureError, match="gone without an exit code: killed, or the machine restarted"):
        task(own, tmp_path, FOREVER).resume({}, event)
    wait_for(lambda: not any(map(alive, commands)))
    deferred(task(own, tmp_path, FOREVER))
    assert pid_of(folder) != pid and alive(pid_of(folder))


def test_clearing_a_waiting_task_stops_the_job_and_the_next_start_is_new(own, tmp_path):
    import asyncio

    waiting = deferred(task(own, tmp_path, FOREVER))
    pid = pid_of(folder_of(waiting))
    asyncio.run(waiting.trigger.on_kill())
    wait_for(lambda: not alive(pid))
    deferred(task(own, tmp_path, FOREVER))
    assert pid_of(folder_of(waiting)) != pid


def test_a_job_stopped_from_outside_is_not_started_again_by_itself(own, tmp_path):
    waiting = deferred(task(own, tmp_path, FOREVER))
    os.kill(pid_of(folder_of(waiting)), signal.SIGTERM)
    event = event_of(waiting.trigger)
    assert event["state"] == "cancelled"
    with pytest.raises(AirflowFailException, match="was cancelled from outside .*; clear the task to resume"):
        task(own, tmp_path, FOREVER).resume({}, event)


def test_a_task_out_of_time_stops_its_job(own, tmp_path):
    operator = task(own, tmp_path, FOREVER)
    pid = pid_of(folder_of(deferred(operator)))
    with pytest.raises(TaskDeferralTimeout):
        operator.resume_execution("__fail__", {"error": TriggerFailureReason.TRIGGER_TIMEOUT}, {})
    wait_for(lambda: not alive(pid))


def test_killing_the_worker_while_it_holds_the_job(own, tmp_path):
    operator = task(own, tmp_path, FOREVER)
    pid = pid_of(folder_of(deferred(operator)))
    operator.on_kill()
    wait_for(lambda: not alive(pid))


@pytest.mark.parametrize(
    "script, error, message",
    [
        ("exit 7", InfrastructureError, r"ended with code 7; its log is .*train\.log"),
        (
            'echo \'{"kind": "contract", "message": "the loss is nan"}\' > "$MALMOI_RUN/error.json"; exit 3',
            ContractError,
            "^the loss is nan$",
        ),
        (
            'echo \'{"kind": "infrastructure", "message": "no space"}\' > "$MALMOI_RUN/error.json"; exit 4',
            InfrastructureError,
            "^no space$",
        ),
    ],
)
def test_how_a_job_fails(own, tmp_path, script, error, message):
    with pytest.raises(error, match=message):
        task(own, tmp_path, script, deferrable=False).execute({})


@pytest.mark.parametrize("suffix", [".bin", ".idx", ".lineage.parquet"])
def test_a_token_file_whose_hash_is_wrong_starts_nothing(own, tmp_path, suffix):
    lake, _, path = own
    broken = sorted(path.parent.glob(f"web-*.train{suffix}"))[0]
    content = bytearray(broken.read_bytes())
    content[-1] ^= 1
    broken.write_bytes(content)
    with pytest.raises(ContractError, match=f"{broken.name}: SHA-256 is .*; pack the release again"):
        task(own, tmp_path, STEPS).execute({})
    assert not Path(lake.root, "runs").exists()


def test_a_tokenizer_and_a_release_that_do_not_match(own, tmp_path):
    lake, _, _ = own
    manifest = Path(lake.release("2026-11-01"), "manifest.json")
    content = manifest.read_bytes()
    manifest.write_bytes(content + b" ")
    with pytest.raises(ContractError, match="the release changed after packing"):
        task(own, tmp_path, STEPS).execute({})
    manifest.write_bytes(content)
    tokenizer = next(Path(lake.models).glob("tokenizers/*/tokenizer.json"))
    tokenizer.write_bytes(tokenizer.read_bytes() + b" ")
    with pytest.raises(ContractError, match=r"tokenizer\.json: SHA-256 is .*; train the tokenizer again and pack"):
        task(own, tmp_path, STEPS).execute({})
    assert not Path(lake.root, "runs").exists()


def test_settings_from_the_form_are_checked_like_the_recipe(own, tmp_path):
    with pytest.raises(RecipeError, match="train.steps = 0: must lie between 1 and"):
        task(own, tmp_path, STEPS, overrides={"steps": 0}).execute({})
    with pytest.raises(RecipeError, match="unknown key 'stepps'"):
        task(own, tmp_path, STEPS, overrides={"stepps": 10}).execute({})


def test_moving_to_another_backend_is_the_same_work(own, tmp_path):
    here = task(own, tmp_path, STEPS, train={"processes_per_node": 1})._prepared(verify=False)
    there = task(own, tmp_path, STEPS, train={"backend": "slurm", "processes_per_node": 2})._prepared(verify=False)
    other = task(own, tmp_path, STEPS, train={"learning_rate": 0.5})._prepared(verify=False)
    assert here.key == there.key != other.key


def test_an_unknown_option_of_the_connection(own, tmp_path, monkeypatch):
    monkeypatch.setenv(CONNECTION, environment(partion="gpu"))
    with pytest.raises(ContractError, match="unknown extra 'partion'; allowed are environment, job_url"):
        task(own, tmp_path, STEPS).execute({})


def test_environment_of_the_connection_reaches_the_job_and_no_database(own, tmp_path, monkeypatch):
    monkeypatch.setenv(CONNECTION, environment(environment={"WANDB_MODE": "offline"}))
    waiting = deferred(task(own, tmp_path, "test $WANDB_MODE = offline"))
    assert "offline" not in json.dumps(waiting.trigger.serialize())
    assert event_of(waiting.trigger)["state"] == "succeeded"
