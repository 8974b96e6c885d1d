"""Secrets are private and stay; the environment shuts other Airflows and Sparks out."""

import stat
from pathlib import Path

import pytest

from malmoi.contracts.errors import InfrastructureError
from malmoi_airflow.local import home as module
from malmoi_airflow.local.home import Home, Lock, environment


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_secrets_are_made_once_and_are_private(home: Home):
    before = home.secrets(), home.password()
    home.create()
    assert (home.secrets(), home.password()) == before
    assert len(set(home.secrets().values())) == 4
    for path in (home.root / "secrets.json", home.passwords):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_homes_share_no_secret(home: Home, tmp_path: Path):
    other = Home(tmp_path / "other")
    other.create()
    assert not set(home.secrets().values()) & set(other.secrets().values())
    assert home.password() != other.password()


def test_the_viewer_has_a_password_of_its_own(home: Home):
    assert home.password("viewer") and home.password("viewer") != home.password("admin")
    users = environment(home, 8123, scheduled=True)["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"]
    assert users == "admin:admin,viewer:viewer"


def test_everything_listens_on_loopback(home: Home):
    env = environment(home, 8123, scheduled=False)
    assert env["AIRFLOW__API__HOST"] == env["SPARK_LOCAL_IP"] == "127.0.0.1"
    assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"


def test_settings_of_another_airflow_or_spark_do_not_count(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://elsewhere/airflow")
    monkeypatch.setenv("AIRFLOW__LOGGING__REMOTE_LOGGING", "True")
    monkeypatch.setenv("SPARK_HOME", "/opt/other-spark")
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", '{"conn_type": "spark", "host": "spark://master:7077"}')
    env = environment(home, 8123, scheduled=False)
    assert env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{home.airflow / 'airflow.db'}"
    assert "AIRFLOW__LOGGING__REMOTE_LOGGING" not in env and "SPARK_HOME" not in env
    assert "spark://master:7077" in env["AIRFLOW_CONN_SPARK_DEFAULT"]


def test_a_single_run_lets_no_cron_fire(home: Home):
    setting = "AIRFLOW__SCHEDULER__MAX_DAGRUNS_TO_CREATE_PER_LOOP"
    assert environment(home, 8123, scheduled=False)[setting] == "0"
    assert environment(home, 8123, scheduled=True)[setting] != "0"


def test_no_java_is_one_line(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "find_java", lambda: None)
    with pytest.raises(InfrastructureError, match="no Java 17 or newer: run `make setup`"):
        environment(home, 8123, scheduled=False)


def test_the_lock_is_held_by_one(home: Home):
    first, second = Lock(home), Lock(home)
    assert first.taken()
    assert not second.taken()
    del first
    assert second.taken()
