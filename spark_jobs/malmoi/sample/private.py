"""Planted personal data and profanity, from ``passages/planted.toml``."""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from malmoi.sample import personal
from malmoi.sample.dress import NEWSPAPERS, Draft
from malmoi.sample.library import Passage, Thread, fill, phrases, table
from malmoi.sample.templates.web import TEMPLATES as WEB

_PRIVATE = re.compile(r"<<(\w+)(?: ([^>]+))?>>")
_MAKERS: dict[str, Callable[..., str | tuple[str, str]]] = {
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
LISTS = ("pii_list", "many_digits", "list_lines", "few_josa_eomi", "low_quality", "spam", "many_symbols")
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
    """Pages with personal data: they stay, the data goes, the look-alikes stay; a list of persons is dropped."""
    drafts = []
    for entry in table("planted")["private"]:
        rng = Random(f"{seed}/private/{entry['id']}")
        chosen: dict[str, str] = {}
        texts = [entry["title"], entry["text"].strip(), *entry.get("comments", ())]
        planted = [plant(fill(text, rng, chosen), rng) for text in texts]
        title, text, *comments = [text for text, _ in planted]
        values = tuple(value for _, found in planted for value in found)
        passage = Passage(entry["id"], "private", title, text, entry.get("section", ""), tuple(comments))
        expect = entry.get("expect", "keep")
        drafts.append(
            Draft(
                passage,
                entry["site"],
                source_of(entry["site"]),
                plant=entry.get("plant", "personal-data"),
                expect=expect,
                reasons=LISTS if expect == "drop" else (),
                must_vanish=values,
                must_stay=tuple(entry.get("stay", ())),
            )
        )
    return drafts


def plant_in_thread(thread: Thread, rng: Random) -> tuple[Thread, tuple[str, ...]]:
    """The thread with invented personal data in question and answers, and the planted values."""
    question, values = plant(thread.question, rng)
    planted = [plant(answer.text, rng) for answer in thread.answers]
    answers = tuple(replace(a, text=text) for a, (text, _) in zip(thread.answers, planted, strict=True))
    every = values + tuple(value for _, more in planted for value in more)
    return replace(thread, question=question, answers=answers), every


def profane_drafts(seed: int) -> list[Draft]:
    """Pages with few profanities (softened), with many (dropped), and with innocent look-alikes (untouched)."""
    drafts = []
    for entry in table("planted")["profane"]:
        rng = Random(f"{seed}/profane/{entry['id']}")
        chosen: dict[str, str] = {}
        passage = Passage(
            entry["id"],
            "profane",
            fill(entry["title"], rng, chosen),
            fill(entry["text"].strip(), rng, chosen),
            entry.get("section", ""),
        )
        expect = entry.get("expect", "keep")
        without = tuple(entry.get("without", ()))
        clean = "\n".join(line for line in passage.text.split("\n") if not any(word in line for word in without))
        stay = tuple(entry.get("stay", ())) or phrases(clean)
        drafts.append(
            Draft(
                passage,
                entry["site"],
                source_of(entry["site"]),
                plant=entry.get("plant", "profanity-few"),
                expect=expect,
                reasons=PROFANE if expect == "drop" else (),
                must_stay=stay if expect == "keep" else (),
                must_not_have=without,
            )
        )
    return drafts
