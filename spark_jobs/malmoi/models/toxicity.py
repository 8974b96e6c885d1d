"""The profanity classifier: fastText on jamo n-grams, for what no word shows.

Its input is the skeleton of the text without padding, so a syllable is two to four letters and an n-gram of six spans
about two syllables; look-alikes, full-width and zero-width forms are gone before it sees them.
"""

from functools import cache
from importlib.resources import files

import numpy as np

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
    return decoded(_stored())


def _stored():
    import fasttext

    return fasttext.load_model(model_path())


def decoded(model):
    """The same model with the vector of every n-gram decoded from the code book once, instead of at each place where the
    n-gram stands: 3 MB more, half the time, the same probabilities to the last bit."""
    from fasttext_pybind import Vector

    arguments = model.f.getArgs()
    if not model.f.isQuant() or arguments.cutoff:  # without the cut-off, every bucket has a row
        return model
    vector = Vector(arguments.dim)
    content, rows = memoryview(vector), bytearray()
    for number in range(len(model.f.getVocab("strict")[0]) + arguments.bucket):
        model.f.getInputVector(vector, number)
        rows += content
    dense = np.frombuffer(rows, np.float32).reshape(-1, arguments.dim)
    model.f.setMatrices(dense, np.array(model.f.getOutputMatrix(), np.float32))
    return model


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
