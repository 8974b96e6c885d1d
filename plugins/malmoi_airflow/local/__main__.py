"""``python -m malmoi_airflow.local``: one night from the shell, or Airflow with its UI. Called by the Makefile."""

import argparse
import signal
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from malmoi.contracts.endings import ending
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.recipe import load_recipe
from malmoi_airflow import config
from malmoi_airflow.local import landing
from malmoi_airflow.local.home import USERS, Home, default_home, environment
from malmoi_airflow.local.night import Night
from malmoi_airflow.local.progress import Progress, seconds
from malmoi_airflow.local.services import Services, free_port, running

UI_PORT = 8080
DAGS = ["corpus_nightly", "corpus_train"]
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 a run or the check against the truth failed, 3 bad input, 4 infrastructure, 130 stopped."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = default_home()
    try:
        with ending() as end:
            return options.command(home, options)
    except KeyboardInterrupt:
        print("stopped; nothing is left running", file=sys.stderr)
        return INTERRUPTED
    return end.code


def run(home: Home, options: argparse.Namespace) -> int:
    """One night: landing, ``corpus_nightly``, the ``corpus_train`` that its release starts, the report."""
    began = time.monotonic()
    recipe = _checked_recipe(options.recipe)
    home.create()
    landed = landing.prepare(home, options.input, options.day)
    progress = Progress(Console())
    progress.say(f"day {landed.day}: {landed.files} files, {landed.bytes / 1e6:,.1f} MB from {landed.what}")
    elsewhere = running(home)
    if elsewhere is not None:
        progress.say(f"using the Airflow of `make ui` at {elsewhere.url}")
        went_well = Night(elsewhere, home, progress, lambda: None).follow(landed.day, recipe)
    else:
        with Services(home, free_port(UI_PORT), scheduled=False) as services:
            progress.say(f"starting Airflow at {services.rest.url}")
            services.wait_ready(DAGS, lambda passed: None)
            progress.say("Airflow is ready")
            night = Night(services.rest, home, progress, services.check)
            night.end_leftovers()
            went_well = night.follow(landed.day, recipe)
            if options.keep_going:
                _stay(progress, home, services)
    told = _report(home, recipe, landed)
    progress.say(f"done in {seconds(time.monotonic() - began)}")
    return 0 if went_well and told else 1


def ui(home: Home, options: argparse.Namespace) -> int:
    """Airflow with its UI until it is stopped. The embedded sample lies in the landing folder, unless that holds files of
    the user's own."""
    home.create()
    if landing.own_files(home):
        said = f"files of your own lie in {home.landing}: trigger corpus_nightly for their days"
    else:
        day = landing.prepare(home, None, None).day
        said = f"the embedded sample is in place: trigger corpus_nightly for {day}, or type `make run`"
    port = free_port(options.port)
    if port != options.port:
        raise InfrastructureError(f"port {options.port} is in use: stop what listens there, or `make ui PORT={port}`")
    progress = Progress(Console())
    with Services(home, port, scheduled=True) as services:
        progress.say("starting Airflow")
        services.wait_ready(DAGS, lambda passed: None)
        progress.say(said)
        _stay(progress, home, services)
    return 0


def _stay(progress: Progress, home: Home, services: Services) -> None:
    for user in USERS:
        progress.say(f"{services.rest.url}   user {user}   password {home.password(user)}")
    progress.say("Ctrl-C stops")
    while True:
        services.check()
        time.sleep(1)


def _report(home: Home, recipe: str, landed: landing.Landed) -> bool:
    """Prints the funnel, and the truth check where there is a truth. False when something planted came through."""
    command = [sys.executable, "-m", "malmoi.cli", "report", "--batch", landed.day]
    command += ["--recipe", str(config.recipe_path(recipe))]
    if landed.truth is not None:
        command += ["--truth", str(landed.truth)]
    return subprocess.run(command, env=environment(home, UI_PORT, scheduled=False)).returncode == 0


def _checked_recipe(name: str) -> str:
    """The name, when its recipe can be loaded: a typing error in it is no reason to start Airflow."""
    if name not in config.recipe_names():
        raise ContractError(f"RECIPE {name!r}: no such recipe; there are {', '.join(config.recipe_names())}")
    load_recipe(config.recipe_path(name))
    return name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m malmoi_airflow.local", description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("run", help=run.__doc__)
    one.add_argument("--input", type=Path, help="WARC, JSON Lines or HTML files; default: the embedded sample")
    one.add_argument("--day", help="YYYY-MM-DD; default: today in Korea, 2026-11-01 for the embedded sample")
    one.add_argument("--recipe", default="demo", help="a file in spark_jobs/recipes/, without .toml")
    one.add_argument("--keep-going", action="store_true", help="leave Airflow up after the run, until Ctrl-C")
    one.set_defaults(command=run)
    up = commands.add_parser("ui", help=ui.__doc__)
    up.add_argument("--port", type=int, default=UI_PORT)
    up.set_defaults(command=ui)
    return parser


if __name__ == "__main__":
    sys.exit(main())
