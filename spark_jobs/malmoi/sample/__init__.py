"""The embedded sample: two nights of an invented Korean web, and the truth about every page of it.

All texts are written for this project; all personal data is invented (``personal.py`` says how).
"""

from malmoi.sample.generate import read_truth, write
from malmoi.sample.truth import TruthReport, hold, render

__all__ = ["TruthReport", "hold", "read_truth", "render", "write"]
