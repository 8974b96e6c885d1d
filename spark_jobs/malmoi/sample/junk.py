"""Pages that must not get into the corpus: spam, lists, noise, other languages, machine-made filler, giants."""

from random import Random

from malmoi.sample.dress import Draft
from malmoi.sample.library import Passage, fill, passages, table
from malmoi.sample.private import source_of

_WORDLESS = (
    "few_josa_eomi",
    "broken_text",
    "few_sentences",
    "list_lines",
    "low_quality",
    "too_short",
    "repeated_ngrams",
)
REASONS: dict[str, tuple[str, ...]] = {
    "spam-gambling": ("spam", "many_symbols", "filler", *_WORDLESS),
    "spam-loan": ("spam", "many_symbols", "filler", *_WORDLESS),
    "spam-ad": ("spam", "many_symbols", "many_digits", "filler", *_WORDLESS),
    "keyword-list": ("spam", "filler", *_WORDLESS),
    "other-language": ("not_korean",),
    "teaser": ("truncated", "too_short"),
    "too-short": ("too_short", "empty_text", "boilerplate_only"),
    "link-list": ("empty_text", "boilerplate_only", *_WORDLESS),
    "noise": (
        "lone_jamo",
        "no_spaces",
        "eojeol_length",
        "many_digits",
        "many_symbols",
        "repeated_lines",
        "not_korean",
        "spam",
        "empty_text",
        *_WORDLESS,
    ),
    "filler": ("filler", "repeated_ngrams", "repeated_lines", "low_quality", "spam", "truncated", "broken_text"),
    "giant-text": ("too_long", "filler", "repeated_ngrams", "repeated_lines", "low_quality", "record_too_large"),
}

_TOPICS = ("캠핑 의자", "무선 청소기", "자동차 보험", "임플란트 가격", "제습기 전기세")
_DOORWAY = (
    "오늘은 많은 분들이 궁금해하시는 {topic}에 대해 알아보겠습니다. {topic}에 대해 궁금하셨다면 끝까지 읽어 주세요.",
    "{topic}는 요즘 정말 많은 관심을 받고 있는 주제입니다. 그래서 오늘은 {topic}에 대한 모든 것을 정리해 보았습니다.",
    "{topic}를 찾으시는 분들이라면 {topic}의 장점과 단점을 꼭 알아 두셔야 합니다. {topic}의 장점은 정말 다양합니다.",
    "지금까지 {topic}에 대해 알아보았습니다. {topic}에 대한 정보가 도움이 되셨다면 공감과 댓글 부탁드립니다.",
)


def junk_drafts(seed: int) -> list[Draft]:
    """One draft for each entry of ``passages/junk.toml``."""
    drafts = []
    for entry in table("junk")["junk"]:
        rng = Random(f"{seed}/junk/{entry['id']}")
        chosen: dict[str, str] = {}
        title, text = fill(entry["title"], rng, chosen), fill(entry["text"].strip(), rng, chosen)
        passage = Passage(entry["id"], "junk", title, text, entry.get("section", ""))
        drafts.append(_drop(passage, entry["site"], entry["plant"]))
    return drafts


def _drop(passage: Passage, site: str, plant: str) -> Draft:
    return Draft(passage, site, source_of(site), plant=plant, expect="drop", reasons=REASONS[plant])


def filler_drafts(seed: int) -> list[Draft]:
    """Doorway pages: one sentence frame after another around a search word, again and again."""
    drafts = []
    for number, topic in enumerate(_TOPICS):
        rng = Random(f"{seed}/filler/{number}")
        parts = [frame.format(topic=topic) for _ in range(3) for frame in rng.sample(_DOORWAY, len(_DOORWAY))]
        passage = Passage(f"doorway-{number}", "junk", f"{topic} 총정리 추천", "\n\n".join(parts))
        drafts.append(_drop(passage, ("skin", "smart-editor", "press")[number % 3], "filler"))
    return drafts


def giant_markup_draft(passage: Passage, rng: Random) -> Draft:
    """A good text in a page whose scripts and styles weigh megabytes."""
    entries = ",".join(
        f'"{rng.getrandbits(64):016x}":[{rng.randint(1, 9999)},{rng.randint(1, 9999)}]' for _ in range(4_000)
    )
    blob = ",".join([entries] * 20)
    head = f"<script>window.__STATE__={{{blob}}};</script>"
    return Draft(passage, "skin", "blog", plant="giant-markup", extra_head=head)


def giant_text_draft(seed: int, chars: int = 1_050_000) -> Draft:
    """More text than a document may have: a log that grew for years, put together from the pools' sentences."""
    rng = Random(f"{seed}/giant")
    lines = [line for p in passages("blog", seed) for line in p.text.split("\n") if len(line) > 40]
    parts: list[str] = []
    size = 0
    while size < chars:
        parts.append(f"{len(parts) + 1}번째 기록. {rng.choice(lines)} {rng.choice(lines)}")
        size += len(parts[-1]) + 2
    return _drop(Passage("giant", "junk", "끝나지 않는 기록", "\n\n".join(parts)), "press", "giant-text")
