"""The compose stack for real: built, started, driven through Airflow's REST API, hurt, taken down."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.stack.compose import Stack, wait_for

from malmoi.contracts.manifest import ReleaseManifest
from malmoi.sample.generate import write

pytestmark = [pytest.mark.stack, pytest.mark.timeout(2400)]

DAY = "2026-11-01"
RECIPE = "/opt/malmoi/spark_jobs/recipes/demo.toml"
NIGHT_SECONDS = 900
SERVICES = {
    "api-server", "dag-processor", "history-server", "metrics", "migrate", "postgres", "scheduler", "spark-master",
    "spark-worker-1", "spark-worker-2", "triggerer",
}  # fmt: skip
ADDRESSES = ("/api/v2/dags", "/api/v2/connections", "/api/v2/dags/corpus_nightly/dagRuns")


class Night:
    """A run of ``corpus_nightly`` on the embedded sample, triggered through the REST API."""

    def __init__(self, stack: Stack, dag: str = "corpus_nightly", run: str = ""):
        self._stack = stack
        self._rest = stack.rest()
        self._dag = dag
        self.run = run or self._rest.trigger(dag, DAY, {"recipe": "demo"})

    def end(self) -> str:
        """Waits for the end: ``success`` or ``failed``."""
        return wait_for(f"{self._dag} {self.run} ends", self._ended, NIGHT_SECONDS)

    def training(self) -> "Night":
        """The run of ``corpus_train`` that this night's release starts."""
        runs = wait_for("the training starts", lambda: self._rest.started_by(self._dag, self.run), 120)
        return Night(self._stack, *runs[0])

    def tasks(self) -> dict[str, dict[str, Any]]:
        return {task["task_id"]: task for task in self._rest.tasks(self._dag, self.run)}

    def log(self, task: str, attempt: int = 1) -> str:
        folder = f"/var/lib/airflow/logs/dag_id={self._dag}/run_id={self.run}/task_id={task}"
        return self._stack.inside("api-server", "cat", f"{folder}/attempt={attempt}.log")

    def story(self) -> str:
        return "; ".join(f"{name}: {task['state']} ({task['try_number']})" for name, task in self.tasks().items())

    def _ended(self) -> str | None:
        state = self._rest.run(self._dag, self.run)["state"]
        return state if state in ("success", "failed") else None


def released(stack: Stack) -> ReleaseManifest:
    """The manifest of the release that is in force for the day, read from the stack's volume."""
    pointer = json.loads(stack.inside("scheduler", "cat", "/data/lake/releases/current.json"))
    path = f"/data/lake/releases/{pointer['nights'][DAY]}/manifest.json"
    return ReleaseManifest.loads(stack.inside("scheduler", "cat", path).encode())


def again(stack: Stack) -> Night:
    """The same night once more, from the landing files on: nothing of it stands in any table."""
    stack.script("malmoi", "withdraw", DAY)
    return Night(stack)


def in_work(stack: Stack, stage: str) -> Callable[[], bool]:
    """Whether a Spark worker has begun with a unit of the stage: its note lies in the attempt's folder."""
    search = ["find", "/data/lake/attempts", "-path", f"*{stage}*", "-name", "unit-*.at"]
    return lambda: bool(stack.inside("spark-master", *search).strip())


@pytest.fixture(scope="module")
def night(stack, tmp_path_factory) -> Night:
    """A night that nothing disturbed, on the embedded sample."""
    landing = tmp_path_factory.mktemp("sample")
    write(landing)
    stack.script("put", str(landing))
    night = Night(stack)
    assert night.end() == "success", night.story()
    return night


@pytest.fixture(scope="module")
def release(stack, night) -> ReleaseManifest:
    return released(stack)


def test_every_service_is_healthy_unprivileged_bounded_and_on_loopback_only(stack):
    containers = stack.containers()
    assert set(containers) == SERVICES
    assert containers["migrate"]["State"]["ExitCode"] == 0
    for service, one in containers.items():
        host = one["HostConfig"]
        bound = {binding["HostIp"] for bindings in (host["PortBindings"] or {}).values() for binding in bindings}
        assert bound <= {"127.0.0.1"}, service
        assert host["Memory"] > 0 and not host["Privileged"], service
        assert "no-new-privileges:true" in host["SecurityOpt"] and host["CapDrop"] == ["ALL"], service
        assert service == "postgres" or one["Config"]["User"] == "50000:50000", service
        assert service == "migrate" or stack.healthy(service), service


def test_the_passwords_are_new_private_and_asked_for(stack):
    secrets = stack.secrets()
    assert stack.passwords_file.stat().st_mode & 0o077 == 0
    assert len(set(secrets.values())) == len(secrets) and min(map(len, secrets.values())) >= 32
    assert [httpx.get(stack.url + address).status_code for address in ADDRESSES] == [401] * len(ADDRESSES)
    for guess in ("admin", "airflow", "malmoi"):
        login = {"username": "admin", "password": guess}
        assert httpx.post(f"{stack.url}/auth/token", json=login).status_code == 401, guess


def test_the_other_pages_answer_on_this_machine(stack):
    for page, address in stack.pages.items():
        assert httpx.get(address).status_code == 200, page


def test_a_night_started_by_rest_ends_in_a_release(stack, release):
    assert release.batches == (DAY,) and release.shards
    assert release.release in stack.script("malmoi", "releases", "--verify", release.release)
    said = stack.script("malmoi", "report", "--batch", DAY, "--recipe", RECIPE, "--truth", "/data/landing/truth.jsonl")
    assert "nothing planted survives" in said and "DOES NOT HOLD" not in said
    sessions = httpx.get(f"{stack.pages['Spark master']}json/").json()["completedapps"]
    assert (f"malmoi {DAY}", "FINISHED") in [(session["name"], session["state"]) for session in sessions]
    told = httpx.get(stack.pages["metrics"]).text
    assert f'malmoi_release_info{{release="{release.release}",night="{DAY}",recipe="demo"}} 1' in told


def test_the_release_is_trained_on(stack, night, release):
    training = night.training()
    assert training.end() == "success", training.story()
    found = stack.inside("scheduler", "sh", "-c", "cat /data/lake/runs/*/evaluation.json")
    assert release.release in stack.inside("scheduler", "ls", "/data/lake/runs") and "bits_per_byte" in found


def test_a_night_survives_a_killed_spark_worker(stack, release):
    hurt = again(stack)
    wait_for("annotate is at work", in_work(stack, "annotations"), NIGHT_SECONDS)
    stack.kill("spark-worker-2")
    assert hurt.end() == "success", hurt.story()
    stack.start("spark-worker-2")
    lost = "Lost executor" in hurt.log("small_night")
    assert lost, "the killed worker had no part in the night"
    assert released(stack).dumps() == release.dumps()


def test_a_night_survives_a_killed_scheduler(stack, release):
    hurt = again(stack)
    wait_for("annotate is at work", in_work(stack, "annotations"), NIGHT_SECONDS)
    stack.kill("scheduler")
    stack.start("scheduler")
    assert hurt.end() == "success", hurt.story()
    assert hurt.tasks()["small_night"]["try_number"] == 2, hurt.story()
    assert released(stack).dumps() == release.dumps()
