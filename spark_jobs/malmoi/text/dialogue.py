"""Dialogue in a text: interviews, chats and scripts, as turns of speakers.

A text counts as dialogue when most of its lines belong to turns, at least two speakers take part and each speaks more
than once. So a list of "이름: 값" pairs, where every label is new, is none.
"""

import re
from dataclasses import dataclass

MIN_TURNS = 4
MIN_SPEAKERS = 2
MIN_COVERAGE = 0.6
"""Share of the text's code points that must lie in turns."""
MIN_TURNS_PER_SPEAKER = 2.0
MAX_SPEAKERS = 30
MAX_LABEL_CHARS = 16

_CHAT_BRACKETS = re.compile(
    r"^\[(?P<speaker>[^\[\]\n]{1,16})\]\s*\[(?:오전|오후)?\s?\d{1,2}:\d{2}\]\s*(?P<text>.*)$", re.MULTILINE
)
_CHAT_DATED = re.compile(
    r"^\d{4}[년.]\s?\d{1,2}[월.]\s?\d{1,2}[일.]?,?\s(?:오전|오후)?\s?\d{1,2}:\d{2},\s(?P<speaker>[^:\n]{1,16})\s:\s(?P<text>.*)$",
    re.MULTILINE,
)
_LABELLED = re.compile(
    r"^(?:[-–—•*]\s)?(?P<speaker>(?:[가-힣A-Za-z][가-힣A-Za-z0-9 .·]{0,14}|[QA문답]))(?:\s?\([^()\n]{1,20}\))?\s?[:：]\s?(?P<text>\S.*)$",
    re.MULTILINE,
)
_QUESTION = re.compile(r"^(?:#{1,6}\s)?(?P<speaker>[QAqa문답])\s?\d{0,3}\s?[.)\]:：▶]\s?(?P<text>\S.*)$", re.MULTILINE)
_MARKED = re.compile(r"^(?P<speaker>[▶▷▲△◆◇■□●○])\s?(?P<text>\S.*)$", re.MULTILINE)

_PATTERNS = (_CHAT_BRACKETS, _CHAT_DATED, _QUESTION, _LABELLED, _MARKED)
_NOT_A_SPEAKER = re.compile(
    r"^(?:https?|ftp|참고|출처|주의|예|예시|주소|전화|시간|일시|장소|가격|비고|사진|글|자료|제목|날짜|문의|note|tip|warning|ex)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """``turns`` are ``{"speaker", "text"}``; ``coverage`` is the share of the text that lies in them."""

    turns: list[dict]
    coverage: float


def find_dialogue(text: str) -> Dialogue | None:
    """The turns of a text; None where it is no dialogue."""
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    if len(lines) < MIN_TURNS:
        return None
    joined = "\n".join(lines)
    for pattern in _PATTERNS:
        found = _turns(lines, pattern) if len(pattern.findall(joined)) >= MIN_TURNS else None
        if found is not None:
            return found
    return None


def _turns(lines: list[str], pattern: re.Pattern) -> Dialogue | None:
    turns: list[dict] = []
    covered = total = 0
    labels: dict[str, int] = {}
    for line in lines:
        total += len(line)
        match = pattern.match(line) if len(line) < 5_000 else None
        if match and not _NOT_A_SPEAKER.match(match["speaker"].strip()):
            speaker = match["speaker"].strip()
            labels[speaker] = labels.get(speaker, 0) + 1
            turns.append({"speaker": speaker, "text": match["text"].strip()})
            covered += len(line)
        elif turns and not line.startswith(("#", "|", "```")):
            turns[-1]["text"] += "\n" + line  # the turn goes on in a new paragraph
            covered += len(line)
    repeated = sum(1 for count in labels.values() if count > 1)
    if len(turns) < MIN_TURNS or not MIN_SPEAKERS <= len(labels) <= MAX_SPEAKERS or repeated < MIN_SPEAKERS:
        return None
    if len(turns) < MIN_TURNS_PER_SPEAKER * len(labels) or not _alternates(turns) or covered < MIN_COVERAGE * total:
        return None
    return Dialogue(_merged(turns), covered / total)


def _alternates(turns: list[dict]) -> bool:
    """Speakers take turns: at least half of the neighbours differ."""
    changes = sum(a["speaker"] != b["speaker"] for a, b in zip(turns, turns[1:], strict=False))
    return changes >= 0.5 * (len(turns) - 1)


def _merged(turns: list[dict]) -> list[dict]:
    """Lines of one speaker in a row are one turn."""
    merged: list[dict] = []
    for turn in turns:
        if merged and merged[-1]["speaker"] == turn["speaker"]:
            merged[-1]["text"] += "\n" + turn["text"]
        else:
            merged.append(turn)
    return merged
