"""Recipes: the shipped ones load, and whatever is wrong with one is a single line that says where and what is allowed."""

from pathlib import Path

import pytest

from malmoi.contracts.errors import RecipeError
from malmoi.contracts.recipe import load_recipe, recipe_from_mapping

SMALL = 'name = "small"\n[sources.web]\ntype = "warc"\n'


def written(tmp_path: Path, content: str, name: str = "mine.toml") -> Path:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    return path


def test_the_nightly_recipe(recipes):
    recipe = load_recipe(recipes / "nightly.toml")
    assert recipe.name == "nightly" and list(recipe.sources) == ["web", "news", "kin", "blog"]
    assert recipe.for_source("quality", "news").min_chars > recipe.quality.min_chars
    assert recipe.for_source("quality", "news").max_chars == recipe.quality.max_chars


def test_the_demo_recipe_changes_only_what_it_says(recipes):
    nightly, demo = load_recipe(recipes / "nightly.toml"), load_recipe(recipes / "demo.toml")
    assert demo.name == "demo" and demo.hash() != nightly.hash()
    for section in ("sources", "quality", "profanity", "privacy", "dedup", "shards", "overrides"):
        assert getattr(demo, section) == getattr(nightly, section)
    assert demo.gate.allow_missing_sources and not nightly.gate.allow_missing_sources


def test_extends_merges_tables_key_by_key_and_replaces_the_rest(tmp_path):
    written(
        tmp_path, SMALL + '[quality]\nmin_chars = 7\nmax_chars = 70\n[gate]\ncanaries = ["하나하나"]\n', "base.toml"
    )
    recipe = load_recipe(
        written(tmp_path, 'extends = "base.toml"\nname = "child"\n[quality]\nmax_chars = 90\n[gate]\ncanaries = []\n')
    )
    assert (recipe.name, recipe.quality.min_chars, recipe.quality.max_chars) == ("child", 7, 90)
    assert recipe.gate.canaries == () and list(recipe.sources) == ["web"]


def test_extends_in_a_circle_and_into_nothing(tmp_path):
    written(tmp_path, 'extends = "two.toml"\n', "one.toml")
    written(tmp_path, 'extends = "one.toml"\n', "two.toml")
    with pytest.raises(RecipeError, match=r"one\.toml: extends itself, through one\.toml -> two\.toml"):
        load_recipe(tmp_path / "one.toml")
    with pytest.raises(RecipeError, match=r"gone\.toml: no such recipe; recipes lie in"):
        load_recipe(written(tmp_path, 'extends = "gone.toml"\n'))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("qualty = {}\n" + SMALL, ["unknown key 'qualty'", "allowed are name, description, sources"]),
        (SMALL + "[quality]\nmin_char = 3\n", ["quality: unknown key 'min_char'", "min_chars"]),
        (SMALL + "[sources.news]\ntype = 'wrac'\n", ["sources.news.type = 'wrac'", "must be one of warc, jsonl"]),
        (SMALL + "[sources.news]\nweight = 1.0\n", ["sources.news: type is missing", "format of the landing files"]),
        (SMALL + "[quality]\nmin_chars = '20'\n", ["quality.min_chars = '20'", "must be a whole number"]),
        (SMALL + "[quality]\nmin_chars = 2.5\n", ["quality.min_chars = 2.5", "must be a whole number"]),
        (SMALL + "[quality]\nmin_chars = true\n", ["quality.min_chars = True", "must be a whole number"]),
        (SMALL + "[quality]\nmax_digit_share = true\n", ["quality.max_digit_share = True", "must be a number"]),
        (SMALL + "[quality]\nmax_digit_share = 1.01\n", ["quality.max_digit_share = 1.01", "between 0 and 1"]),
        (SMALL + "[quality]\nmax_digit_share = nan\n", ["quality.max_digit_share = nan", "between 0 and 1"]),
        (SMALL + "[dedup]\nbands = 0\n", ["dedup.bands = 0", "between 1 and 256"]),
        (SMALL + "[gate]\nallow_missing_sources = 1\n", ["allow_missing_sources = 1", "must be true or false"]),
        (SMALL + "[gate]\ncanaries = 'x'\n", ["gate.canaries = 'x'", "must be a list of texts"]),
        (SMALL + "[profanity]\nexempt = ['poetry']\n", ["profanity.exempt", "'poetry' must be one of dictionary"]),
        (SMALL + "[privacy.policy]\nfone = 'tag'\n", ["privacy.policy", "unknown 'fone'", "phone"]),
        (SMALL + "[privacy.policy]\nphone = 'hide'\n", ["phone = 'hide'", "must be one of remove, tag, surrogate"]),
        (SMALL + "[quality]\nmin_chars = 90\nmax_chars = 80\n", ["quality for web", "min_chars is above max_chars"]),
        (SMALL + "[quality.source.web]\nmin_chars = 2_000_000\n", ["quality.source.web.min_chars", "1000000"]),
        (SMALL + "[quality.source.news]\nmin_chars = 9\n", ["quality.source.news", "no such source", "has web"]),
        (SMALL + "[dedup.source.web]\nbands = 9\n", ["dedup: unknown key 'source'"]),
        (SMALL + "[privacy.policy]\nrrn = 'keep'\n", ["privacy.policy.rrn = 'keep'", "use remove, tag or surrogate"]),
        (SMALL + "[privacy.source.web.policy]\npassport = 'keep_part'\n", ["policy.passport = 'keep_part'", "by law"]),
        ("quality = 5\n" + SMALL, ["quality = 5", "must be a table"]),
        ("quality = []\n" + SMALL, ["quality = []", "must be a table"]),
        (SMALL + "[quality]\nsource = 5\n", ["quality.source = 5", "must be a table"]),
        (SMALL + "[quality.source]\nweb = 5\n", ["quality.source.web = 5", "must be a table"]),
        (SMALL + "[train.environment]\nTHREADS = 2\n", ["train.environment", "THREADS = 2", "must be text"]),
        ("sources = 3\n", ["at least one [sources.NAME] table"]),
        ("name = 3\n[sources.web]\ntype = 'warc'\n", ["name = 3", "must be text"]),
        ("name = \n", ["not TOML"]),
    ],
)  # fmt: skip
def test_one_line_says_where_what_and_what_is_allowed(tmp_path, content, said):
    path = written(tmp_path, content)
    with pytest.raises(RecipeError) as caught:
        load_recipe(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and "\n" not in message
    assert [word for word in said if word not in message] == []


def test_min_above_max_only_through_an_override(tmp_path):
    body = SMALL + '[sources.kin]\ntype = "kin"\n[quality]\nmax_chars = 80\n[quality.source.kin]\nmin_chars = 81\n'
    with pytest.raises(RecipeError, match="quality for kin: min_chars is above max_chars"):
        load_recipe(written(tmp_path, body))
    assert load_recipe(written(tmp_path, body.replace("81", "80"))).for_source("quality", "kin").min_chars == 80


def test_changes_are_checked_like_the_file(tmp_path):
    path = written(tmp_path, SMALL)
    assert load_recipe(path, {"train": {"steps": 7}}).train.steps == 7
    with pytest.raises(RecipeError, match=r"train\.steps = 0: must lie between"):
        load_recipe(path, {"train": {"steps": 0}})


def test_an_overridden_policy_keeps_the_other_entities():
    recipe = recipe_from_mapping(
        {"sources": {"web": {"type": "warc"}}, "privacy": {"policy": {"email": "surrogate"},
         "source": {"web": {"policy": {"phone": "remove"}}}}}
    )  # fmt: skip
    policy = recipe.for_source("privacy", "web").policy
    assert (policy["email"], policy["phone"], policy["rrn"]) == ("surrogate", "remove", "tag")
    assert recipe.for_source("privacy", "other").policy["phone"] == "tag"


def test_select_keeps_the_order_and_refuses_strangers(recipes):
    recipe = load_recipe(recipes / "nightly.toml")
    assert list(recipe.select(["blog", "web"]).sources) == ["web", "blog"]
    with pytest.raises(RecipeError, match="no source named 'cafe'; it has web, news, kin, blog"):
        recipe.select(["web", "cafe"])


def test_the_hash_is_of_the_values_alone(tmp_path):
    one = load_recipe(written(tmp_path, SMALL, "one.toml"))
    two = load_recipe(written(tmp_path, "# said differently\n" + SMALL + "[quality]\nmin_chars = 20\n", "two.toml"))
    assert one.hash() == two.hash() and len(one.hash()) == 64
    for changed in ("[quality]\nmin_chars = 21\n", "[quality.source.web]\nmin_chars = 21\n", "[dedup]\nseed = 2\n"):
        assert load_recipe(written(tmp_path, SMALL + changed, "three.toml")).hash() != one.hash()
