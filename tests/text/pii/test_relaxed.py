"""The relaxed expressions let pass whatever their patterns match."""

import random
import re

import pytest

from malmoi.text.pii import find, gates, normal, relaxed, rules
from malmoi.text.scan import encoded, finder, scanner

FAMILIES = rules.STRUCTURED + rules.COSTLY
EXAMPLES = [example.replace("⟦", "").replace("⟧", "") for family in FAMILIES for example in (*family.POSITIVES, *family.NEAR_MISSES)]  # fmt: skip
PIECES = (
    *EXAMPLES, " ", "\n", "\u3000", "\x1f", ":", "|", "(", ")", "-", "*", "가", "홍길동", "씨", "A", "7", "_", "@", "/", "１", "ː", "ℕ", "😀",
)  # fmt: skip


def _text(rng: random.Random) -> str:
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 30)))


@pytest.mark.parametrize(
    "pattern, expression",
    [
        (r"(?P<value>가+?)(?>나)(?:다)", r"(?:가+?)(?:나)(?:다)"),
        (r"가(?![나(]|\)(?=다))라$", "가라"),
        (r"(?<![가-힣\s])이름", r"(?:\A|[^가-힣\s])이름"),
        (r"(?<!~)(?<!= )1", r"(?:\A|[^~])1"),
        (r"(?<!나라)(?<=[=])1\Z", "1"),
        (r"\(\[[()\]]?\d", r"\(\[[()\]]?[0-9\x{80}-\x{10ffff}]"),
        (r"[^\s()]{2,3}\S", r"[^\s()]{2,3}\S"),
    ],
)
def test_assertions_leave(pattern: str, expression: str) -> None:
    assert relaxed.relaxed(re.compile(pattern)) == expression


def test_white_space_is_pythons() -> None:
    blank = scanner(relaxed.relaxed(re.compile(r"\s")))
    for code in (*range(0xD800), *range(0xE000, 0x110000)):
        if chr(code).isspace() or code < 0x100:
            assert bool(blank.fullmatch(chr(code).encode())) is chr(code).isspace(), hex(code)


def test_flags_are_refused() -> None:
    with pytest.raises(ValueError):
        relaxed.relaxed(re.compile("메일", re.IGNORECASE))


def test_no_pattern_matches_where_its_relaxed_one_finds_nothing() -> None:
    rng = random.Random(20261128)
    matched = set()
    for text in [*EXAMPLES, *(_text(rng) for _ in range(300))]:
        start = rng.randint(0, len(text) // 2)
        end = rng.randint(start, len(text))
        for rule in (rule for family in FAMILIES for rule in family.RULES):
            for low, high in ((0, len(text)), (start, end)):
                if rule.pattern.search(text, low, high):
                    matched.add(rule.pattern)
                    assert relaxed.search(rule.pattern)(encoded(text[max(0, low - 1) : high])), (rule.pattern, text)
    assert len(matched) > 50


def test_the_spans_are_those_that_all_rules_find(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(9)
    texts = [*EXAMPLES, *(_text(rng) for _ in range(100))]
    found = [find(text) for text in texts]
    everywhere = finder(scanner(""))
    monkeypatch.setattr(rules, "_searches", lambda family: [(rule, everywhere) for rule in family.RULES])
    assert found == [find(text) for text in texts]


def test_gates_let_pass_what_holds_a_seed_and_what_some_rule_can_match() -> None:
    rng = random.Random(31)
    texts = ["", *EXAMPLES, *(_text(rng) for _ in range(300))]
    several = [find(text) for text in texts]
    passed = gates.families(texts)
    for text, spans, families in zip(texts, several, passed, strict=True):
        entities = {entity for family in families for entity in family.ENTITIES} | {rules.NEAR_NAME}
        assert find(text, entities if families else ()) == spans, text
        for family in FAMILIES:
            plain = encoded(normal.view(text).text)
            seeded = scanner(f"{gates._ODD}|{family.SEED}").search(encoded(text)) is not None
            matched = any(relaxed.search(rule.pattern)(plain) for rule in family.RULES)
            assert (family in families) is (seeded and matched), (text, family.__name__)
    assert gates.families(texts, costly=False) == [
        [family for family in families if family in rules.STRUCTURED] for families in passed
    ]
