"""A site on loopback, and ``malmoi fetch`` as a process of its own: Scrapy's reactor cannot be started twice. Most runs are
forks of this process, which has Scrapy loaded; those that are killed begin from the start."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fetch import server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def web():
    """The module ``server.py``."""
    return server


@pytest.fixture
def site():
    site = server.Site()
    yield site
    site.close()


SETTINGS = {"delay_seconds": 0.01, "page_seconds": 1.5, "max_page_mib": 1, "retries": 1, "private_hosts": True}


class Fetcher:
    """Runs ``malmoi fetch`` over one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.landing = folder / "landing"

    def command(
        self, sources: dict[str, dict], day: str = "2026-11-02", ingest: dict | None = None, **settings
    ) -> list[str]:
        recipe = self.folder / "recipe.toml"
        lines = [
            'name = "fetch"',
            "[ingest]",
            f"site_rules = {json.dumps(str(ROOT / 'spark_jobs/recipes/sites.toml'))}",
        ]
        lines += [f"{key} = {json.dumps(value)}" for key, value in (ingest or {}).items()]
        lines += ["[fetch]", *(f"{key} = {json.dumps(value)}" for key, value in {**SETTINGS, **settings}.items())]
        for name, values in sources.items():
            lines += [f"[sources.{name}]", 'type = "warc"', f"[fetch.source.{name}]"]
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        recipe.write_text("\n".join(lines), "utf-8")
        return [
            sys.executable,
            "-m",
            "malmoi.cli",
            "fetch",
            "--recipe",
            str(recipe),
            "--landing",
            str(self.landing),
            "--day",
            day,
        ]

    def start(self, sources: dict[str, dict], env: dict[str, str] | None = None, **options) -> subprocess.Popen:
        given = {**os.environ, "PYTHONPATH": str(ROOT / "spark_jobs"), **(env or {})}
        return subprocess.Popen(
            self.command(sources, **options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=given
        )

    def __call__(self, sources: dict[str, dict], code: int = 0, **options) -> dict:
        """The summary of a run that must end with ``code``; ``{"said"}`` holds standard error where it fails."""
        env = options.pop("env", {})
        arguments = self.command(sources, **options)[3:]
        out_path, err_path = self.folder / "out", self.folder / "err"
        child = os.fork()
        if child == 0:
            os.environ.update(env)
            _become(arguments, out_path, err_path)
        _, status = os.waitpid(child, 0)
        out, err = out_path.read_text("utf-8"), err_path.read_text("utf-8")
        assert os.waitstatus_to_exitcode(status) == code, err[-3000:]
        result = [line for line in out.splitlines() if line.startswith("RESULT ")]
        return {**(json.loads(result[0].removeprefix("RESULT ")) if result else {}), "said": err}

    def urls(self, name: str, *addresses: str) -> dict[str, list[str]]:
        """A source that asks for these addresses."""
        (self.folder / f"{name}.txt").write_text("\n".join(addresses), "utf-8")
        return {"url_lists": [f"{name}.txt"]}

    def documents(self, source: str = "web", day: str = "2026-11-02") -> list:
        """What ingest makes of the landing files."""
        from malmoi.contracts.landing import landing_files
        from malmoi.contracts.recipe import load_recipe
        from malmoi.stages.ingest import ingest

        recipe = load_recipe(self.folder / "recipe.toml")
        files = landing_files(str(self.landing), source, recipe.sources[source], day)
        paths = [str(self.landing / name) for name in files]
        secret = b"a secret for tests"
        return list(ingest(paths, str(self.landing), day, source, recipe.sources[source], recipe, secret))


def _become(arguments: list[str], out: Path, err: Path) -> None:
    """The rest of this process is the command."""
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    logging.getLogger().handlers.clear()
    code = 1
    try:
        from malmoi.cli import main

        code = main(arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@pytest.fixture(scope="session")
def scrapy():
    """Loads what a run needs, but for the reactor, which every run makes for itself."""
    import scrapy.crawler

    import malmoi.fetch.spider  # noqa: F401

    assert "twisted.internet.reactor" not in sys.modules
    return scrapy


@pytest.fixture
def fetch(tmp_path, scrapy):
    return Fetcher(tmp_path)
