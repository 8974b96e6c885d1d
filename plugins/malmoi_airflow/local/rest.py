"""The few calls of Airflow's REST API that a run needs."""

import time
from typing import Any

import httpx

from malmoi.contracts.errors import InfrastructureError

TRIES = 6
RETRY_SECONDS = 2.0


class Rest:
    """A client of one Airflow. Logs in at the first call, and again when its token has run out."""

    def __init__(self, url: str, user: str, password: str):
        self.url = url
        self._login = {"username": user, "password": password}
        self._client = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def healthy(self) -> bool:
        """Whether the API answers and sees its database, scheduler and DAG processor alive."""
        try:
            health = self._client.get("/api/v2/monitor/health", timeout=5).json()
        except (httpx.HTTPError, ValueError):
            return False
        return all(health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor"))

    def has_dag(self, dag: str) -> bool:
        return self._call("GET", f"/dags/{dag}", missing=None) is not None

    def import_errors(self) -> list[str]:
        """DAG files that do not load: file and the last line of the traceback."""
        errors = self._call("GET", "/importErrors")["import_errors"]
        return [f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}" for error in errors]

    def trigger(self, dag: str, partition_key: str, params: dict[str, Any]) -> str:
        """Queues a run of one partition; its run id."""
        body = {"logical_date": None, "partition_key": partition_key, "conf": params}
        return self._call("POST", f"/dags/{dag}/dagRuns", json=body)["dag_run_id"]

    def run(self, dag: str, run: str) -> dict[str, Any]:
        return self._call("GET", f"/dags/{dag}/dagRuns/{run}")

    def unfinished(self) -> list[tuple[str, str]]:
        """DAG and run id of everything that is queued or running."""
        answer = self._call("GET", "/dags/~/dagRuns", params={"state": ["queued", "running"], "limit": 100})
        return [(run["dag_id"], run["dag_run_id"]) for run in answer["dag_runs"]]

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """All task instances of a run, mapped ones included."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self._call(
                "GET", f"/dags/{dag}/dagRuns/{run}/taskInstances", params={"limit": 100, "offset": len(found)}
            )
            found += answer["task_instances"]
            if not answer["task_instances"] or len(found) >= answer["total_entries"]:
                return found

    def tasks_of_dag(self, dag: str) -> list[str]:
        """Task ids in topological order."""
        return [task["task_id"] for task in self._call("GET", f"/dags/{dag}/tasks")["tasks"]]

    def started_by(self, dag: str, run: str) -> list[tuple[str, str]]:
        """DAG and run id of the runs that this run's assets started; empty until the scheduler made them."""
        events = self._call("GET", "/assets/events", params={"source_dag_id": dag, "source_run_id": run})
        return [
            (made["dag_id"], made["run_id"]) for event in events["asset_events"] for made in event["created_dagruns"]
        ]

    def updated_assets(self, dag: str, run: str) -> int:
        """How many asset events this run has sent."""
        return self._call("GET", "/assets/events", params={"source_dag_id": dag, "source_run_id": run})["total_entries"]

    def fail(self, dag: str, run: str) -> None:
        """Ends a run: its running tasks are stopped, and nothing takes it up again."""
        self._call("PATCH", f"/dags/{dag}/dagRuns/{run}", json={"state": "failed"})

    def close(self) -> None:
        self._client.close()

    def _call(self, method: str, path: str, **request: Any) -> Any:
        request_missing = "missing" in request
        request.pop("missing", None)
        answer = self._answer(method, f"/api/v2{path}", request)
        if answer.status_code == 404 and request_missing:
            return None
        if answer.is_error:
            raise InfrastructureError(f"Airflow at {self.url}: {method} {path}: {answer.status_code} {_detail(answer)}")
        return answer.json()

    def _answer(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        """The answer; calls that are safe to repeat are, while SQLite or a busy server refuses them."""
        tries = 1 if method == "POST" else TRIES
        for left in reversed(range(tries)):
            try:
                answer = self._client.request(method, path, **request)
                if answer.status_code == 401:
                    self._authorise()
                    answer = self._client.request(method, path, **request)
            except httpx.HTTPError as error:
                if not left:
                    raise InfrastructureError(
                        f"Airflow at {self.url} does not answer: {type(error).__name__}"
                    ) from None
            else:
                if answer.status_code < 500 or not left:
                    return answer
            time.sleep(RETRY_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _authorise(self) -> None:
        answer = self._client.post("/auth/token", json=self._login)
        if answer.is_error:
            raise InfrastructureError(f"Airflow at {self.url} refuses the login of {self._login['username']!r}")
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
