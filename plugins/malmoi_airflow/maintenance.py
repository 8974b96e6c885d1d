"""What the tasks of the maintenance DAG do: commands of `malmoi`, each in a process of its own."""

from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from malmoi.contracts.endings import MOVED_PREFIX
from malmoi_airflow import config, process
from malmoi_airflow.alerts import Alert


def compact(params: dict[str, Any]) -> None:
    """Joins small files of old nights. Skipped in a dry run."""
    if params["dry_run"]:
        raise AirflowSkipException("dry run: nothing is compacted")
    process.run(_command("compact", params))


def maintain(params: dict[str, Any]) -> None:
    """Removes what retention no longer keeps, expired snapshots, and files that nothing names; lists them in a dry run."""
    command = [*_command("maintain", params), "--landing", config.landing_root()]
    process.run(command if params["dry_run"] else [*command, "--execute"])


def drift(params: dict[str, Any], context: Any) -> None:
    """Prints the drift report into the task log; alerts with the lines of what moved, where something did."""
    lines = process.run([*_command("drift", params), "--nights", str(params["nights"])])
    moved = [line.removeprefix(MOVED_PREFIX).strip() for line in lines if line.startswith(MOVED_PREFIX)]
    if moved:
        Alert("drift", f"the corpus drifts: {'; '.join(moved)}")(context)


def _command(name: str, params: dict[str, Any]) -> list[str]:
    recipe = str(config.recipe_path(params["recipe"]))
    return ["-m", "malmoi.cli", name, "--lake", config.lake_root(), "--recipe", recipe]
