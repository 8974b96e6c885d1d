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
_MODIFIER = re.compile(
    r"(?:^|[\s(\"'“‘])(?:[이그저요고조]|[이그저]런|[이그저]딴|어떤|어느|무슨|웬|딴|다른|한|두|세|몇|모든|내|니|별|온갖|"
    r"[가-힣]*[은는던한인된운진른쁜친]|[가-힣]+의) ?$"
)
"""What may stand before 사람 without anything else: determiners and adnominal forms."""
_PERSON = re.compile(
    r"(?:[팀사부과반교회대점실소국차이]장|[가-힣]꾼|(?:기|범죄|운전|관리|담당|배신|업|독재|노숙|사용)자|(?:직|회|공무|의|요|조합)원|"
    r"(?:의|검|변호|판|교|강|기|간호|목|상)사|(?:학|동|선)생|[선후]배|(?:교|선|가|백)수|(?:정치|연예|군|주|애|상|외국)인|친구|오빠|누나|언니|형|"
    r"아저씨|아줌마|도둑|강도|변태|깡패|양아치|거지|호구|꼰대|알바|감독|대통령|아들|남편) ?$"
)
"""Nouns that name the person already: 팀장 새끼가 is 팀장이."""
_PLAIN_PERSON = re.compile(r"(?:나쁜 |못된 )?사람(들?)")
_CALL = re.compile(r"들?[아야](?![가-힣])")
_CURSED = ("씨발", "썅", "년놈", "년")
_STEM = "-"
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
    if not hits:
        return []
    words: list[Edit] = []
    stems: set[int] = set()
    doomed: list[Hit] = []
    for hit in hits:
        edit = _word(text, hit)
        if edit is None:
            doomed.append(hit)
        elif not words or edit.start >= words[-1].end:
            if edit.replacement.endswith(_STEM):
                stems.add(edit.start)
                edit = edit._replace(replacement=edit.replacement.removesuffix(_STEM))
            words.append(edit)
    agreed = with_josa(text, words)
    words = [old if old.start in stems else new for old, new in zip(words, agreed, strict=True)]
    if not doomed:
        return words
    spans = sentences(text)
    numbers = sorted({sentence_of(spans, hit.start) for hit in doomed})
    return merge(cut(text, [spans[number] for number in numbers]), words)


def _word(text: str, hit: Hit) -> Edit | None:
    for spelled, word in _rules("spelled").get(hit.lemma, ()):
        match = spelled.match(text, hit.start)
        if match is not None and match.end() <= hit.end + _AHEAD:
            return _placed(text, hit.start, match.end(), match.expand(word), hit.lemma)
    for follow, word in _rules("rules").get(hit.lemma, ()):
        match = follow.match(text[hit.end : hit.end + _AHEAD])
        if match is not None:
            return _placed(text, hit.start, hit.end + match.end(), _filled(match, word), hit.lemma)
    return None


def _filled(match: re.Match[str], word: str) -> str:
    return match.expand(word) if match.re.groups else word


def _person(text: str, start: int, end: int, replacement: str, lemma: str) -> tuple[int, int, str]:
    """A word for a person as its surroundings ask: nothing where one is called, nothing behind a noun that names the person,
    그 사람 or 못된 사람 where no modifier stands before it."""
    plain = _PLAIN_PERSON.fullmatch(replacement)
    left = text[max(0, start - _AHEAD) : start]
    if plain is None or _MODIFIER.search(left):
        return start, end, replacement
    call = _CALL.match(text, end)
    if call is not None:
        return start, call.end(), ""
    named = _PERSON.search(left)
    if named is not None:
        last = start - len(named[0]) + len(named[0].rstrip()) - 1
        return last, end, text[last] + plain[1]
    if replacement.startswith("사람"):
        if lemma in _CURSED:
            return start, end, "못된 " + replacement
        if _OPENING.search(left):
            return start, end, "그 " + replacement
    return start, end, replacement


def _placed(text: str, start: int, end: int, replacement: str, lemma: str) -> Edit:
    start, end, replacement = _person(text, start, end, replacement, lemma)
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
