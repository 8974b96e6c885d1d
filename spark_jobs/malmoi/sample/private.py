"""Planted personal data and profanity, from ``passages/planted.toml``."""

import re
from random import Random

from malmoi.sample import personal
from malmoi.sample.dress import NEWSPAPERS, Draft
from malmoi.sample.library import Passage, fill, phrases, table
from malmoi.sample.templates.web import TEMPLATES as WEB

_PRIVATE = re.compile(r"<<(\w+)(?: ([^>]+))?>>")
_MAKERS = {
    "rrn": personal.resident,
    "rrn2020": personal.resident_2020,
    "frn": personal.foreigner,
    "mobile": personal.mobile,
    "landline": personal.landline,
    "card": personal.card,
    "email": personal.email,
    "passport": personal.passport,
    "driver": personal.driver_license,
    "plate": personal.plate,
    "address": personal.address,
    "account": personal.account,
}
PROFANE = ("profane", "group_hate", "low_quality", "spam", "lone_jamo")


def plant(text: str, rng: Random) -> tuple[str, tuple[str, ...]]:
    """``text`` with invented personal data in place of ``<<kind spelling>>``, and the planted values."""
    values: list[str] = []

    def make(match: re.Match) -> str:
        made = _MAKERS[match[1]](rng, *([match[2]] if match[2] else []))
        shown, value = (f"{made[0]} {made[1]}", made[1]) if isinstance(made, tuple) else (made, made)
        values.append(value)
        return shown

    return _PRIVATE.sub(make, text), tuple(values)


def source_of(site: str) -> str:
    if site in NEWSPAPERS:
        return "news"
    return "web" if site in WEB else "blog"


def private_drafts(seed: int) -> list[Draft]:
    """Pages with personal data: they stay, the data goes, the look-alikes stay."""
    drafts = []
    for entry in table("planted")["private"]:
        rng, chosen = Random(f"{seed}/private/{entry['id']}"), {}
        text, values = plant(fill(entry["text"].strip(), rng, chosen), rng)
        passage = Passage(entry["id"], "private", entry["title"], text, entry.get("section", ""))
        drafts.append(
            Draft(
                passage,
                entry["site"],
                source_of(entry["site"]),
                plant="personal-data",
                must_vanish=values,
                must_stay=tuple(entry.get("stay", ())),
            )
        )
    return drafts


def profane_drafts(seed: int) -> list[Draft]:
    """Pages with few profanities (softened), with many (dropped), and with innocent look-alikes (untouched)."""
    drafts = []
    for entry in table("planted")["profane"]:
        rng, chosen = Random(f"{seed}/profane/{entry['id']}"), {}
        passage = Passage(
            entry["id"],
            "profane",
            fill(entry["title"], rng, chosen),
            fill(entry["text"].strip(), rng, chosen),
            entry.get("section", ""),
        )
        expect = entry.get("expect", "keep")
        stay = tuple(entry.get("stay", ())) or phrases(passage.text)
        drafts.append(
            Draft(
                passage,
                entry["site"],
                source_of(entry["site"]),
                plant=entry.get("plant", "profanity-few"),
                expect=expect,
                reasons=PROFANE if expect == "drop" else (),
                must_stay=stay if expect == "keep" else (),
                must_not_have=tuple(entry.get("without", ())),
            )
        )
    return drafts
