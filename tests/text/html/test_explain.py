"""What became of every block of a page, and why."""

from malmoi.text.html import NO_RULES, SiteRule, SiteRules, extract
from malmoi.text.html.explain import explain

STORY = "장독대 옆에 앉은 할머니가 고추를 널었다. 햇볕이 좋아서 하루면 바싹 마른다고 했다. " * 4
PAGE = f"""<html><head><title>고추 말리기</title></head><body>
<nav><a href="/">처음으로</a><a href="/all">모든 글</a></nav>
<article><h1>고추 말리기</h1><p>{STORY}</p><p>조회 12</p></article>
<div class="comments"><p>저도 어제 널었어요.</p></div>
<div style="display:none"><p>숨은 글</p></div><footer><p>© 장독대 신문</p></footer></body></html>"""


def fates(rules=NO_RULES) -> dict[str, tuple[str, str]]:
    return {one.text[:5]: (one.fate, one.why) for one in explain(PAGE, "https://jangdok.example/1", rules)}


def test_each_block_has_its_fate():
    assert fates() == {
        "처음으로모": ("cut", "nav"), "# 고추 ": ("cut", "furniture"), "장독대 옆": ("kept", ""),
        "조회 12": ("cut", "furniture"), "저도 어제": ("cut", "comments"), "숨은 글": ("cut", "hidden"),
        "© 장독대": ("cut", "footer"),
    }  # fmt: skip


def test_a_site_rule_says_that_it_was_the_rule():
    rule = SiteRule("jangdok", hosts=("jangdok.example",), content=("article",))
    found = fates(SiteRules((rule,), {"jangdok.example": rule}))
    assert found["장독대 옆"] == ("kept", "") and found["저도 어제"] == ("cut", "site_rule")


def test_what_is_kept_is_what_extract_takes():
    kept = [one.text for one in explain(PAGE, "https://jangdok.example/1", NO_RULES) if one.fate == "kept"]
    assert "\n\n".join(kept) == extract(PAGE, "https://jangdok.example/1", NO_RULES).text
