"""What one machine keeps under ``.malmoi/``, its secrets, and the environment of every Airflow process."""

import base64
import fcntl
import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from malmoi.contracts.errors import InfrastructureError
from malmoi_airflow import config
from malmoi_airflow.local import jvm
from malmoi_airflow.local.java import find_java

USER = "admin"
VIEWER = "viewer"
USERS = {USER: "admin", VIEWER: "viewer"}
"""Login -> role in Airflow. The viewer is there to see what a viewer sees: everything masked, nothing to start."""


@dataclass(frozen=True)
class Home:
    """The folder of one machine's Airflow, lake and landing. Everything in it can be removed with `make clean`."""

    root: Path

    @property
    def airflow(self) -> Path:
        return self.root / "airflow"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def sample(self) -> Path:
        """The embedded sample as it was written, with its truth file."""
        return self.root / "sample"

    @property
    def spark(self) -> Path:
        """Spark's scratch space."""
        return self.root / "spark"

    @property
    def passwords(self) -> Path:
        return self.airflow / "passwords.json"

    @property
    def serving(self) -> Path:
        """There while `make ui` is up: the port that it answers on."""
        return self.airflow / "serving.json"

    def create(self) -> None:
        """Makes the folders, the secrets and the password; what exists stays."""
        for folder in (self.airflow / "logs" / "services", self.lake, self.landing, self.spark):
            folder.mkdir(parents=True, exist_ok=True)
        jvm.CONF.mkdir(parents=True, exist_ok=True)
        if not self._secrets_file.exists():
            write_private(self._secrets_file, json.dumps(_new_secrets()))
        if not self.passwords.exists():
            write_private(self.passwords, json.dumps({user: secrets.token_urlsafe(12) for user in USERS}))

    def password(self, user: str = USER) -> str:
        """Raises KeyError for a user that a home made by an older version has no password for until Airflow starts."""
        return json.loads(self.passwords.read_text())[user]

    def secrets(self) -> dict[str, str]:
        """``jwt``, ``fernet``, ``api`` and ``hash``: made once, readable by the owner only."""
        return json.loads(self._secrets_file.read_text())

    @property
    def _secrets_file(self) -> Path:
        return self.root / "secrets.json"


def default_home() -> Home:
    """``MALMOI_HOME``, or ``.malmoi`` in the project."""
    return Home(Path(os.environ.get("MALMOI_HOME") or config.PROJECT / ".malmoi").resolve())


def environment(home: Home, port: int, *, scheduled: bool) -> dict[str, str]:
    """The environment of the Airflow processes, and of the tasks and Spark drivers that they start.

    ``scheduled`` lets the cron schedules fire; a single run wants none. Settings of another Airflow or Spark on this
    machine are dropped, save connections (``AIRFLOW_CONN_*``). Raises InfrastructureError when there is no Java.
    """
    java = find_java()
    if java is None:
        raise InfrastructureError("no Java 17 or newer: run `make setup`, or set JAVA_HOME to one")
    inherited = {key: value for key, value in os.environ.items() if not _foreign(key)}
    bin_folder = str(Path(sys.executable).parent)
    made = home.secrets()
    return {
        "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps({"conn_type": "spark", "host": "local[*]"}),
        "MALMOI_SECRET": made["hash"],
        **inherited,
        **{f"AIRFLOW__{key}": value for key, value in _airflow_settings(home, port, scheduled, made).items()},
        "AIRFLOW_HOME": str(home.airflow),
        "JAVA_HOME": str(java),
        "MALMOI_HOME": str(home.root),
        "MALMOI_LAKE": str(home.lake),
        "MALMOI_LANDING": str(home.landing),
        "NO_COLOR": "1",
        "PATH": f"{bin_folder}:{java / 'bin'}:{os.environ.get('PATH', os.defpath)}",
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": f"{config.SPARK_JOBS}:{config.PROJECT / 'plugins'}",
        "SPARK_CONF_DIR": str(jvm.CONF),
        "SPARK_LOCAL_DIRS": str(home.spark),
        "SPARK_LOCAL_IP": "127.0.0.1",
        jvm.VARIABLE: jvm.options(),
        "VIRTUAL_ENV": str(Path(sys.prefix)),
    }


def _airflow_settings(home: Home, port: int, scheduled: bool, made: dict[str, str]) -> dict[str, str]:
    return {
        "API__BASE_URL": f"http://127.0.0.1:{port}",
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__SECRET_KEY": made["api"],
        "API__WORKERS": "1",
        "API_AUTH__JWT_SECRET": made["jwt"],
        "CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "CORE__DAGS_FOLDER": os.environ.get("MALMOI_DAGS") or str(config.PROJECT / "dags"),
        "CORE__DEFAULT_TIMEZONE": config.TIMEZONE,
        "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__FERNET_KEY": made["fernet"],
        "CORE__LOAD_EXAMPLES": "False",
        # The executor forks this many workers at its start. Each Spark task is a driver that takes all cores.
        "CORE__PARALLELISM": "2",
        "CORE__PLUGINS_FOLDER": str(config.PROJECT / "plugins"),
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home.passwords),
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
        "DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.airflow / 'airflow.db'}",
        "LOGGING__BASE_LOG_FOLDER": str(home.airflow / "logs"),
        "LOGGING__COLORED_CONSOLE_LOG": "False",
        # 0: no cron fires. Runs that a partitioned asset starts are not counted, and still come.
        "SCHEDULER__MAX_DAGRUNS_TO_CREATE_PER_LOOP": "10" if scheduled else "0",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        # Without it, clearing a task that succeeded would find its old state and do nothing.
        "STATE_STORE__CLEAR_ON_SUCCESS": "True",
    }


def write_private(path: Path, text: str) -> None:
    """Writes ``text`` to a new file that only its owner can read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")


class Lock:
    """Held by the process whose Airflow uses a home; ends with the process, however that ends."""

    def __init__(self, home: Home):
        self._path = home.airflow / "lock"
        self._file: TextIO | None = None

    def taken(self) -> bool:
        """Tries to take the lock. False: another process has it."""
        file = open(self._path, "a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True


def _foreign(variable: str) -> bool:
    return variable.startswith("AIRFLOW__") or variable in ("SPARK_HOME", "SPARK_CONF_DIR", "PYTHONHOME")


def _new_secrets() -> dict[str, str]:
    return {
        "jwt": secrets.token_urlsafe(64),
        "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "api": secrets.token_urlsafe(32),
        "hash": secrets.token_urlsafe(32),
    }
