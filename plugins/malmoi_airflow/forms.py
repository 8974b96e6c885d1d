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


def recipe_or_draft(description: str) -> Param:
    """A recipe, or ``drafts/NAME`` for one that the console saved. Drafts come and go, so they are no closed list."""
    return Param(
        "nightly",
        type="string",
        pattern=r"^(drafts/)?[0-9A-Za-z가-힣][0-9A-Za-z가-힣._~+-]*$",
        examples=config.recipe_names(),
        title="Recipe",
        description=description,
    )
