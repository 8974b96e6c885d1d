"""How a page or its server says that it must not be used for training.

``noai`` and ``noimageai`` are words of robots directives (``<meta name="robots">``, ``X-Robots-Tag``); ``tdm`` is the
reservation of the TDM Reservation Protocol (W3C community report, 2024): ``TDM-Reservation: 1``, the same as a <meta>,
or ``/.well-known/tdmrep.json``.
"""

import re

SIGNALS = ("noai", "noimageai", "tdm")
WARC_HEADER = "Malmoi-Opt-Out"
"""The header of a WARC record in which ``malmoi fetch`` notes the signals of a page."""

_WORD = re.compile(r"[a-z]+")


def robots_signals(directives: str) -> set[str]:
    """The signals among robots directives, such as ``index, noai`` or ``somebot: noai``. A word that is meant for another
    crawler counts too: who asks one of them asks all."""
    return {word for word in _WORD.findall(directives.lower()) if word in ("noai", "noimageai")}


def is_reserved(tdm_reservation: str) -> bool:
    """Whether the value of ``tdm-reservation`` reserves the rights."""
    return tdm_reservation.strip() == "1"


def header_signals(x_robots_tag: str, tdm_reservation: str) -> set[str]:
    """The signals of a response's headers; several headers of one name are joined with commas."""
    return robots_signals(x_robots_tag) | ({"tdm"} if is_reserved(tdm_reservation) else set())
