"""The recipe: every threshold, source and policy of a run, typed and validated. No number hides in code."""

from malmoi.contracts.recipe.loader import load_recipe, recipe_from_mapping
from malmoi.contracts.recipe.recipe import Recipe

__all__ = ["Recipe", "load_recipe", "recipe_from_mapping"]
