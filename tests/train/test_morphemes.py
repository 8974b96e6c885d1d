"""Morpheme boundaries on the surface: words are cut, never changed; and what the comparison counts."""

import subprocess
import sys

import pytest
from tests.train.corpus import RELEASE
from tests.train.test_tokenizer import MIXED

from malmoi.contracts.release import load_release
from malmoi.contracts.tokenizers import promoted, shelf
from malmoi.train.morphemes import MorphemeEncoder, Morphemes, segments
from malmoi.train.pieces import compiled
from malmoi.train.tokenizer_report import Boundaries, _places, compare


@pytest.fixture(scope="module")
def morphemes():
    return Morphemes()


@pytest.mark.parametrize(
    "piece, cut",
    [
        (" 학교에서", [" 학교", "에서"]),
        ("먹었습니다", ["먹", "었", "습니다"]),
        (" 사람들은", [" 사람", "들", "은"]),
        # near misses: nothing to cut
        (" 바나나", [" 바나나"]),
        (" 어머나", [" 어머나"]),
        # stem and ending share a syllable: only the rest can be cut off
        ("했다", ["했", "다"]),
        ("갔다", ["갔", "다"]),
        # no Korean: left alone
        (" corpus", [" corpus"]),
        ("\n\n", ["\n\n"]),
        ("7", ["7"]),
        ("가" * 40, ["가" * 40]),
    ],
)
def test_where_words_are_cut(morphemes, piece, cut):
    assert list(morphemes.cut([piece])) == [cut]


def test_segments_joined_are_the_text():
    for splitting in (True, False):
        for found, text in zip(segments([[text] for text in MIXED], splitting), MIXED, strict=True):
            assert "".join(found) == text


def test_an_encoder_along_morphemes_is_lossless_and_crosses_no_boundary(packed):
    lake, recipe, _ = packed
    path = lake.join(promoted(lake, recipe.tokenizer)["path"])
    use = MorphemeEncoder(path)
    for text, ids in zip(MIXED, use.encode(MIXED), strict=True):
        assert use.decode(ids) == text
    ids = use.encode([" 학교에서"])[0]
    assert _places(use.spellings(ids)) >= {len(" 학교".encode())}


def test_the_second_time_from_memory_is_the_same(morphemes):
    pieces = compiled(True).findall("우리는 오래된 골목길을 걸었다. 우리는 다시 걸었다.")
    assert list(morphemes.cut(pieces)) == list(morphemes.cut(pieces)) == list(Morphemes().cut(pieces))


def test_boundaries_are_counted_by_byte():
    assert _places(["학교".encode(), "에서".encode()]) == {6}
    counted = Boundaries()
    counted.add({3, 6}, {6})
    counted.add({6}, {6, 9})
    assert counted.shares() == {"precision": 0.6667, "recall": 0.6667}


@pytest.mark.slow
def test_the_comparison_of_two_vocabularies(packed, recipes):
    lake, recipe, _ = packed
    results = compare(lake, load_release(lake, RELEASE), recipe, 50)
    assert results["plain"]["vocabulary"] <= 600 and results["morphemes"]["vocabulary"] <= 600
    for source in ("kin", "web"):
        plain, aware = (results[name]["sources"][source] for name in ("plain", "morphemes"))
        assert aware["precision"] > plain["precision"] and aware["recall"] > plain["recall"]
        assert plain["bytes_per_token"] > aware["bytes_per_token"] > 1  # what the boundaries cost
        kiwi = results["kiwi"]["sources"][source]
        assert kiwi["recall"] == 1.0 and kiwi["bytes_per_token"] <= aware["bytes_per_token"]


def test_a_release_without_held_out_documents_is_said_in_one_line(packed, tmp_path, root):
    lake, _, _ = packed
    recipe = tmp_path / "none.toml"
    recipe.write_text('name = "none"\n[sources.web]\ntype = "warc"\n[train]\nheld_out_share = 0.0\n')
    done = subprocess.run(
        [sys.executable, "-m", "malmoi.train.tokenizer_report", "--lake", lake.root, "--release", RELEASE, "--recipe", str(recipe)],
        capture_output=True, text=True, check=False, cwd=root / "spark_jobs",
    )  # fmt: skip
    assert done.returncode == 3
    assert "malmoi: error: release 2026-11-01: no held-out documents; raise train.held_out_share" in done.stderr
    assert not (shelf(lake) / f"report-{RELEASE}.json").exists()
