"""Where a training job runs, by the name that a recipe uses."""

from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi_airflow.training.backends.base import Backend, State, Status


def backend(name: str, options: dict[str, Any]) -> Backend:
    """The backend of this name. ``options`` are the extras of the training connection. Raises ContractError."""
    if name == "local":
        from malmoi_airflow.training.backends.local import LocalBackend

        return LocalBackend(options)
    if name == "slurm":
        from malmoi_airflow.training.backends.slurm import SlurmBackend

        return SlurmBackend(options)
    if name == "kubernetes":
        from malmoi_airflow.training.backends.kubernetes import KubernetesBackend

        return KubernetesBackend(options)
    raise ContractError(f"no training backend {name!r}; there are local, slurm and kubernetes")


__all__ = ["Backend", "State", "Status", "backend"]
