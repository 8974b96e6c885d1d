"""Fields that the forms of several DAGs share."""

from airflow.sdk import Param

from malmoi_airflow import config


def day(description: str, title: str = "Day") -> Param:
    """A date, YYYY-MM-DD, that may be left empty."""
    return Param(None, type=["null", "string"], format="date", title=title, description=description)


def sources(description: str) -> Param:
    """Names of sources in the recipe, one a line."""
    return Param([], type="array", items={"type": "string"}, title="Sources", description=description)


def recipe(description: str) -> Param:
    """One of the recipes that lie in ``spark_jobs/recipes/``."""
    return Param("nightly", type="string", enum=config.recipe_names(), title="Recipe", description=description)
