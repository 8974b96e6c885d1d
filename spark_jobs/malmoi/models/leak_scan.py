"""The gate's look at a sample with presidio's own recognizers: patterns that are not ours.

Presidio ships five Korean recognizers and generic ones. They know no Korean context, so only what is certain by shape
or check digit counts: a scan that cries at every product code would be switched off. The cheap scan over all texts is
``malmoi.text.pii.leak_scan``.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from malmoi.models.presidio import LANGUAGE, no_language_model
from malmoi.models.presidio_import import presidio
from malmoi.text.pii import Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer

_SHIFTED = re.compile(r"[가-힣ㄱ-ㆎ]")
"""Presidio's patterns end in word boundaries, and Hangul counts as a letter: blanked out, glued particles end a word."""

_CARD = re.compile(r"[0-9]{15,16}|[0-9]{4}([- ])[0-9]{4}\1[0-9]{4}\1[0-9]{4}|3[47][0-9]{2}([- ])[0-9]{6}\2[0-9]{5}")
_MAIL = re.compile(r"([a-z0-9][a-z0-9._%+-]*)@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(?:.*\.)?example(?:\.[a-z]+)?|.*\.(?:png|jpe?g|gif|svg|webp|css|js|ts|py|test|local|invalid)", re.I
)
_MOBILE = re.compile(r"\(?(?:\+?82[-. ]?(?:\(0\))?|0)1[016789]\)?[-. ]{0,3}[2-9][0-9]{2,3}[-. ]{0,3}[0-9]{4}")
_POSSIBLE = re.compile(r"@|[0-9](?:[\s()./·~+-]{0,4}[0-9]){7,}|(?:[0-9]{1,3}\.){3}[0-9]|[0-9A-Fa-f:]{2,}::?[0-9A-Fa-f]")
"""Whatever has an at sign, eight digits with little between them, or the look of a network address."""
_ROOM = 100
_REMOTE_PATH = re.compile(r":[\w/~]")


class _Hit(NamedTuple):
    """A result of presidio's: the value, how sure presidio is, and what stands beside it."""

    value: str
    score: float
    before: str
    behind: str


def leaks(texts: Iterable[str]) -> list[list[Span]]:
    """What presidio's recognizers are certain of in each text; positions in code points."""
    return [_leaks(text) if text else [] for text in texts]


def _leaks(text: str) -> list[Span]:
    plain = _SHIFTED.sub(" ", text)
    found = set()
    for from_, to in _windows(plain):
        for result in engine().analyze(plain[from_:to], LANGUAGE):
            entity, certain = _CERTAIN[result.entity_type]
            start, end = from_ + result.start, from_ + result.end
            if certain(_Hit(plain[start:end], result.score, plain[max(0, start - 1) : start], plain[end : end + 2])):
                found.add(Span(start, end, entity, result.score))
    return sorted(found)


def _windows(text: str) -> list[tuple[int, int]]:
    """Where any recognizer could find something, with room around it; most of a text is no number and no address, and
    presidio would read it seven times."""
    found: list[tuple[int, int]] = []
    for match in _POSSIBLE.finditer(text):
        start, end = max(0, match.start() - _ROOM), min(len(text), match.end() + _ROOM)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _number(hit: _Hit) -> bool:
    """With its hyphen, or with a check digit that holds; no piece of a longer or a decimal number."""
    return (hit.score >= 1.0 or "-" in hit.value) and _alone(hit)


def _card(hit: _Hit) -> bool:
    return hit.score >= 1.0 and _CARD.fullmatch(hit.value) is not None and _alone(hit)


def _alone(hit: _Hit) -> bool:
    return hit.before not in (".", ",", "-", "_", "/", "=") and not re.match(r"[.,_-]?[0-9A-Za-z]", hit.behind)


def _license(hit: _Hit) -> bool:
    return hit.value.count("-") == 3 and _alone(hit)


def _mail(hit: _Hit) -> bool:
    """An address of a mailbox: no server's account (``git@host``, ``user@host:path``), package or picture."""
    found = _MAIL.fullmatch(hit.value)
    if found is None or found[1].lower() == "git" or _EXAMPLE.fullmatch(found[2]):
        return False
    return hit.before not in ("/", ":") and not _REMOTE_PATH.match(hit.behind)


def _mobile(hit: _Hit) -> bool:
    """A mobile number as people write it; presidio also joins neighbouring decimals of a table to one."""
    return _MOBILE.fullmatch(hit.value) is not None and _alone(hit)


def _public(hit: _Hit) -> bool:
    value = hit.value.split("/")[0]
    numbers = value.split(".")
    if len(numbers) != 4 or not hit.value == value or len(set(numbers)) == 1:
        return False
    return ipaddress.ip_address(value).is_global and int(numbers[0]) >= 100


_CERTAIN: dict[str, tuple[str, Callable[[_Hit], bool]]] = {
    "KR_RRN": ("rrn", _number),
    "KR_FRN": ("frn", _number),
    "KR_DRIVER_LICENSE": ("driver_license", _license),
    "CREDIT_CARD": ("card", _card),
    "EMAIL_ADDRESS": ("email", _mail),
    "PHONE_NUMBER": ("phone", _mobile),
    "IP_ADDRESS": ("ip", _public),
}


@lru_cache(maxsize=1)
def engine() -> "AnalyzerEngine":
    """Presidio's shipped recognizers for Korean numbers and the generic ones, no language model, no network."""
    analyzer = presidio()
    from presidio_analyzer import predefined_recognizers as shipped
    from tldextract import TLDExtract

    ends_of_hosts = TLDExtract(suffix_list_urls=(), cache_dir=None)  # by itself it would ask the network for its list

    class OfflineEmailRecognizer(shipped.EmailRecognizer):
        def validate_result(self, pattern_text: str) -> bool:
            return ends_of_hosts(pattern_text).fqdn != ""

    kinds = (
        shipped.KrRrnRecognizer, shipped.KrFrnRecognizer, shipped.KrDriverLicenseRecognizer, shipped.CreditCardRecognizer,
        OfflineEmailRecognizer, shipped.IpRecognizer,
    )  # fmt: skip
    recognizers: list[EntityRecognizer] = [kind(supported_language=LANGUAGE) for kind in kinds]
    recognizers.append(shipped.PhoneRecognizer(supported_language=LANGUAGE, supported_regions=("KR",)))
    registry = analyzer.RecognizerRegistry(recognizers=recognizers, supported_languages=[LANGUAGE])
    return analyzer.AnalyzerEngine(registry=registry, nlp_engine=no_language_model(), supported_languages=[LANGUAGE])
