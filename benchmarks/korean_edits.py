"""Edits that make copies of a Korean text, and texts that only look like copies. Used by dedup_quality.py.

An edit takes a text and a seeded random generator. All added sentences are made up here.
"""

import random
import re
from collections.abc import Callable

Edit = Callable[[str, random.Random], str]

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_PARTICLES = "은는이가을를에의도로와과만요다고며"
_LAST_HANGUL = re.compile(r"[가-힣](?=[^\w]*$)")
_SUBJECTS = (
    "우리 동네 도서관은",
    "어제 열린 장터에서는",
    "이 골목의 빵집은",
    "지난주 모임에 온 분들은",
    "새로 생긴 산책로는",
)
_ADVERBS = ("생각보다 조용하게", "아침 일찍부터", "비가 그친 뒤에야", "별다른 안내도 없이", "여느 때처럼")
_ENDS = (
    "사람들을 맞이했습니다.",
    "하루를 시작한다고 합니다.",
    "오래 기억에 남았어요.",
    "문을 닫았다고 전했다.",
    "다시 찾고 싶어졌다.",
)


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(text.strip()) if sentence]


def made_up(rng: random.Random, count: int) -> str:
    """Sentences that stand in no other text."""
    return " ".join(
        f"{rng.choice(_SUBJECTS)} {rng.randrange(2, 98)}번째 {rng.choice(_ADVERBS)} {rng.choice(_ENDS)}"
        for _ in range(count)
    )


def particles(share: float) -> Edit:
    """Replaces the last syllable of that share of the eojeol, as another josa or ending would."""

    def edit(text: str, rng: random.Random) -> str:
        words = text.split(" ")
        places = [at for at, word in enumerate(words) if _LAST_HANGUL.search(word)]
        for at in rng.sample(places, max(1, round(share * len(words)))):
            words[at] = _LAST_HANGUL.sub(rng.choice(_PARTICLES), words[at])
        return " ".join(words)

    return edit


def spacing(text: str, rng: random.Random) -> str:
    """Takes out a third of the spaces and puts some in elsewhere."""
    out = []
    for letter in text:
        if letter == " " and rng.random() < 0.3:
            continue
        out.append(letter)
        if letter != " " and rng.random() < 0.03:
            out.append(" ")
    return "".join(out)


def no_spaces(text: str, rng: random.Random) -> str:
    return re.sub(r"[ \t]+", "", text)


def line_breaks(text: str, rng: random.Random) -> str:
    return "".join("\n" * rng.randrange(1, 3) if c == " " and rng.random() < 0.2 else c for c in text)


def punctuation(text: str, rng: random.Random) -> str:
    """Other quotes, middle dots and commas; some full stops gone."""
    text = text.translate(str.maketrans("'\"‘’“”·,", "‘“''\"\"ㆍ，"))
    return "".join("" if c == "." and rng.random() < 0.5 else c for c in text)


def numbers(text: str, rng: random.Random) -> str:
    """Every number becomes another one of the same length, as when an article is updated."""
    return re.sub(r"\d+", lambda found: "".join(rng.choice("123456789") for _ in found[0]), text)


def sentences_removed(text: str, rng: random.Random) -> str:
    """One in four sentences, at least one."""
    found = sentences(text)
    for at in sorted(rng.sample(range(len(found)), max(1, len(found) // 4)), reverse=True):
        del found[at]
    return " ".join(found)


def rotated(text: str, rng: random.Random) -> str:
    found = sentences(text)
    at = rng.randrange(1, len(found))
    return " ".join(found[at:] + found[:at])


def shuffled(text: str, rng: random.Random) -> str:
    found = sentences(text)
    rng.shuffle(found)
    return " ".join(found)


def paragraph_added(text: str, rng: random.Random) -> str:
    """A paragraph of a third of the text's sentences, at least one, at its start or end."""
    added = made_up(rng, max(1, len(sentences(text)) // 3))
    return f"{added}\n\n{text}" if rng.random() < 0.5 else f"{text}\n\n{added}"


def header_footer(text: str, rng: random.Random) -> str:
    """Another byline and another notice around the same text."""
    place = rng.choice(("한들", "새벽", "너른", "은하"))
    name = rng.choice(("김가온", "이라온", "박다온", "최하람"))
    header = f"[{place}신문 = {name} 기자] 입력 2026.{rng.randrange(1, 13):02}.{rng.randrange(1, 29):02} {rng.randrange(10, 24)}:30"
    footer = rng.choice(
        (f"{name} 기자 / 저작권자 {place}신문 무단전재 금지", f"제보는 {place}신문 누리집으로", "관련 글 더 보기")
    )
    return f"{header}\n{text}\n{footer}"


def syllables(text: str, rng: random.Random) -> str:
    """Two in a hundred syllables are mistyped."""
    return "".join(chr(rng.randrange(0xAC00, 0xD7A4)) if "가" <= c <= "힣" and rng.random() < 0.02 else c for c in text)


def chain(*edits: Edit) -> Edit:
    def edit(text: str, rng: random.Random) -> str:
        for one in edits:
            text = one(text, rng)
        return text

    return edit


EDITS: dict[str, Edit] = {
    "particles_2%": particles(0.02),
    "particles_5%": particles(0.05),
    "spacing": spacing,
    "no_spaces": no_spaces,
    "line_breaks": line_breaks,
    "punctuation": punctuation,
    "numbers": numbers,
    "sentences_removed": sentences_removed,
    "rotated": rotated,
    "shuffled": shuffled,
    "paragraph_added": paragraph_added,
    "header_footer": header_footer,
    "mistyped": syllables,
    "particles_and_spacing": chain(particles(0.05), spacing),
    "shuffled_and_header": chain(shuffled, header_footer),
}
"""Fifteen edits; a pair of a text and its edit is a near duplicate."""


def half_quote(text: str, other: str, rng: random.Random) -> str:
    """Half of one text's characters, and half of another's: a post that quotes."""
    mine, theirs = text[: len(text) // 2], other[len(other) // 2 :]
    return f"{mine}\n\n{theirs}" if rng.random() < 0.5 else f"{theirs}\n\n{mine}"


def template_pages(rng: random.Random, count: int) -> list[str]:
    """Notices of one site: the same frame around different content."""
    found = []
    for number in range(count):
        found.append(
            f"알림마당 > 공지 > 제{number + 1}호\n담당 부서 누리소통과, 문의는 평일 아홉 시부터 여섯 시까지 받습니다.\n\n"
            f"{made_up(rng, 4)}\n\n이 글은 공공누리 제1유형에 따라 이용할 수 있습니다. 만족도를 남겨 주세요. 목록으로 이전 글 다음 글"
        )
    return found
