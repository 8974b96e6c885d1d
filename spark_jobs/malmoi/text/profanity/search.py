"""Search one text: the skeleton for roots, the text itself for words."""

import re
from collections.abc import Sequence

from malmoi.text.profanity.alphabet import WIDTH
from malmoi.text.profanity.hits import Candidate
from malmoi.text.profanity.lexicon import Entry, Lexicon, matching, root_starts
from malmoi.text.profanity.spelling import collapsed, composed, run_together, without_codas
from malmoi.text.scan import encoded

_CONTEXT = 12
_NOT_INSIDE = re.compile(r"[\n()\[\]{}<>「」《》]")
_SEPARATES = re.compile(r"['\"‘’“”,:;]")
"""Signs that separate words, and that hide one only where nothing else is around: 시,발."""
_BARE = re.compile(r"[^가-힣ㄱ-ㅎㅏ-ㅣ]")
_PLAIN = re.compile(r"[가-힣]+")
_JAMO = re.compile(r"[ㄱ-ㅎㅏ-ㅣ\uffa0-\uffdc\u1100-\u11ff㈀-㉻一-鿿ぁ-ヿ丨卜⊥∧Λ人廿凸]")
_LATIN = re.compile(r"[a-zA-Zａ-ｚＡ-Ｚ]")
_FOREIGN = re.compile(r"[\x00-\x7f０-ｚ]+|[ぁ-ヿ一-鿿]+")
_LISTED_LEFT, _LISTED_RIGHT = re.compile(r"[ㄱ-ㅎ㉠-㉻㈀-㈛] $"), re.compile(r"^ [ㄱ-ㅎ㉠-㉻㈀-㈛](?: |$)")
"""Jamo in a row, with spaces between them, are an alphabet or a list."""
_SOFT_SIGNS = re.compile(r"[.·/~-]")
_LAUGHTER = re.compile(r"[ㅋㅎ]")
_AFTER_LIAISON = "아야이은을에"
_BEFORE_PERSON = "개이저그아야"
_HANGUL = re.compile(r"[가-힣]")
_ENDS_PIECE = re.compile(
    r"$|[^가-힣A-Za-z0-9]|(?:놈|년|롬|럼|넘|뇬|아|야|이|새|들|것|은|는|을|를|가|도|같|의|ㅋ|ㅎ|ㅠ|라|하|만|짓|네|인|임|에|와|과|까|로)"
)

_ENDS_SPACED = re.compile(r"$|[^가-힣A-Za-z0-9]|(?:놈|년|롬|럼|넘|뇬|새끼|들|것)|(?:아|야|이|네)(?![가-힣])")


def search(text: str, skeleton: bytes, lexicon: Lexicon, gates: Sequence[bool], first_root: int = 0) -> list[Candidate]:
    """Candidates of one text, sorted, without overlaps (longest first). ``gates``: which of the gates (root, mixed, word,
    latin) the text passed; ``first_root``: where that of the roots first matched, in bytes of the skeleton."""
    found: list[Candidate] = []
    if gates[0]:
        found += _roots(text, skeleton, lexicon, first_root)
    if gates[1]:
        found += _mixed(text, skeleton, lexicon)
    if gates[2]:
        found += _words(text, lexicon)
    if gates[3]:
        found += _latin(text, skeleton, lexicon)
    return _disjoint(found)


def _disjoint(found: list[Candidate]) -> list[Candidate]:
    taken: list[Candidate] = []
    for candidate in sorted(found, key=lambda c: (c.doubt is not None, c.start - c.end, c.start)):
        if all(candidate.end <= other.start or other.end <= candidate.start for other in taken):
            taken.append(candidate)
    return sorted(taken, key=lambda c: c.start)


def _roots(text: str, skeleton: bytes, lexicon: Lexicon, first: int) -> list[Candidate]:
    found = []
    for entry, starts in root_starts(lexicon, skeleton, first):
        at = 0
        for start in starts:
            if start < at:
                continue
            match = entry.pattern.match(skeleton, start * WIDTH)
            end = -(-match.end() // WIDTH)
            whole = skeleton[match.end() : end * WIDTH].strip(b"_") == b""
            while not text[end - 1].isalnum():
                end -= 1
            candidate = _root(text, start, end, entry, whole) if end > start else None
            if candidate is not None:
                found.append(candidate)
            at = candidate.end if candidate is not None else start + 1
    return found


def _root(text: str, start: int, end: int, entry: Entry, whole: bool) -> Candidate | None:
    known, end = _known(text, start, end, entry)
    surface = text[start:end]
    if _SEPARATES.search(surface):
        return _separated(text, start, end, entry)
    if _FOREIGN.fullmatch(surface) or not _plausible(text, start, end, entry):
        return None
    left = start > 0 and _HANGUL.match(text[start - 1]) is not None
    right = _ENDS_PIECE.match(text, end) is None
    if _PLAIN.fullmatch(surface):
        return _plain(text, start, end, entry, known, left, right, whole)
    if any(char.isspace() for char in surface):
        return _spaced(text, start, end, entry, known)
    if _LATIN.search(surface):
        return Candidate(start, end, entry, None) if _hybrid(text, start, end, entry, right) else None
    if _JAMO.search(surface):
        return Candidate(start, end, entry, None) if not left or not _LAUGHTER.search(surface) else None
    if known and not (right and _SOFT_SIGNS.search(surface)):
        return Candidate(start, end, entry, "inside" if left else None)
    return None


def _separated(text: str, start: int, end: int, entry: Entry) -> Candidate | None:
    """``시,발``: a known spelling whole, with nothing but one such sign inside, that stands alone."""
    bare = _BARE.sub("", text[start:end])
    hidden = len(bare) == end - start - 1 and entry.known.fullmatch(bare) and _context(text, start, end, entry)
    alone = (start == 0 or text[start - 1].isspace()) and _ENDS_SPACED.match(text, end)
    return Candidate(start, end, entry, None) if hidden and alone else None


def _hybrid(text: str, start: int, end: int, entry: Entry, right: bool) -> bool:
    """``si발``, ``ㅅl발``, ``씨x발``: all that is Hangul belongs to the word, or the word is complete when vowels are read
    where Latin letters are drawn for them."""
    if right or (start > 0 and text[start - 1].isalnum()) or _latin_side(text, end):
        return False
    surface = text[start:end]
    return set(_BARE.sub("", surface)) <= entry.syllables or entry.known.fullmatch(composed(surface)) is not None


def _plain(text: str, start: int, end: int, entry: Entry, known: bool, left: bool, right: bool, whole: bool):
    if entry.never is not None and entry.never.fullmatch(text[start:end]):
        return None
    if known:
        apart = not right and (not left or text[start - 1] in _BEFORE_PERSON)
        if not apart and entry.weak is not None and entry.weak.fullmatch(text[start:end]):
            return None
        return Candidate(start, end, entry, "inside" if left or right else None)
    if not whole and not entry.strict and not right and not left:
        together = run_together(text[start:end])
        if together and entry.known.fullmatch(together[:-1]) and together[-1] in _AFTER_LIAISON:
            return Candidate(start, end, entry, "unknown")
    if whole and not entry.strict and not right and (not left or text[start - 1] in _BEFORE_PERSON):
        return Candidate(start, end, entry, "unknown")
    return None


def _known(text: str, start: int, end: int, entry: Entry) -> tuple[bool, int]:
    """Whether the span is a known spelling, drawn-out vowels and an added coda ㅅ aside, and where that spelling ends."""
    bare = _BARE.sub("", text[start:end])
    if any(entry.known.fullmatch(form) for form in (bare, collapsed(bare), without_codas(bare))):
        return True, end
    match = entry.known.match(bare)
    if match is None or match.end() == 0:
        return False, end
    left = match.end()
    for at in range(start, end):
        left -= _BARE.match(text[at]) is None
        if left == 0:
            return True, at + 1
    return True, end


def _spaced(text: str, start: int, end: int, entry: Entry, known: bool) -> Candidate | None:
    pieces = text[start:end].split()
    alone = start == 0 or not (text[start - 1].isalnum())
    if not entry.spaced and len(text[start:end].split()) < 3:
        return None
    single = known and all(len(piece) == 1 for piece in pieces) and _ENDS_SPACED.match(text, end)
    drawn = (
        _JAMO.search(text, start, end)
        and not _LAUGHTER.search(text, start, end)
        and max(map(len, pieces)) <= 3
        and len(pieces) > 1
    )
    if alone and (single or drawn):
        return Candidate(start, end, entry, None)
    return None


def _mixed(text: str, skeleton: bytes, lexicon: Lexicon) -> list[Candidate]:
    found = []
    for entry in matching(lexicon.mixed, lexicon.mixed_set, skeleton):
        for match in entry.pattern.finditer(skeleton):
            start, end = match.start() // WIDTH, match.end() // WIDTH
            if match.start() % WIDTH == 0 and _plausible(text, start, end, entry):
                found.append(Candidate(start, end, entry, None))
    return found


def _words(text: str, lexicon: Lexicon) -> list[Candidate]:
    found = []
    for entry in matching(lexicon.words, lexicon.word_set, encoded(text)):
        for match in entry.pattern.finditer(text):
            start, end = match.span()
            if end > start and _plausible(text, start, end, entry):
                found.append(Candidate(start, end, entry, None))
    return found


def _latin(text: str, skeleton: bytes, lexicon: Lexicon) -> list[Candidate]:
    found = []
    for entry in matching(lexicon.latin, lexicon.latin_set, skeleton):
        for match in entry.latin.finditer(skeleton):
            start, end = match.start() // WIDTH, -(-match.end() // WIDTH)
            while end > start and not text[end - 1].isalnum():
                end -= 1
            if not _latin_side(text, start - 1) and not _latin_side(text, end):
                found.append(Candidate(start, end, entry, None))
    return found


def _latin_side(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and (text[at].isalnum() or text[at] in "_-/@.=&?")


def _plausible(text: str, start: int, end: int, entry: Entry) -> bool:
    """Nothing inside that no one hides a word with, no part of code or of a list of letters, and the entry's own context."""
    surface = text[start:end]
    if _NOT_INSIDE.search(surface) or (surface.isascii() and (_latin_side(text, start - 1) or _latin_side(text, end))):
        return False
    if (" " in surface or len(surface) == 1) and (
        _LISTED_LEFT.search(text[max(0, start - 2) : start]) or _LISTED_RIGHT.search(text[end : end + 3])
    ):
        return False
    return _context(text, start, end, entry)


def _context(text: str, start: int, end: int, entry: Entry) -> bool:
    left, right = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    if entry.after is not None and not entry.after.search(left):
        return False
    if entry.before is not None and not entry.before.search(right):
        return False
    if entry.not_after is not None and entry.not_after.search(left):
        return False
    return entry.not_before is None or not entry.not_before.search(right)
