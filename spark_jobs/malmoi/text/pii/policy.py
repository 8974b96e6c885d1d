"""From spans to edits: what stands in the place of personal data."""

import hashlib
import hmac
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from malmoi.contracts.recipe.privacy import ENTITIES, IDENTIFYING_BY_LAW, Privacy
from malmoi.text.edits import Edit, with_josa
from malmoi.text.pii import digits, normal, surrogate
from malmoi.text.pii.parts import keep_part
from malmoi.text.pii.span import Span

_MOBILE = re.compile(r"0?1[016789]|(?:00)?82(?:0?1[016789])|050")
_GROUPS = {
    "rrn": "resident",
    "frn": "resident",
    "passport": "passport",
    "driver_license": "license",
    "phone": "phone",
    "card": "card",
    "account": "account",
    "email": "email",
    "plate": "plate",
    "address": "address",
}
"""Entities that belong to one person each. Names and nicknames are not counted: an article names many people."""


def replace(text: str, spans: Sequence[Span], privacy: Privacy) -> list[Edit]:
    """The edits that de-identify ``text`` by the recipe, sorted, with the josa behind them agreeing."""
    return with_josa(text, replacements(text, spans, privacy))


def replacements(text: str, spans: Sequence[Span], privacy: Privacy) -> list[Edit]:
    """What stands in the place of each span, sorted; the josa behind them are left as they are.

    Spans do not overlap. Below ``privacy.min_score`` nothing is done. Numbers that identify by law (개인정보 보호법
    제24조) are never kept, in whole or in part, whatever the policy says.
    """
    surrogates = _Surrogates()
    edits = []
    for span in sorted(spans):
        policy = privacy.policy.get(span.entity, "tag")
        if span.entity in IDENTIFYING_BY_LAW and policy in {"keep", "keep_part"}:
            policy = "tag"
        if span.score >= privacy.min_score and policy != "keep":
            edits.append(
                Edit(span.start, span.end, _replacement(text[span.start : span.end], span.entity, policy, surrogates))
            )
    return edits


def _replacement(value: str, entity: str, policy: str, surrogates: "_Surrogates") -> str:
    tag = f"<{ENTITIES[entity]}>"
    if policy == "remove":
        return ""
    if policy == "surrogate":
        return surrogates.get(value, entity)
    if policy == "keep_part":
        return keep_part(normal.view(value).text, entity, tag)
    return tag


class _Surrogates:
    """One document's surrogates: the same for the same value, numbered in the order of the text."""

    def __init__(self) -> None:
        self.numbers: dict[str, dict[str, int]] = defaultdict(dict)

    def get(self, value: str, entity: str) -> str:
        known = self.numbers[entity]
        number = known.setdefault(_identity(value), len(known) + 1)
        return surrogate.make(normal.view(value).text, entity, number)


def _identity(value: str) -> str:
    """The value without its spelling: separators, width, letter case."""
    plain = unicodedata.normalize("NFKC", normal.view(value).text).casefold()
    return "".join(letter for letter in plain if letter.isalnum()) or plain


def persons(text: str, spans: Sequence[Span]) -> int:
    """How many different persons' data the text holds: the most different values of one kind.

    A row of name, telephone and e-mail is one person, so kinds are not added up. Of telephones only personal ones count.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    for start, end, entity, _ in spans:
        group = _GROUPS.get(entity)
        if group is None:
            continue
        value = text[start:end]
        if entity == "phone" and not _MOBILE.match(digits.plain(normal.view(value).text)):
            continue
        seen[group].add(_identity(value))
    return max((len(values) for values in seen.values()), default=0)


def digest(secret: bytes, value: str) -> str:
    """HMAC-SHA-256 of a value for side tables, 32 hexadecimal digits; equal for all spellings of the value.

    The space of resident numbers is small enough to try them all, so only a secret key protects them: an empty one
    raises ValueError.
    """
    if not secret:
        raise ValueError("the key for keyed hashes is empty: set it in the Airflow connection or the environment")
    return hmac.new(secret, _identity(value).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
