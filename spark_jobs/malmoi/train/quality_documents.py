"""Documents that teach the default quality model: written sentences, and junk that a seeded generator makes.

The sentences in ``data/quality`` were written for this project. Good documents are its paragraphs; bad ones are
advertising, filler, translationese and page parts put together at random, and good paragraphs that are broken on
purpose: shuffled, spaced apart, misread, repeated, cut off.
"""

import random
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import NamedTuple


class Example(NamedTuple):
    text: str
    good: bool
    group: str  # examples of one group are never on both sides of a split
    wording: bool = True  # False: its words are good ones, only their order or shape is broken


def examples(seed: int, each: int = 220) -> list[Example]:
    """Every example, in an order that depends on ``seed`` only. ``each`` documents of every kind of junk."""
    chance = random.Random(seed)
    paragraphs = _read("good.txt").strip().split("\n\n")
    made: list[Example] = list(_good(paragraphs, chance))
    topics = {name: _topics(f"{name}.txt") for name in ("promo", "filler", "translated", "parts")}
    for kind, make in _KINDS.items():
        for number in range(each * _SHARES.get(kind, 1)):
            text, group = make(chance, paragraphs, topics)
            made.append(Example(text, False, f"{kind}:{group or number % 10}", kind in _WORDING))
    return made


def _read(name: str) -> str:
    return files("malmoi.train").joinpath(f"data/quality/{name}").read_text("utf-8")


def _topics(name: str) -> dict[str, list[str]]:
    topics: dict[str, list[str]] = {}
    for line in _read(name).splitlines():
        if line.startswith("# "):
            current = topics.setdefault(line[2:], [])
        elif line.strip():
            current.extend(line.split("|"))
    return topics


def _good(paragraphs: list[str], chance: random.Random) -> Iterator[Example]:
    for number, paragraph in enumerate(paragraphs):
        group = f"good:{number // 3}"
        yield Example(paragraph, True, group)
        sentences = paragraph.replace("\n", "\n ").split(". ")
        if len(sentences) > 2:
            for size in (2, 3):
                start = chance.randrange(len(sentences) - size + 1)
                yield Example(". ".join(sentences[start : start + size]).rstrip(".") + ".", True, group)
        other = paragraphs[(number // 3) * 3 + chance.randrange(3)] if number // 3 * 3 + 2 < len(paragraphs) else ""
        yield Example(f"{paragraph}\n\n{other}".strip(), True, group)


Topics = dict[str, dict[str, list[str]]]
Make = Callable[[random.Random, list[str], Topics], tuple[str, str]]


def _promotion(chance: random.Random, _: list[str], topics: Topics) -> tuple[str, str]:
    promo = topics["promo"]
    topic = chance.choice([name for name in promo if name != "문의 유도"])
    lines = chance.sample(promo[topic], chance.randint(2, min(5, len(promo[topic]))))
    lines += chance.sample(promo["문의 유도"], chance.randint(0, 2))
    return chance.choice((" ", " ", "\n")).join(lines), topic


def _filler(chance: random.Random, _: list[str], topics: Topics) -> tuple[str, str]:
    filler = topics["filler"]
    if chance.random() < 0.25:
        topic = chance.choice(("인공지능", "빈자리"))
        return " ".join(chance.sample(filler[topic], 3)), topic
    keyword = chance.choice(topics["parts"]["낱말"])
    lines = [
        chance.choice(filler[chance.choice(("서두", "총정리"))]),
        *chance.sample(filler["본문"] + filler["강조"], chance.randint(2, 4)),
        chance.choice(filler["결말"]),
    ]
    lines.insert(1, f"{keyword}에 대해 정리해 드립니다.")
    return " ".join(lines), ""


def _translated(chance: random.Random, _: list[str], topics: Topics) -> tuple[str, str]:
    topic = chance.choice(list(topics["translated"]))
    return " ".join(chance.sample(topics["translated"][topic], chance.randint(2, 4))), topic


def _parts(chance: random.Random, _: list[str], topics: Topics) -> tuple[str, str]:
    topic = chance.choice(("차림표", "꼬리말", "상품표", "낱말", "노래와 책"))
    items = topics["parts"][topic]
    chosen = chance.sample(items, chance.randint(7, min(22, len(items))))
    return chance.choice((" ", " ", "\n", " | ", " / ", ", ")).join(chosen), ""


def _barrier(chance: random.Random, _: list[str], topics: Topics) -> tuple[str, str]:
    lines = chance.sample(topics["parts"]["막힌 페이지"], chance.randint(2, 4))
    return " ".join(lines + chance.sample(topics["parts"]["차림표"], chance.randint(0, 4))), ""


def _salad(chance: random.Random, paragraphs: list[str], _: Topics) -> tuple[str, str]:
    words = " ".join(chance.sample(paragraphs, 2)).split()
    if chance.random() < 0.5:
        words = [word.rstrip(".,?!") for word in words]
    return " ".join(chance.sample(words, min(len(words), chance.randint(18, 40)))), ""


def _spaced(chance: random.Random, paragraphs: list[str], _: Topics) -> tuple[str, str]:
    text = chance.choice(paragraphs).replace("\n", " ").replace(" ", "")
    apart = chance.uniform(0.35, 1.0)
    return "".join(c + (" " if chance.random() < apart else "") for c in text), ""


def _misread(chance: random.Random, paragraphs: list[str], _: Topics) -> tuple[str, str]:
    rate = chance.uniform(0.08, 0.3)
    signs = "l|I10O^',.;~_}{"
    text = "".join(
        c + (chance.choice(signs) if "가" <= c <= "힣" and chance.random() < rate else "")
        for c in chance.choice(paragraphs)
    )
    return text, ""


def _repeated(chance: random.Random, paragraphs: list[str], topics: Topics) -> tuple[str, str]:
    sentence = chance.choice(chance.choice(paragraphs).split(". ")).strip(". \n") + "."
    names = chance.sample(topics["parts"]["낱말"], 5)
    if chance.random() < 0.5:
        return " ".join(f"{name} {sentence}" for name in names), ""
    return chance.choice((" ", "\n")).join([sentence] * chance.randint(3, 6)), ""


def _cut(chance: random.Random, paragraphs: list[str], _: Topics) -> tuple[str, str]:
    text = chance.choice([p for p in paragraphs if len(p) > 90]).replace("\n", " ")
    return text[: chance.randint(40, 75)].rstrip() + chance.choice(("...", "…", " ...더보기", "… [전체보기]")), ""


def _figures(chance: random.Random, _: list[str], topics: Topics) -> tuple[str, str]:
    words = chance.sample(topics["parts"]["상품표"], 6)
    rows = [
        " ".join([chance.choice(words), *(f"{chance.randint(1, 99_999):,}" for _ in range(chance.randint(2, 6)))])
        for _ in range(chance.randint(4, 8))
    ]
    return chance.choice(("\n", " ")).join(rows), ""


def _letters(chance: random.Random, _: list[str], __: Topics) -> tuple[str, str]:
    pools = (
        "ㅁㄴㅇㄹㅂㅈㄷㄱㅅㅋㅌㅊㅍㅎ",
        "ㅋㅎㅠㅜㅇㄱㅅ",
        "".join(map(chr, range(0xAC00, 0xD7A4, 37))),
        "asdfqwerzxcv",
    )
    pool = chance.choice(pools)
    words = ("".join(chance.choices(pool, k=chance.randint(1, 6))) for _ in range(chance.randint(8, 30)))
    return " ".join(words), ""


_SHARES = {"promotion": 3}
_WORDING = ("promotion", "filler", "translated", "parts", "barrier")
_KINDS: dict[str, Make] = {
    "promotion": _promotion,
    "filler": _filler,
    "translated": _translated,
    "parts": _parts,
    "barrier": _barrier,
    "salad": _salad,
    "spaced": _spaced,
    "misread": _misread,
    "repeated": _repeated,
    "cut": _cut,
    "figures": _figures,
    "letters": _letters,
}
