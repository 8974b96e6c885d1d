"""Each check of the gate, on the good side of its limit and on the bad one."""

from dataclasses import replace

import pytest

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.errors import GateError
from malmoi.contracts.gate import Check, at_most
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.recipe import recipe_from_mapping
from malmoi.stages.gate import STAGE_TABLES, GateContext, check, gate_json, require
from malmoi.stages.reading import Leak, Reading, Sampled, Totals
from malmoi.text.pii import Span


def counts(**by_reason: int) -> dict[str, Count]:
    return {reason: Count(number, 10 * number) for reason, number in by_reason.items()}


def balance(entered: int, dropped: dict | None = None, quarantined: dict | None = None) -> Balance:
    out = sum([*(dropped or {}).values(), *(quarantined or {}).values()], Count())
    whole = Count(entered, 10 * entered)
    return Balance(whole, whole - out, dropped or {}, quarantined or {})


def manifest(table: str, rows: int, counted: Balance) -> StageManifest:
    files = (FileEntry("part-00000.parquet", rows, 1, "0" * 64),) if rows else ()
    return StageManifest(table, "2026-11-01", "web", "", "", "", {}, files, counted)


def night(entered: int = 100, faults: int = 0, dropped: dict | None = None) -> dict[str, dict[str, StageManifest]]:
    """Manifests of a sound night: ``faults`` records in quarantine at ingest, ``dropped`` by decide."""
    rows = entered - faults
    decided = balance(rows, dropped)
    kept = decided.kept.documents
    made = {
        "documents": manifest(
            "documents", rows, balance(entered, None, counts(broken_json=faults) if faults else None)
        ),
        "annotations": manifest("annotations", rows, balance(rows)),
        "clusters": manifest("clusters", rows, balance(rows)),
        "decisions": manifest("decisions", rows, decided),
        "clean": manifest("clean", kept, balance(kept)),
        "shards": manifest("shards", kept, balance(kept)),
    }
    return {table: {"web": one} for table, one in made.items()}


def context(manifests=None, reading=None, sources=("web",), missing=(), required=False, **rest) -> GateContext:
    limits = rest.pop("gate", {})
    every = {name: {"type": "warc", "required": required} for name in ("web", "news")}
    manifests = manifests or night()
    kept = manifests["shards"]["web"].rows if "web" in manifests.get("shards", {}) else 0
    reading = reading or Reading(totals={"web": Totals(kept, 5 * kept, 10 * kept)})
    return GateContext(
        batch="2026-11-01", recipe=recipe_from_mapping({"name": "t", "sources": every, "gate": limits}), sources=sources,
        missing=missing, manifests=manifests, reading=reading, find_leaks=rest.pop("find_leaks", lambda texts: [[]] * len(texts)),
        **rest,
    )  # fmt: skip


def failed(held: GateContext) -> list[str]:
    return [one.name for one in check(held) if not one.passed]


def test_a_sound_night_passes_every_check():
    checks = check(context())
    assert [one.name for one in checks if not one.passed] == []
    names = {one.name for one in checks}
    assert {f"balance_{table}" for table in STAGE_TABLES} <= names
    assert {"duplicate_share", "quarantine_share", "keep_share", "text_yield", "leaks", "canaries", "schema"} <= names


@pytest.mark.parametrize("table", STAGE_TABLES)
def test_a_stage_that_lost_a_document_fails(table):
    manifests = night()
    one = manifests[table]["web"]
    lost = Balance(one.balance.entered, one.balance.kept - Count(1, 10))
    manifests[table] = {"web": replace(one, balance=lost)}
    assert f"balance_{table}" in failed(context(manifests))


@pytest.mark.parametrize("table", STAGE_TABLES)
def test_lost_bytes_alone_fail_too(table):
    manifests = night()
    one = manifests[table]["web"]
    manifests[table] = {"web": replace(one, balance=replace(one.balance, kept=one.balance.kept - Count(0, 1)))}
    assert f"balance_{table}" in failed(context(manifests))


@pytest.mark.parametrize("table", STAGE_TABLES)
def test_a_stage_that_never_ran_fails(table):
    manifests = night()
    manifests[table] = {}
    assert f"balance_{table}" in failed(context(manifests))


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("documents", "reconcile_documents_rows"),
        ("annotations", "reconcile_annotations_rows"),
        ("clusters", "reconcile_clusters_rows"),
        ("decisions", "reconcile_decisions_rows"),
        ("clean", "reconcile_clean_rows"),
        ("shards", "reconcile_shards_rows"),
    ],
)
def test_rows_between_stages_must_agree(table, name):
    manifests = night()
    one = manifests[table]["web"]
    manifests[table] = {"web": replace(one, files=(replace(one.files[0], rows=99),))}
    assert name in failed(context(manifests))


def test_shares_are_held_against_the_recipe():
    many = night(100, dropped=counts(duplicate_near=50, duplicate_exact=20))
    assert "duplicate_share" not in failed(context(many, gate={"max_duplicate_share": 0.7}))
    found = [one for one in check(context(many, gate={"max_duplicate_share": 0.69}, examples=lambda s, r: [f"{s} {r}"]))
             if not one.passed]  # fmt: skip
    assert [(one.name, one.value, one.limit, one.documents) for one in found] == [
        ("duplicate_share", 0.7, 0.69, ("web duplicate_near",))
    ]
    assert "quarantine_share" in failed(context(night(100, faults=21)))
    assert "quarantine_share" not in failed(context(night(100, faults=20)))
    assert "keep_share" in failed(context(night(100, dropped=counts(too_short=60)), gate={"min_keep_share": 0.5}))
    half = Reading(totals={"web": Totals(100, 250, 499)})
    assert "text_yield" in failed(context(reading=half, gate={"min_text_yield": 0.5}))


def test_missing_sources():
    assert "missing_sources" in failed(context(missing=("news",)))
    assert "missing_sources" not in failed(context(missing=("news",), gate={"allow_missing_sources": True}))
    assert "missing_sources" in failed(context(missing=("news",), required=True, gate={"allow_missing_sources": True}))


@pytest.mark.parametrize(
    ("usual", "tonight", "passes"),
    [(10, 12, True), (10, 60, False), (60, 10, False), (0, 24, True), (0, 26, False)],
)
def test_drift_against_trailing_nights(usual, tonight, passes):
    past = {"web": [balance(100, counts(too_short=usual) if usual else None)] * 3}
    manifests = night(100, dropped=counts(too_short=tonight))
    assert ("drift_too_short" not in failed(context(manifests, history=past))) is passes


def test_drift_needs_enough_nights_and_allows_for_small_numbers():
    two = {"web": [balance(100)] * 2}
    assert not any(
        name.startswith("drift") for name in failed(context(night(100, dropped=counts(too_short=90)), history=two))
    )
    few = night(4, dropped=counts(too_short=3))  # three in four, where one in two is usual: chance
    assert failed(context(few, history={"web": [balance(100, counts(too_short=50))] * 3})) == []


def test_a_reason_that_vanishes_is_drift():
    past = {"web": [balance(100, counts(spam=40))] * 3}
    assert "drift_spam" in failed(context(history=past))


def test_leaks_canaries_repeats_schema_and_an_empty_release():
    totals = {"web": Totals(100, 500, 1000)}
    sample = [Sampled("a" * 32, "깨끗한 글", "web"), Sampled("b" * 32, "새는 글", "web")]
    phone = Span(0, 2, "phone", 1.0)
    found = check(
        context(
            reading=Reading(totals, sample), find_leaks=lambda texts: [[phone] if "새는" in t else [] for t in texts]
        )
    )
    assert [(one.name, one.documents) for one in found if not one.passed] == [("leaks_sample", ("b" * 32,))]
    leaks = [Leak("e" * 32, "rrn", "web"), Leak("f" * 32, "email", "web")]
    (bad,) = [one for one in check(context(reading=Reading(totals, leaks=leaks))) if not one.passed]
    assert (bad.name, bad.value, bad.documents) == ("leaks", 2, ("e" * 32, "f" * 32))
    assert f"{'e' * 32} rrn; {'f' * 32} email" in bad.detail
    assert failed(context(reading=Reading(totals, canaries=["c" * 32]))) == ["canaries"]
    assert failed(context(reading=Reading(totals, repeated=1))) == ["repeated_ids"]
    assert failed(context(schema_faults=["part-00000.parquet: schema"])) == ["schema"]
    assert "documents" in failed(context(reading=Reading()))


def test_what_the_recipe_lets_stay_is_no_leak():
    recipe = recipe_from_mapping(
        {"name": "t", "sources": {"web": {"type": "warc"}}, "privacy": {"policy": {"email": "keep"}}}
    )
    totals = {"web": Totals(100, 500, 1000)}
    for entity, names in (("email", []), ("phone", ["leaks"])):
        reading = Reading(totals, leaks=[Leak("a" * 32, entity, "web")])
        assert failed(replace(context(reading=reading), recipe=recipe)) == names


def test_the_error_names_check_source_value_limit_and_documents():
    good = at_most("canaries", 0, 0, "none")
    bad = Check("keep_share", 0.25, 0.5, False, "25 of 100 documents stay", "web", ("d" * 32,))
    require([good])
    with pytest.raises(GateError) as caught:
        require([good, bad, bad])
    said = str(caught.value)
    assert said.startswith(
        "gate keep_share, source web: 0.25, limit 0.5: 25 of 100 documents stay; look at " + "d" * 32
    )
    assert "nothing was published" in said and "1 more checks failed" in said


def test_gate_json_is_deterministic_and_complete():
    checks = check(context())
    assert gate_json(checks) == gate_json(check(context()))
    assert b'"passed": true' in gate_json(checks)
