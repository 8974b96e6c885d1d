"""The Kubernetes backend: the rendered Job, and its talk with an API server.

No cluster is at hand in the tests: a small HTTP server keeps Jobs in memory and answers as the API server does (201, 404,
409). What pods do is not tested.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from kubernetes.client import ApiClient
from tests.plugins.training.jobs import STEPS, task

from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi_airflow.training.backends import State
from malmoi_airflow.training.backends.kubernetes import KubernetesBackend

OPTIONS = {"namespace": "corpus", "image": "registry.example.kr/malmoi:1", "claim": "lake", "memory": "64Gi"}


class Server(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, dict] = {}
        self.created: list[str] = []


class Handler(BaseHTTPRequestHandler):
    def answer(self, code: int, body: dict) -> None:
        content = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        place = f"{self.path}/{body['metadata']['name']}"
        if place in self.server.objects:
            self.answer(409, {"kind": "Status", "reason": "AlreadyExists"})
            return
        body["metadata"]["uid"] = "00000000-0000-4000-8000-000000000001"
        self.server.objects[place] = {**body, "status": {}}
        self.server.created.append(place)
        self.answer(201, self.server.objects[place])

    def do_GET(self):
        found = self.server.objects.get(self.path)
        self.answer(200 if found else 404, found or {"kind": "Status", "reason": "NotFound"})

    def do_DELETE(self):
        place = self.path.split("?")[0]
        self.answer(200 if self.server.objects.pop(place, None) else 404, {"kind": "Status"})

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "users": [{"name": "test", "user": {}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    extra = {"kube_config_path": str(path)}
    monkeypatch.setenv(
        "AIRFLOW_CONN_KUBERNETES_DEFAULT", json.dumps({"conn_type": "kubernetes", "extra": json.dumps(extra)})
    )
    yield server
    server.shutdown()
    server.server_close()


def run_with(packed, tmp_path, **train):
    return task(packed, tmp_path, STEPS, train={"backend": "kubernetes", **train})._prepared(verify=False)


def test_the_rendered_job(server, packed, tmp_path):
    run = run_with(packed, tmp_path, command=[], nodes=2, processes_per_node=8, device="cuda", walltime_minutes=30)
    backend = KubernetesBackend({**OPTIONS, "environment": {"NCCL_DEBUG": "WARN"}})
    job = ApiClient().sanitize_for_serialization(backend.manifest(run))
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    assert job["metadata"]["namespace"] == "corpus" and job["metadata"]["name"].startswith("job-malmoi-")
    assert (spec["completions"], spec["parallelism"], spec["completionMode"]) == (2, 2, "Indexed")
    assert (spec["backoffLimit"], spec["activeDeadlineSeconds"]) == (0, 1_800)
    container = pod["containers"][0]
    assert container["image"] == OPTIONS["image"]
    assert container["resources"]["limits"] == {"nvidia.com/gpu": "8", "memory": "64Gi"}
    assert container["volumeMounts"] == [{"name": "lake", "mountPath": run.lake}]
    assert pod["volumes"] == [{"name": "lake", "persistentVolumeClaim": {"claimName": "lake"}}]
    environment = {entry["name"]: entry.get("value") for entry in container["env"]}
    assert environment["MALMOI_RUN"] == str(run.folder) and environment["NCCL_DEBUG"] == "WARN"
    name = job["metadata"]["name"]
    assert pod["subdomain"] == name
    assert f"--rdzv-endpoint {name}-0.{name}:29400 --nnodes 2 --nproc-per-node 8" in container["args"][0]
    assert pod["restartPolicy"] == "Never"


def test_without_an_image(server, packed, tmp_path):
    with pytest.raises(ContractError, match="kubernetes: no image; set train.image"):
        KubernetesBackend({}).manifest(run_with(packed, tmp_path))


def test_one_job_for_one_piece_of_work(server, packed, tmp_path):
    run, backend = run_with(packed, tmp_path), KubernetesBackend(OPTIONS)
    assert backend.find(run).state is State.ABSENT
    first = backend.submit(run)
    second = KubernetesBackend(OPTIONS).submit(run)
    assert first.job == second.job and len(server.created) == 1


def test_a_conflict_leads_to_the_job_that_is_there(server, packed, tmp_path, monkeypatch):
    from malmoi_airflow.training.backends import Status

    run, backend = run_with(packed, tmp_path), KubernetesBackend(OPTIONS)
    backend.submit(run)
    honest, answers = backend.find, iter([Status(State.ABSENT)])
    monkeypatch.setattr(backend, "find", lambda run: next(answers, None) or honest(run))
    assert backend.submit(run).state is State.PENDING
    assert len(server.created) == 1


def test_several_nodes_find_each_other_by_name(server, packed, tmp_path):
    run = run_with(packed, tmp_path, nodes=2)
    KubernetesBackend(OPTIONS).submit(run)
    (service,) = [thing for place, thing in server.objects.items() if "/services/" in place]
    assert service["spec"]["clusterIP"] == "None"
    assert service["metadata"]["ownerReferences"][0]["kind"] == "Job"


@pytest.mark.parametrize(
    "status, state",
    [
        ({}, State.PENDING),
        ({"active": 1}, State.RUNNING),
        ({"conditions": [{"type": "Complete", "status": "True"}]}, State.SUCCEEDED),
        ({"conditions": [{"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]}, State.FAILED),
    ],
)
def test_states(server, packed, tmp_path, status, state):
    run, backend = run_with(packed, tmp_path), KubernetesBackend(OPTIONS)
    backend.submit(run)
    next(iter(server.objects.values()))["status"] = status
    found = backend.find(run)
    assert found.state is state
    if state is State.FAILED:
        assert found.detail == "DeadlineExceeded"
        assert backend.submit(run).state is State.PENDING and len(server.created) == 2


def test_cancel_deletes_the_job_and_nothing_else_happens_without_one(server, packed, tmp_path):
    run, backend = run_with(packed, tmp_path), KubernetesBackend(OPTIONS)
    backend.cancel(run)
    backend.submit(run)
    backend.cancel(run)
    assert backend.find(run).state is State.ABSENT


def test_a_cluster_that_refuses(server, packed, tmp_path, monkeypatch):
    monkeypatch.setattr(Handler, "do_GET", lambda self: self.answer(403, {"kind": "Status", "reason": "Forbidden"}))
    with pytest.raises(InfrastructureError, match="kubernetes: 403 Forbidden in namespace corpus"):
        KubernetesBackend(OPTIONS).find(run_with(packed, tmp_path))
