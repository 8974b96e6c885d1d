"""The gate's look at a sample with presidio's own recognizers: patterns that are not ours.

Presidio ships five Korean recognizers and generic ones. They know no Korean context, so only what is certain by shape
or check digit counts: a scan that cries at every product code would be switched off. The cheap scan over all texts is
``malmoi.text.pii.leaks``.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from malmoi.models.presidio import LANGUAGE, no_language_model
from malmoi.models.presidio_import import presidio
from malmoi.text.pii import Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer

_SHIFTED = re.compile(r"[가-힣ㄱ-ㆎ]")
"""Presidio's patterns end in word boundaries, and Hangul counts as a letter: blanked out, glued particles end a word."""


def leaks(texts: Iterable[str]) -> list[list[Span]]:
    """What presidio's recognizers are certain of in each text; positions in code points."""
    return [_leaks(text) if text else [] for text in texts]


def _leaks(text: str) -> list[Span]:
    found = set()
    for result in engine().analyze(_SHIFTED.sub(" ", text), LANGUAGE):
        entity, certain = _CERTAIN[result.entity_type]
        if certain(text[result.start : result.end], result.score):
            found.add(Span(result.start, result.end, entity, result.score))
    return sorted(found)


def _hyphened(value: str, score: float) -> bool:
    return score >= 1.0 or "-" in value


def _checked(value: str, score: float) -> bool:
    return score >= 1.0


def _license(value: str, score: float) -> bool:
    return value.count("-") == 3


def _mail(value: str, score: float) -> bool:
    return not re.search(r"@(?:[\w-]+\.)*example(?:\.\w+)?\Z", value)


def _mobile(value: str, score: float) -> bool:
    number = re.sub(r"\D", "", value)
    return re.match(r"(?:82|0)1(?:0[2-9]|[16789][2-9])", number) is not None


def _public(value: str, score: float) -> bool:
    value = value.split("/")[0]
    numbers = value.split(".")
    return ipaddress.ip_address(value).is_global and int(numbers[0]) >= 100 if len(numbers) == 4 else False


_CERTAIN: dict[str, tuple[str, Callable[[str, float], bool]]] = {
    "KR_RRN": ("rrn", _hyphened),
    "KR_FRN": ("frn", _hyphened),
    "KR_DRIVER_LICENSE": ("driver_license", _license),
    "CREDIT_CARD": ("card", _checked),
    "EMAIL_ADDRESS": ("email", _mail),
    "PHONE_NUMBER": ("phone", _mobile),
    "IP_ADDRESS": ("ip", _public),
}


@lru_cache(maxsize=1)
def engine() -> "AnalyzerEngine":
    """Presidio's shipped recognizers for Korean numbers and the generic ones, no language model."""
    analyzer = presidio()
    from presidio_analyzer import predefined_recognizers as shipped

    kinds = (
        shipped.KrRrnRecognizer, shipped.KrFrnRecognizer, shipped.KrDriverLicenseRecognizer, shipped.CreditCardRecognizer,
        shipped.EmailRecognizer, shipped.IpRecognizer,
    )  # fmt: skip
    recognizers: list[EntityRecognizer] = [kind(supported_language=LANGUAGE) for kind in kinds]
    recognizers.append(shipped.PhoneRecognizer(supported_language=LANGUAGE, supported_regions=("KR",)))
    registry = analyzer.RecognizerRegistry(recognizers=recognizers, supported_languages=[LANGUAGE])
    return analyzer.AnalyzerEngine(registry=registry, nlp_engine=no_language_model(), supported_languages=[LANGUAGE])
