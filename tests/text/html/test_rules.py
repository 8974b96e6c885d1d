"""Site rules: one clear error for whatever is wrong in the file."""

import pytest

from malmoi.contracts.errors import RecipeError
from malmoi.text.html import load_rules


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[sites.a\n", "not TOML"),
        ("[site.a]\nhosts = ['a.kr']", "only [sites.NAME] tables"),
        ("[sites]\na = 1", "must be a table"),
        ("[sites.a]\ncontent = ['p']", "hosts or contains is needed"),
        ("[sites.a]\nhosts = ['a.kr']\nbody = ['p']", "unknown key 'body'; allowed are hosts"),
        ("[sites.a]\nhosts = ['a.kr']\ncontent = 'p'", "content = 'p' must be a list of texts"),
        ("[sites.a]\nhosts = ['a.kr']\nkind = 'blog'", "kind = 'blog' must be one of page"),
        ("[sites.a]\nhosts = ['a.kr']\ncontent = ['p >> q']", "content: 'p >> q' is no CSS selector"),
    ],
)
def test_error(tmp_path, content, message):
    path = tmp_path / "sites.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(RecipeError, match="sites.toml") as caught:
        load_rules(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(RecipeError, match="no such file"):
        load_rules(tmp_path / "none.toml")


def test_host_then_parent_domain_then_mark(tmp_path):
    path = tmp_path / "sites.toml"
    path.write_text(
        "[sites.a]\nhosts = ['a.kr']\n[sites.b]\nhosts = ['b.a.kr']\n[sites.c]\ncontains = ['skin-c']\n", "utf-8"
    )
    rules = load_rules(path)
    assert rules.find("https://x.a.kr/1", b"").name == "a"
    assert rules.find("https://x.b.a.kr/1", b"").name == "b"
    assert rules.find("https://other.kr", b"<body class='skin-c'>").name == "c"
    assert rules.find("https://other.kr", b"") is None
    assert rules.find("http://[broken", b"") is None
