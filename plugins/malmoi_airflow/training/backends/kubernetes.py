"""A Kubernetes cluster: one Job of indexed pods, made by the provider's KubernetesJobOperator.

The Job's name stands for the run folder, so the cluster itself refuses a second one for the same work. The lake lies on a
volume that the pods, the worker and the triggerer share.
"""

import shlex
from functools import cached_property
from typing import Any

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.release import short_hash
from malmoi.contracts.training import ERROR, EXIT, LOG, TrainingRun
from malmoi_airflow.training.backends.base import Backend, State, Status, forget_end

_PORT = 29_400
_NOT_FOUND, _CONFLICT = 404, 409


class KubernetesBackend(Backend):
    """Options: ``namespace``, ``kubernetes_conn_id``, ``image`` (the recipe's ``train.image`` comes first), ``claim`` (the
    PersistentVolumeClaim with the lake), ``gpus`` (a pod; 0 on CPU nodes), ``cpus``, ``memory``, ``node_selector``,
    ``tolerations``, ``service_account``, ``python`` (in the image), ``environment``.
    """

    known_options = Backend.known_options | {
        "namespace", "kubernetes_conn_id", "image", "claim", "gpus", "cpus", "memory", "node_selector", "tolerations",
        "service_account", "python",
    }  # fmt: skip

    def find(self, run: TrainingRun) -> Status:
        job = self._read(run)
        if job is None:
            return Status(State.ABSENT)
        name = f"Kubernetes job {job.metadata.name}"
        if job.metadata.deletion_timestamp:
            return Status(State.RUNNING, name, "being deleted")
        for condition in job.status.conditions or []:
            if condition.status == "True" and condition.type == "Complete":
                return Status(State.SUCCEEDED, name)
            if condition.status == "True" and condition.type == "Failed":
                return Status(State.FAILED, name, condition.message or condition.reason or "failed")
        return Status(State.RUNNING if job.status.active else State.PENDING, name)

    def submit(self, run: TrainingRun) -> Status:
        run.save()
        status = self.find(run)
        if status.state.active:
            return status
        if status.state is not State.ABSENT:
            self._delete(run)
        job = self.manifest(run)
        forget_end(run)
        try:
            made = self._jobs.create_namespaced_job(self._namespace, job)
        except self._api_error as error:
            if error.status != _CONFLICT:
                raise self._said(error) from None
            return self.find(run)  # another worker was first
        if run.train.nodes > 1:
            self._make_addressable(run, made)
        return Status(State.PENDING, f"Kubernetes job {job.metadata.name}")

    def cancel(self, run: TrainingRun) -> None:
        if self._read(run) is not None:
            self._delete(run)

    def manifest(self, run: TrainingRun) -> Any:
        """The Job as a ``V1Job``. Raises ContractError without an image."""
        from airflow.providers.cncf.kubernetes.operators.job import KubernetesJobOperator
        from kubernetes.client import models as k8s

        train, options = run.train, self.options
        image = train.image or options.get("image")
        if not image:
            raise ContractError(
                "kubernetes: no image; set train.image in the recipe or image in the training connection"
            )
        gpus = int(options.get("gpus", train.processes_per_node if train.device == "cuda" else 0))
        wanted = {"nvidia.com/gpu": gpus, "cpu": options.get("cpus"), "memory": options.get("memory")}
        limits = {name: str(value) for name, value in wanted.items() if value}
        claim = options.get("claim")
        operator = KubernetesJobOperator(
            task_id="train",
            name=_name(run),
            random_name_suffix=False,
            namespace=self._namespace,
            kubernetes_conn_id=options.get("kubernetes_conn_id", "kubernetes_default"),
            image=image,
            cmds=["bash", "-c"],
            arguments=[self._script(run)],
            env_vars={"PYTHONUNBUFFERED": "1", **run.environment(), **options.get("environment", {})},
            annotations={"malmoi/run": run.key},
            container_resources=k8s.V1ResourceRequirements(limits=limits, requests=limits) if limits else None,
            volumes=[_lake_volume(k8s, claim)] if claim else [],
            volume_mounts=[k8s.V1VolumeMount(name="lake", mount_path=run.lake)] if claim else [],
            node_selector=options.get("node_selector"),
            tolerations=options.get("tolerations"),
            service_account_name=options.get("service_account"),
            subdomain=f"job-{_name(run)}" if train.nodes > 1 else None,
            completion_mode="Indexed",
            completions=train.nodes,
            parallelism=train.nodes,
            backoff_limit=0,
            active_deadline_seconds=train.walltime_minutes * 60,
        )
        return operator.build_job_request_obj(None)

    def _script(self, run: TrainingRun) -> str:
        """The first pod writes the log and the exit code into the run folder, as the other backends do."""
        head = f"job-{_name(run)}-0.job-{_name(run)}"
        rendezvous = ("--rdzv-backend", "c10d", "--rdzv-id", run.key, "--rdzv-endpoint", f"{head}:{_PORT}")
        words = run.command(
            self.options.get("python", "python"), rendezvous if run.train.nodes > 1 else ("--standalone",)
        )
        command = shlex.join(words)
        log, end = shlex.quote(str(run.folder / LOG)), shlex.quote(str(run.folder / EXIT))
        return (
            f'if [ "$JOB_COMPLETION_INDEX" != 0 ]; then exec {command}; fi\n'
            f"rm -f {end} {shlex.quote(str(run.folder / ERROR))}\n"
            f"set -o pipefail; {command} 2>&1 | tee -a {log}; code=$?\n"
            f'printf \'{{"code": %d, "reason": "ended"}}\\n\' "$code" > {end}\n'
            'exit "$code"'
        )

    def _make_addressable(self, run: TrainingRun, job: Any) -> None:
        """A headless service gives the pods names; it goes when the Job goes."""
        from kubernetes.client import models as k8s

        name = job.metadata.name
        owner = k8s.V1OwnerReference(api_version="batch/v1", kind="Job", name=name, uid=job.metadata.uid)
        service = k8s.V1Service(
            metadata=k8s.V1ObjectMeta(name=name, owner_references=[owner]),
            spec=k8s.V1ServiceSpec(cluster_ip="None", selector={"job-name": name}, publish_not_ready_addresses=True),
        )
        try:
            self._hook.core_v1_client.create_namespaced_service(self._namespace, service)
        except self._api_error as error:
            if error.status != _CONFLICT:
                raise self._said(error) from None

    @property
    def _namespace(self) -> str:
        return self.options.get("namespace", "default")

    @cached_property
    def _hook(self) -> Any:
        from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook

        return KubernetesHook(conn_id=self.options.get("kubernetes_conn_id", "kubernetes_default"))

    @property
    def _jobs(self) -> Any:
        return self._hook.batch_v1_client

    @cached_property
    def _api_error(self) -> Any:
        from kubernetes.client.exceptions import ApiException

        return ApiException

    def _read(self, run: TrainingRun) -> Any:
        try:
            return self._jobs.read_namespaced_job(f"job-{_name(run)}", self._namespace)
        except self._api_error as error:
            if error.status == _NOT_FOUND:
                return None
            raise self._said(error) from None
        except OSError as error:
            raise InfrastructureError(f"kubernetes: no answer: {error}") from None

    def _delete(self, run: TrainingRun) -> None:
        try:
            self._jobs.delete_namespaced_job(f"job-{_name(run)}", self._namespace, propagation_policy="Foreground")
        except self._api_error as error:
            if error.status != _NOT_FOUND:
                raise self._said(error) from None

    def _said(self, error: Any) -> InfrastructureError:
        return InfrastructureError(f"kubernetes: {error.status} {error.reason} in namespace {self._namespace}")


def _name(run: TrainingRun) -> str:
    """A name that Kubernetes takes, whatever the release is called; the provider puts ``job-`` before it."""
    return f"malmoi-{short_hash(run.job_name)}"


def _lake_volume(k8s: Any, claim: str) -> Any:
    source = k8s.V1PersistentVolumeClaimVolumeSource(claim_name=claim)
    return k8s.V1Volume(name="lake", persistent_volume_claim=source)
