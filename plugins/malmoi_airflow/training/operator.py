"""The hand-off to GPUs as one Airflow task."""

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from airflow.sdk import BaseHook, BaseOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException, TaskDeferralTimeout

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import load_recipe
from malmoi.contracts.release import read_json, sha256_of
from malmoi.contracts.tokens import TokensManifest
from malmoi.contracts.training import ERROR, LOG, TrainingRun
from malmoi_airflow.links import ConsoleLink, JobLink
from malmoi_airflow.training import progress
from malmoi_airflow.training.backends import Backend, State, Status, backend
from malmoi_airflow.training.trigger import TrainingTrigger, Watch


class GpuTrainingOperator(BaseOperator):
    """Trains on a packed release with ``torchrun``, or with your own command, on this machine, Slurm or Kubernetes.

    Purpose: one job for one piece of work, however often Airflow's own processes are restarted. How it works: before
    anything is started, every token file, the tokenizer and the release manifest are compared with their hashes. The job's
    identity is its run folder, named after the release and a hash of what decides the result; the task looks there and in
    the backend's queue first, and re-attaches to a job that runs, returns the result of one that has ended well, and
    starts one otherwise, which resumes from the newest checkpoint. Waiting is done by a trigger, without a worker slot.
    Clearing, failing or timing out the task stops the job. What it does not do: clearing a finished task does not train
    again; raise ``again`` for that. Known limits: the backend ``local`` needs worker and triggerer on one machine; with ``deferrable=False`` a
    worker that is shut down stops its job, which resumes at the retry.

    Returns ``{"run", "release", "folder", "backend", "job", "steps", "tokens", "first_loss", "last_loss",
    "tokens_per_second", "processes", "device", "utilisation"}``.

    :param lake: the lake's folder (templated)
    :param tokens: path of ``tokens.json``, relative to the lake or absolute (templated)
    :param recipe: recipe file; its train section decides (templated)
    :param again: 0 for the first training of this work, higher to train it once more (templated)
    :param overrides: values that replace those of the train section (templated)
    :param conn_id: connection whose extras are the backend's options; may be missing
    :param poll_seconds: time between two looks at the job
    :param deferrable: False holds the worker slot instead of using a trigger
    """

    template_fields = ("lake", "tokens", "recipe", "again", "overrides")
    operator_extra_links = (JobLink(), ConsoleLink())
    ui_color = "#dfe8f5"

    def __init__(
        self,
        *,
        lake: str,
        tokens: Any,
        recipe: Any,
        again: Any = 0,
        overrides: Any = None,
        conn_id: str = "malmoi_training",
        poll_seconds: float = 5.0,
        deferrable: bool = True,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.lake = lake
        self.tokens = tokens
        self.recipe = recipe
        self.again = again
        self.overrides = overrides
        self.conn_id = conn_id
        self.poll_seconds = poll_seconds
        self.deferrable = deferrable
        self.run_key = self.job_url = ""
        self._job: tuple[Backend, TrainingRun] | None = None

    def execute(self, context: Any) -> dict[str, Any]:
        run = self._prepared()
        options = self._options()
        where = backend(run.train.backend, options)
        self._job = (where, run)
        status = where.settle(run)
        if status.state is State.SUCCEEDED:
            self.log.info("%s is trained already; raise `again` to train it once more", run.key)
            return self._finish(run, status)
        if status.state.active:
            self.log.info("found %s for %s, waiting for it", status.job, run.key)
        else:
            status = where.submit(run)
            self.log.info("started %s for %s; run folder %s", status.job, run.key, run.folder)
        self._show(run, status)
        if self.deferrable:
            seen = {name: value for name, value in options.items() if name != "environment"}
            self.defer(
                trigger=TrainingTrigger(str(run.folder), run.train.backend, seen, self.poll_seconds),
                method_name="resume",
            )
        return self._finish(run, self._wait(where, run))

    def resume(self, context: Any, event: dict[str, str]) -> dict[str, Any]:
        """Called when the trigger has seen the job end."""
        status = Status(State(event["state"]), event["job"], event["detail"])
        return self._finish(TrainingRun.load(event["folder"]), status)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any) -> Any:
        """As in Airflow, but a task that runs into its timeout while it waits stops its job."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout:
            run = self._prepared(verify=False)
            backend(run.train.backend, self._options()).stop(run)
            raise

    def on_kill(self) -> None:
        if self._job:
            where, run = self._job
            where.stop(run)

    def _prepared(self, verify: bool = True) -> TrainingRun:
        lake = Lake(self.lake)
        path = self.tokens if str(self.tokens).startswith("/") else lake.join(self.tokens)
        settings = asdict(load_recipe(self.recipe, {"train": self.overrides or {}}).train)
        settings["command"] = list(settings["command"])
        manifest = TokensManifest.load(path)
        if verify:
            self.log.info("comparing hashes of %d token files", len(manifest.files))
            self.log.info("%.1f MiB as they should be", manifest.verify(lake) / 2**20)
        return TrainingRun(
            lake.root, manifest.release, lake.relative(path), sha256_of(path), settings, int(self.again or 0)
        )

    def _options(self) -> dict[str, Any]:
        try:
            return BaseHook.get_connection(self.conn_id).extra_dejson
        except AirflowNotFoundException:
            return {}

    def _show(self, run: TrainingRun, status: Status) -> None:
        """Where the task's link to its job leads."""
        self.run_key = run.key
        self.job_url = str(self._options().get("job_url", ""))
        for name, value in (("job", status.job_id), ("name", run.job_name), ("run", run.key)):
            self.job_url = self.job_url.replace(f"{{{name}}}", quote(value, safe=""))

    def _wait(self, where: Backend, run: TrainingRun) -> Status:
        import time

        watch = Watch(run, where, self.log.info)
        while (status := watch.look()).state.active:
            time.sleep(self.poll_seconds)
        return status

    def _finish(self, run: TrainingRun, status: Status) -> dict[str, Any]:
        self._show(run, status)
        if status.state is State.SUCCEEDED:
            found = {
                "run": run.key,
                "release": run.release,
                "folder": str(run.folder),
                "backend": run.train.backend,
                "job": status.job,
                **progress.summary(run),
            }
            self.log.info("trained: %s", found)
            return found
        raise failure(run, status)


def failure(run: TrainingRun, status: Status) -> Exception:
    """The error behind a job that did not end well. A cancelled job is not started again by itself."""
    if status.state in (State.CANCELLED, State.ABSENT):
        return AirflowFailException(
            f"{status.job or run.key} was cancelled from outside ({status.detail or 'its job is gone'}); clear the task to resume from its last checkpoint"
        )
    if (run.folder / ERROR).is_file():
        said = read_json(run.folder / ERROR, "see the log")
        return (ContractError if said["kind"] == "contract" else InfrastructureError)(said["message"])
    detail = progress.killed_rank(run) or status.detail
    return InfrastructureError(f"{status.job}: {detail}; its log is {run.folder / LOG}")
