"""The recipe's section on evaluation sets that must not be in the corpus."""

from dataclasses import dataclass
from pathlib import Path

from malmoi.contracts.recipe.fields import number, words


@dataclass(frozen=True)
class Decontamination:
    """Overlap with evaluation sets. A text overlaps where a window of it stands in a set as well."""

    sets: tuple[str, ...] = words(
        help="files beside the recipe: .txt (a text a line) or .jsonl (every string of every line); workers read them"
    )
    eojeol: int = number(13, low=4, high=100, help="eojeol of a window, as they are spaced")
    chars: int = number(50, low=20, high=1000, help="letters and digits of a window, whatever the spacing")
    max_cut_share: float = number(
        0.2,
        low=0,
        high=1,
        help="share of a document's letters and digits up to which overlapping sentences are cut; above it is dropped",
    )

    def paths(self, recipe_path: str) -> tuple[str, ...]:
        """The files of the sets."""
        return tuple(str(Path(recipe_path).parent / name) for name in self.sets)
