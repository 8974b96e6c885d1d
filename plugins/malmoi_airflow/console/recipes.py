"""Which recipes there are, and which one made a night."""

from collections.abc import Collection, Sequence

from malmoi.contracts.errors import InputError
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe, load_recipe
from malmoi_airflow import config, drafts


def names_of(lake: Lake) -> list[str]:
    """Recipes and drafts, as a form takes them."""
    return [*config.recipe_names(), *drafts.names(lake)]


def load(recipe: str, names: Collection[str]) -> Recipe:
    """Raises InputError for a name that is not among ``names``, RecipeError for a recipe that is wrong."""
    if recipe not in names:
        raise InputError(f"no recipe {recipe[:60]}; there are {', '.join(names)}")
    return load_recipe(config.recipe_path(recipe))


def recipe_of(manifests: Sequence[StageManifest], names: Sequence[str]) -> str:
    """The recipe that made these partitions of a night, by its hash; the first that knows their sources where none has it.

    Raises InputError where no recipe knows them.
    """
    sources = {manifest.source for manifest in manifests}
    fitting = {name: recipe for name in names if sources <= set((recipe := load(name, names)).sources)}
    if not fitting:
        raise InputError(f"no recipe knows the sources {', '.join(sorted(sources))}")
    hashes = {manifest.recipe_hash for manifest in manifests}
    return next((name for name, recipe in fitting.items() if recipe.hash() in hashes), next(iter(fitting)))
