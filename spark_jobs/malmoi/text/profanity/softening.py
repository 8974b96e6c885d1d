"""Softening (순화): each hit becomes a word of its own part of speech, with josa and endings that agree."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from malmoi.text.edits import Edit, merge, with_josa
from malmoi.text.profanity.hits import Hit
from malmoi.text.profanity.sentences import cut, sentence_of, sentences

_AHEAD = 16
_OPENING = re.compile(r"(?:^|[\n.!?…])[\"'“‘(\[]*\s*$")
_SIGNS_AFTER = re.compile(r"[,~!.…ㅋㅎㅠㅜ]*\s*")


@cache
def _rules(table: str) -> dict[str, list[tuple[re.Pattern[str], str]]]:
    path = files("malmoi.text.profanity") / "data" / "softening.toml"
    rules = tomllib.loads(path.read_text(encoding="utf-8"))[table]
    return {lemma: [(re.compile(source), word) for source, word in pairs] for lemma, pairs in rules.items()}


def soften(text: str, hits: Sequence[Hit]) -> list[Edit]:
    """Edits for all hits, sorted, without overlaps, ready to splice. Hits are sorted and do not overlap.

    A hit whose lemma has no rule (slurs, sexual abuse) takes its whole sentence with it.
    """
    words: list[Edit] = []
    doomed: list[Hit] = []
    for hit in hits:
        edit = _word(text, hit)
        if edit is None:
            doomed.append(hit)
        elif not words or edit.start >= words[-1].end:
            words.append(edit)
    if not doomed:
        return with_josa(text, words)
    spans = sentences(text)
    numbers = sorted({sentence_of(spans, hit.start) for hit in doomed})
    return merge(cut(text, [spans[number] for number in numbers]), with_josa(text, words))


def _word(text: str, hit: Hit) -> Edit | None:
    for spelled, word in _rules("spelled").get(hit.lemma, ()):
        match = spelled.match(text, hit.start)
        if match is not None and match.end() <= hit.end + _AHEAD:
            return _placed(text, hit.start, match.end(), match.expand(word))
    for follow, word in _rules("rules").get(hit.lemma, ()):
        match = follow.match(text[hit.end : hit.end + _AHEAD])
        if match is not None:
            return _placed(text, hit.start, hit.end + match.end(), _filled(match, word))
    return None


def _filled(match: re.Match[str], word: str) -> str:
    return match.expand(word) if match.re.groups else word


def _placed(text: str, start: int, end: int, replacement: str) -> Edit:
    if replacement:
        return Edit(start, end, replacement)
    if _OPENING.search(text[max(0, start - _AHEAD) : start]):
        signs = _SIGNS_AFTER.match(text, end)
        return Edit(start, signs.end() if signs else end, "")
    left = start > 0 and text[start - 1].isspace()
    if end < len(text) and text[end] == " " and left:
        return Edit(start, end + 1, "")
    if left and (end == len(text) or not text[end].isalnum()):
        return Edit(start - 1, end, "")
    return Edit(start, end, "")
