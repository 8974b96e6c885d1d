"""The profanity classifier: fastText on jamo n-grams, for what no word shows.

Its input is the skeleton of the text without padding, so a syllable is two to four letters and an n-gram of six spans
about two syllables; look-alikes, full-width and zero-width forms are gone before it sees them.
"""

from functools import cache
from importlib.resources import files

from malmoi.text.profanity.alphabet import NEWLINE, PAD, SPACE

MODEL = "data/toxicity.ftz"
MAX_INPUT = 2_000
"""Letters of the skeleton that are read of one passage."""
_LINE_ENDS = bytes.maketrans(NEWLINE.encode(), SPACE.encode())


def letters(skeleton: bytes) -> str:
    """A passage's skeleton as the classifier reads it: one line, no padding."""
    return skeleton.translate(_LINE_ENDS, PAD.encode())[:MAX_INPUT].decode("ascii")


def model_path() -> str:
    """The classifier's file."""
    return str(files("malmoi.models") / MODEL)


@cache
def _model():
    import fasttext

    return fasttext.load_model(model_path())


def probabilities(skeletons: list[bytes]) -> list[float]:
    """Probability that each passage is profane. ``data/toxicity.json`` says what it was trained on."""
    return predict(_model(), [letters(skeleton) for skeleton in skeletons])


def predict(model, lines: list[str]) -> list[float]:
    """Probability of ``__label__1`` for each line.

    Uses the raw binding: the wrapper's ``predict(str)`` fails with NumPy 2.
    """
    raw = model.f.predict
    return [_profane(raw(line + "\n", 2, 0.0, "strict")) for line in lines]


def _profane(labels: list[tuple[float, str]]) -> float:
    return next((min(1.0, float(p)) for p, label in labels if label == "__label__1"), 0.0)
