"""The one plugin file of Malmoi: the corpus console inside the Airflow UI.

A page in the navigation, a tab and a note on every run. Airflow executes each file of this folder as a module of its own name, so
the console itself lies in the package ``malmoi_airflow``, which ``.airflowignore`` leaves alone. Every Airflow process and
every task loads this file, so the console is imported at its first request and by nobody else.
"""

from typing import Any

from airflow.plugins_manager import AirflowPlugin

from malmoi_airflow import notes


class _Console:
    """An ASGI app that becomes the console when it is first asked for something."""

    def __init__(self) -> None:
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self._app is None:
            from malmoi_airflow.console.app import create_app

            self._app = create_app()
        await self._app(scope, receive, send)


class MalmoiPlugin(AirflowPlugin):
    """Mounts the console at ``/malmoi``."""

    name = "malmoi"
    fastapi_apps = [{"app": _Console(), "url_prefix": "/malmoi", "name": "Malmoi console"}]
    external_views = [
        {"name": "Malmoi", "href": "malmoi/nights", "destination": "nav", "url_route": "malmoi", "category": "browse"},
        {"name": "Corpus", "href": "malmoi/run/{DAG_ID}/{RUN_ID}", "destination": "dag_run", "url_route": "malmoi_run"},
    ]
    listeners = [notes]
