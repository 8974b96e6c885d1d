"""``/.well-known/tdmrep.json`` of the TDM Reservation Protocol: which paths of a host are reserved."""

import json
from dataclasses import dataclass

MAX_RULES = 1_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A ``location`` is matched as in robots.txt: from the start of the path, ``*`` is anything, ``$`` ends it."""

    parts: tuple[str, ...]
    ends: bool
    is_reserved: bool

    def fits(self, path: str) -> bool:
        """The first place of each part in turn: this never goes back, so no pattern is slow."""
        first, *others = self.parts
        if not path.startswith(first):
            return False
        position = len(first)
        last = others.pop() if self.ends and others else None
        for part in others:
            found = path.find(part, position)
            if found < 0:
                return False
            position = found + len(part)
        if last is not None:
            return path.endswith(last) and len(path) - len(last) >= position
        return not self.ends or position == len(path)


def reserved_paths(body: bytes) -> list[Rule]:
    """The rules in the order of the file; empty for what is no such file."""
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found = []
    for rule in rules[:MAX_RULES] if isinstance(rules, list) else []:
        if isinstance(rule, dict) and isinstance(rule.get("location"), str):
            location = rule["location"]
            parts = tuple(location.removesuffix("$").split("*"))
            found.append(Rule(parts, location.endswith("$"), str(rule.get("tdm-reservation")).strip() == "1"))
    return found


def is_path_reserved(rules: list[Rule], path: str) -> bool:
    """What the first rule that fits says; False where none does."""
    return next((rule.is_reserved for rule in rules if rule.fits(path)), False)
