"""The landing folder: same bytes for a seed, and every row of truth is true of the page it speaks about."""

import hashlib
import json
import re
from collections import Counter
from itertools import combinations

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from malmoi.contracts.reasons import Fault, Reason
from malmoi.sample import write
from malmoi.sample.__main__ import main
from malmoi.sample.hostile import RARE
from malmoi.sample.library import passages, threads
from malmoi.sample.plans import FORMS, plan
from malmoi.sample.records import EXPECTATIONS

DIFFERENT = 0.35
ALIKE = 0.88


@pytest.fixture(scope="module")
def planned():
    """Drafts of all pages that belong to a group of copies."""
    return [planned.draft for night in plan(1) for planned in night if planned.draft.group]


def shingles(text: str) -> frozenset[str]:
    flat = re.sub(r"\s+", "", text)
    return frozenset(flat[i : i + 5] for i in range(len(flat) - 4))


def jaccard(a: frozenset, b: frozenset) -> float:
    return len(a & b) / len(a | b)


def digests(folder) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_same_bytes(sample, tmp_path):
    write(tmp_path / "again")
    assert digests(tmp_path / "again") == digests(sample.folder)


def test_another_seed_other_bytes(sample, tmp_path):
    write(tmp_path / "other", seed=2)
    other, first = digests(tmp_path / "other"), digests(sample.folder)
    assert other.keys() == first.keys()
    assert all(other[name] != first[name] for name in first)


def test_enough_of_everything(sample):
    records = Counter((row.batch, row.source) for row in sample.rows)
    assert {source for _, source in records} == {"web", "news", "kin", "blog"}
    nights = Counter(row.batch for row in sample.rows)
    assert nights["2026-11-01"] >= 240 and nights["2026-11-02"] >= 120
    assert len({row.plant for row in sample.rows}) >= 30


def test_truth_speaks_of_known_things(sample):
    known = {*Reason, *Fault}
    for row in sample.rows:
        assert row.expect in EXPECTATIONS
        assert set(row.reasons) <= known, row.plant
        assert bool(row.group) == (row.expect == "kept_once")
        assert row.reasons or row.expect == "keep", row.plant


def test_addresses_are_unique_but_for_deliberate_copies(sample):
    once = Counter(row.url for row in sample.rows if not row.group)
    assert set(once.values()) == {1}
    assert not set(once) & {row.url for row in sample.rows if row.group}


def test_groups_have_at_least_two_members(sample):
    sizes = Counter(row.group for row in sample.rows if row.group)
    assert min(sizes.values()) >= 2
    across = {row.group for row in sample.rows if row.group and row.batch == "2026-11-02"}
    assert len(across) >= 30


def test_planted_values_and_phrases_are_on_the_page(sample):
    for row in sample.rows:
        if row.expect == "quarantine":
            continue
        text = sample.text(row)
        if row.plant == "mojibake-repairable":
            assert all(piece in text for piece in row.must_not_have)
            text = text.encode("latin-1").decode("utf-8")
            assert all(phrase in text for phrase in row.must_stay)
            continue
        for phrase in (*row.must_stay, *row.must_vanish, *row.must_not_have):
            assert phrase in text, (row.plant, row.url, phrase)


def test_what_stays_names_two_phrases(sample):
    for row in sample.rows:
        if row.expect in ("keep", "kept_once"):
            assert len(row.must_stay) >= 2, row.url
            assert not set(row.must_stay) & set(row.must_not_have)
            assert not any(bad in good for good in row.must_stay for bad in (*row.must_not_have, *row.must_vanish))


def test_charsets_are_as_declared(sample):
    rows = [row for row in sample.rows if row.plant.startswith("charset/")]
    assert {row.plant for row in rows} >= {"charset/euc-kr", "charset/utf-16", "charset/cp949-undeclared"}
    for row in rows:
        head = sample.member(row).split(b"\r\n\r\n", 2)[1].decode("latin-1")
        assert (f"charset={row.declared}" in head) == bool(row.declared), row.plant
    for row in rows:
        if row.charset == "cp949":
            assert RARE[:20] in sample.text(row)
            assert b"\x8c" in sample.member(row)  # lead bytes outside EUC-KR


def test_wrong_declarations_are_wrong(sample):
    for row in sample.rows:
        if row.plant == "charset/euc-kr-as-utf-8":
            with pytest.raises(UnicodeDecodeError):
                sample.member(row).decode("utf-8")


def test_cut_members_break_and_stand_last(sample):
    rows = [row for row in sample.rows if row.plant == "truncated-member"]
    assert len(rows) == 4
    for row in rows:
        assert row.offset == max(other.offset for other in sample.rows if other.file == row.file)
        with pytest.raises(EOFError):
            sample.member(row)


def test_fastwarc_reads_every_whole_record(sample):
    for file in {row.file for row in sample.rows if row.file.endswith(".gz")}:
        rows = [row for row in sample.rows if row.file == file and row.plant != "truncated-member"]
        with (sample.folder / file).open("rb") as stream:
            found = {
                record.stream_pos: record.headers["WARC-Target-URI"]
                for record in ArchiveIterator(stream, record_types=WarcRecordType.response)
            }
        assert {row.offset: row.url for row in rows}.items() <= found.items()


def test_broken_lines_are_broken_and_the_others_are_not(sample):
    for row in sample.rows:
        if not row.file.endswith(".jsonl"):
            continue
        line = sample.member(row)
        if row.plant == "broken-json":
            with pytest.raises(ValueError):
                json.loads(line)
        elif row.plant == "missing-field":
            assert "question" not in json.loads(line)
        else:
            assert json.loads(line)["url"] == row.url


def test_some_pages_end_head_and_html_before_the_body(sample):
    early = [row for row in sample.rows if row.expect == "keep" and "</head></html>" in sample.text(row)]
    assert len(early) >= 15


def test_nul_bytes_and_giants_are_there(sample):
    by_plant = {row.plant: row for row in sample.rows}
    assert b"\x00" in sample.member(by_plant["nul-bytes"])
    assert len(sample.member(by_plant["giant-markup"])) > 2_000_000
    assert len(sample.text(by_plant["giant-text"])) > 1_000_000
    assert len(sample.member(by_plant["oversized-record"])) > 32 * 2**20


def test_distinct_texts_are_distinct():
    texts = {p.key: shingles(p.text) for form in FORMS for p in passages(form, 1)}
    texts |= {t.key: shingles(t.question + " ".join(a.text for a in t.answers if a.best)) for t in threads(1)}
    worst = max((jaccard(texts[a], texts[b]), a, b) for a, b in combinations(sorted(texts), 2))
    assert worst[0] < DIFFERENT, worst


def test_copies_are_alike(planned):
    groups = {}
    for draft in planned:
        groups.setdefault(draft.group, []).append(draft.passage)
    assert len(groups) >= 55
    for group, members in groups.items():
        for a, b in combinations(members, 2):
            assert jaccard(shingles(a.text), shingles(b.text)) >= ALIKE, group


def test_near_copies_are_not_equal(planned):
    for draft in planned:
        if draft.passage.key.endswith("~near"):
            originals = [d.passage for d in planned if d.group == draft.group and d is not draft]
            assert originals and all(draft.passage.text != original.text for original in originals)


def test_command_writes_and_counts(tmp_path, capsys):
    assert main([str(tmp_path / "landing"), "--seed", "1"]) == 0
    printed = capsys.readouterr().out
    assert "2026-11-02  kin" in printed and "truth.jsonl" in printed


def test_command_names_a_folder_that_cannot_be_written(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main([str(tmp_path / "file" / "landing")]) == 1
    assert "choose another folder" in capsys.readouterr().err
