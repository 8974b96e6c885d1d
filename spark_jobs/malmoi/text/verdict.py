"""Why a document does not stay: what every rule returns, and what the decide stage writes down."""

from typing import NamedTuple

from malmoi.contracts.reasons import Reason


class Verdict(NamedTuple):
    """A drop: the reason, what was measured, and the recipe's threshold that it missed."""

    reason: Reason
    value: float
    threshold: float
