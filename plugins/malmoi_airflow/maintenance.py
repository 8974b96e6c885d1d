"""What the tasks of the maintenance DAG do: commands of `malmoi`, each in a process of its own."""

from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from malmoi_airflow import config, process


def compact(params: dict[str, Any]) -> None:
    """Joins small files of old nights. Skipped in a dry run."""
    if params["dry_run"]:
        raise AirflowSkipException("dry run: nothing is compacted")
    process.run(_command("compact", params))


def maintain(params: dict[str, Any]) -> None:
    """Removes what retention no longer keeps, expired snapshots, and files that nothing names; lists them in a dry run."""
    command = [*_command("maintain", params), "--landing", config.landing_root()]
    process.run(command if params["dry_run"] else [*command, "--execute"])


def drift(params: dict[str, Any]) -> None:
    """Prints the drift report into the task log."""
    process.run([*_command("drift", params), "--nights", str(params["nights"])])


def _command(name: str, params: dict[str, Any]) -> list[str]:
    recipe = str(config.recipe_path(params["recipe"]))
    return ["-m", "malmoi.cli", name, "--lake", config.lake_root(), "--recipe", recipe]
