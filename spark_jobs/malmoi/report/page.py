"""``report.html``: the funnel and the gate as one self-contained page, Korean and English, dark and light."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from malmoi.contracts.funnel import Funnel
from malmoi.contracts.gate import Check
from malmoi.contracts.reasons import Fault, Reason
from malmoi.contracts.recipe.privacy import ENTITIES
from malmoi.report.privacy import PrivacyReport

_MEANINGS = {reason.value: (reason.meaning_ko, reason.meaning) for reason in Reason} | {
    fault.value: ("읽지 못함", fault.value.replace("_", " ")) for fault in Fault
}


def render(
    funnel: Funnel, checks: list[Check], recipe_name: str, recipe_hash: str, privacy: PrivacyReport | None = None
) -> bytes:
    """UTF-8 HTML without a request to anywhere, the same bytes for the same night."""
    template = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("report.html")
    columns = [*funnel.sources, funnel.total]
    reasons = sorted({name for column in columns for name in (*column.dropped, *column.quarantined)})
    return template.render(
        batch=funnel.batch,
        columns=columns,
        reasons=reasons,
        meanings=_MEANINGS,
        checks=checks,
        pending=funnel.pending,
        recipe_name=recipe_name,
        recipe_hash=recipe_hash,
        privacy=privacy or PrivacyReport(),
        entity_names=ENTITIES,
        longest=max((column.entered.documents for column in columns), default=0) or 1,
    ).encode()
