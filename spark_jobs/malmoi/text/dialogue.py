"""Dialogue in a text: interviews, chats and scripts, as turns of speakers.

A text counts as dialogue when most of it lies in turns, at least two speakers take part and speak more than once, and
the turns read as Korean speech. So neither a list of "이름: 값" pairs nor a program with its keys is one.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

MIN_TURNS = 4
MIN_SPEAKERS = 2
MIN_COVERAGE = 0.6
"""Share of the text's code points that must lie in turns."""
MIN_TURNS_PER_SPEAKER = 2.0
MAX_SPEAKERS = 30
MIN_SPEECH_SHARE = 0.6
"""Share of turns whose first line is mostly Hangul; half of those must also end as sentences do."""

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

_PATTERNS = (
    (_CHAT_BRACKETS, 0.3, "["),
    (_CHAT_DATED, 0.3, "0123456789"),
    (_QUESTION, 0.15, "QAqa문답#"),
    (_LABELLED, 0.6, ""),
    (_MARKED, 0.3, "▶▷▲△◆◇■□●○"),
)
"""Forms of turns, the share of lines that must open one, and what such a line can begin with (a label with anything). A
label may be any word, so nearly each line must have one; a "Q." hardly ever means anything else."""
_FENCE = re.compile(r" *(?:> )*(?P<ticks>`{3,})(?P<more>.*)")
_HANGUL = re.compile("[가-힣]")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.?!…~]['\"”’)]*$|[다요까죠네지음임게군걸래자야어아해][ㅋㅎㅠㅜ^\s]*$")
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
    """The turns of a text; None where it is no dialogue. Fenced code is no part of either."""
    lines = text.split("\n")
    if "```" in text:
        lines = _without_code(lines)
    lines = [line for line in map(str.strip, lines) if line]
    if len(lines) < MIN_TURNS:
        return None
    first = "".join([line[0] for line in lines])
    joined = "\n".join(lines)
    colons = joined.count(":") + joined.count("：")
    for pattern, min_opening_share, starts in _PATTERNS:
        needed = max(MIN_TURNS, min_opening_share * len(lines))
        if (_opened(first, starts, lines) if starts else colons) < needed:
            continue
        if len(pattern.findall(joined)) >= needed:
            found = _turns(lines, pattern)
            if found is not None:
                return found
    return None


def _without_code(lines: list[str]) -> list[str]:
    """The lines outside fences. A fence that nothing closes is none; one of fewer ticks closes it where no other does."""
    fences = {number: match for number, line in enumerate(lines) if "```" in line and (match := _FENCE.match(line))}
    closing: dict[int, list[int]] = {}  # by number of ticks
    for number, fence in fences.items():
        if not fence["more"].strip(" "):
            closing.setdefault(len(fence["ticks"]), []).append(number)
    kept: list[str] = []
    start = 0
    for number, fence in fences.items():
        end = _closed(closing, number, len(fence["ticks"])) if number >= start else 0
        if end:
            kept += lines[start:number]
            start = end + 1
    return kept + lines[start:]


def _closed(closing: dict[int, list[int]], opening: int, ticks: int) -> int:
    """The line that closes a fence of at most so many ticks, 0 for none."""
    for length in sorted(closing, reverse=True):
        after = bisect_right(closing[length], opening)
        if length <= ticks and after < len(closing[length]):
            return closing[length][after]
    return 0


def _opened(first: str, starts: str, lines: list[str]) -> int:
    """How many lines begin as a form of turns does. A heading counts by what it says: most of them open no turn."""
    count = sum([first.count(letter) for letter in starts if letter != "#"])
    if "#" in starts and "#" in first:
        said = [line.lstrip("#").lstrip()[:1] for line in lines if line[0] == "#"]
        count += sum([not letter or letter in starts for letter in said])
    return count


def _turns(lines: list[str], pattern: re.Pattern) -> Dialogue | None:
    turns: list[dict] = []
    covered = total = 0
    for line in lines:
        total += len(line)
        match = pattern.match(line) if len(line) < 5_000 else None
        if match and not _NOT_A_SPEAKER.match(match["speaker"].strip()):
            turns.append({"speaker": match["speaker"].strip(), "text": match["text"].strip()})
            covered += len(line)
        elif turns and not line.startswith(("#", "|")):
            turns[-1]["text"] += "\n" + line  # the turn goes on in a new paragraph
            covered += len(line)
    if covered < MIN_COVERAGE * total or not _take_turns(turns) or not _read_as_speech(turns):
        return None
    return Dialogue(_merged(turns), covered / total)


def _take_turns(turns: list[dict]) -> bool:
    """Whether enough speakers speak often enough."""
    labels = Counter(turn["speaker"] for turn in turns)
    repeated = sum(1 for count in labels.values() if count > 1)
    if not MIN_SPEAKERS <= len(labels) <= MAX_SPEAKERS or repeated < MIN_SPEAKERS:
        return False
    return len(turns) >= max(MIN_TURNS, MIN_TURNS_PER_SPEAKER * len(labels)) and _alternates(turns)


def _read_as_speech(turns: list[dict]) -> bool:
    korean = ended = 0
    for turn in turns:
        first = turn["text"].split("\n", 1)[0]
        korean += 2 * len(_HANGUL.findall(first)) >= len(_LETTER.findall(first)) > 0
        ended += bool(_SENTENCE_END.search(first))
    return korean >= MIN_SPEECH_SHARE * len(turns) and ended >= MIN_SPEECH_SHARE / 2 * len(turns)


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
