"""What if, takedown and the page's blocks over HTTP: what they say, who may act, and what is refused."""

import json
import logging
import re
import tomllib
from pathlib import Path

import pytest

from malmoi_airflow import takedown

BATCH = "2026-11-01"
PHONE = "010-9876-5432"
KEPT, COPY, RUDE = "a" * 32, "b" * 32, "c" * 32
WHAT_IF = f"/malmoi/nights/{BATCH}/whatif"
TAKEDOWN = {"hosts": "shop.example\n", "recipe": "nightly"}
CHANGED = json.dumps({"quality": {"source": {"web": {"min_chars": 31}}}})

pytestmark = pytest.mark.airflow


def numbers(page: str) -> list[str]:
    """The row of source web in the first table: documents, kept now, kept then, in, out."""
    row = re.search(r"<tr><td>web</td>(.*?)</tr>", page)
    return re.findall(r'<td class="n">([\d,]+)</td>', row[1])


def test_a_stricter_threshold_shows_what_leaves_and_why(client):
    page = client("vic").get(WHAT_IF, params={"source": "web", "quality.min_chars": "31"}).text
    assert numbers(page) == ["3", "1", "0", "0", "1"]
    assert "too_short" in page and f"/web/{KEPT}" in page and PHONE not in page
    assert 'method="post"' not in page  # a viewer saves nothing


def test_a_looser_policy_shows_what_comes_in(client):
    page = client("vic").get(WHAT_IF, params={"source": "web", "profanity.policy": "keep"}).text
    assert numbers(page) == ["3", "1", "2", "1", "0"]
    assert "profane" in page and f"/web/{RUDE}" in page and f"/web/{COPY}" not in page  # a copy stays a copy


def test_another_policy_for_personal_data_counts_what_is_written_otherwise(client):
    page = client("vic").get(WHAT_IF, params={"privacy.policy.phone": "remove", "lang": "ko"}).text
    assert numbers(page) == ["3", "1", "1", "0", "0"]
    assert "개인정보 표기가 달라지는 문서" in page and "phone: 1" in page and "들어오거나 나갈 문서가 없습니다" in page


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"quality.min_chars": "많이"}, 409, "must be a whole number"),
        ({"quality.min_chars": "-1"}, 409, "must lie between"),
        ({"quality.max_chars": "10"}, 409, "min_chars is above max_chars"),
        ({"profanity.policy": "<script>"}, 409, "must be one of keep, soften, drop"),
        ({"privacy.policy.rrn": "keep"}, 409, "identifying numbers by law"),
        ({"recipe": "../../etc/passwd"}, 404, "no recipe ../../etc/passwd"),
        ({"recipe": "drafts/none"}, 404, "no recipe drafts/none"),
        ({"source": "nobody"}, 404, "has no source nobody"),
        ({"quality.min_chars": "9" * 10_000}, 409, ""),
    ],
)
def test_values_that_no_recipe_can_have(client, asked, status, said):
    answer = client("admin").get(WHAT_IF, params=asked)
    assert answer.status_code == status and said in answer.text
    assert "Traceback" not in answer.text and "<script>" not in answer.text


def test_only_an_editor_saves_a_draft_and_rebuilds_with_it(client, lake):
    form = {"name": "짧은-글", "recipe": "nightly", "changed": CHANGED}
    assert client(None).post(WHAT_IF, data=form).status_code == 401
    assert client("vic").post(WHAT_IF, data=form).status_code == 403
    assert not Path(lake.drafts).exists()
    saved = client("admin").post(WHAT_IF, data=form, follow_redirects=True)
    assert saved.status_code == 200 and "drafts/짧은-글" in saved.text
    draft = tomllib.loads(Path(lake.drafts, "짧은-글.toml").read_text("utf-8"))
    assert draft["quality"] == {"source": {"web": {"min_chars": 31}}} and draft["name"] == "짧은-글"
    again = client("admin").post(WHAT_IF, data=form)
    assert again.status_code == 409 and "is there already" in again.text

    conf = {"recipe": "drafts/짧은-글", "first_day": BATCH, "last_day": BATCH}
    assert client("vic").post("/malmoi/rebuild", data=conf).status_code == 403
    started = client("admin").post("/malmoi/rebuild", data=conf, follow_redirects=True)
    assert started.status_code == 200 and "queued" in started.text and "/dags/corpus_rebuild/runs/" in started.text
    (run,) = client("admin").get("/api/v2/dags/corpus_rebuild/dagRuns").json()["dag_runs"]
    assert run["conf"] == conf and run["triggering_user_name"] == "admin"
    second = client("admin").post("/malmoi/rebuild", data=conf)
    assert second.status_code == 409 and "has not ended yet" in second.text


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"name": "../나쁜"}, 409, "is no usable name"),
        ({"name": "가" * 61}, 409, "at most 60"),
        ({"changed": "{"}, 404, "not those of the page"),
        ({"changed": '{"fetch": {"private_hosts": true}}'}, 404, "not those of the page"),
        ({"changed": '{"quality": 3}'}, 409, "must be a table"),
        ({"changed": '{"quality": {"min_chars": "x"}}'}, 409, "must be a whole number"),
    ],
)
def test_drafts_that_are_refused(client, lake, changed, status, said):
    before = sorted(Path(lake.drafts).glob("*")) if Path(lake.drafts).exists() else []
    form = {"name": "other", "recipe": "nightly", "changed": CHANGED} | changed
    answer = client("admin").post(WHAT_IF, data=form)
    assert answer.status_code == status and said in answer.text and "Traceback" not in answer.text
    assert (sorted(Path(lake.drafts).glob("*")) if Path(lake.drafts).exists() else []) == before


def test_a_takedown_is_looked_at_and_started_by_editors_only(client):
    page = client("vic").get("/malmoi/takedown").text
    assert "<textarea" not in page and "Only those who may edit the DAG" in page
    for path in ("/malmoi/takedown", "/malmoi/takedown/start"):
        assert client(None).post(path, data=TAKEDOWN).status_code == 401
        assert client("vic").post(path, data=TAKEDOWN).status_code == 403
    found = client("admin").post("/malmoi/takedown", data=TAKEDOWN)
    assert found.status_code == 200
    assert all(f"/web/{doc_id}" in found.text for doc_id in (KEPT, COPY, RUDE)) and PHONE not in found.text
    assert client("admin").get("/api/v2/dags/corpus_takedown/dagRuns").json()["dag_runs"] == []
    started = client("admin").post("/malmoi/takedown/start", data=TAKEDOWN, follow_redirects=True)
    assert started.status_code == 200 and "queued" in started.text
    (run,) = client("admin").get("/api/v2/dags/corpus_takedown/dagRuns").json()["dag_runs"]
    assert run["conf"]["hosts"] == ["shop.example"] and run["conf"]["passage"] is None


def test_the_dags_log_counts_hits_and_names_none(lake, root, monkeypatch, caplog):
    for name, value in {
        "MALMOI_LAKE": lake.root,
        "MALMOI_SECRET": "k" * 32,
        "PYTHONPATH": f"{root / 'spark_jobs'}",
    }.items():
        monkeypatch.setenv(name, value)
    with caplog.at_level(logging.INFO):
        found = takedown.find_hits({"hosts": ["shop.example"], "recipe": "nightly"})
    assert {hit["url"] for hit in found["hits"]} == {f"https://shop.example/{at}" for at in range(3)}
    assert "3 documents, 1 of them in the corpus" in caplog.text and "shop.example" not in caplog.text


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({}, 409, "the form is empty"),
        ({"hosts": "nowhere.example"}, 409, "no document of the lake meets it"),
        ({"passage": "짧다"}, 409, "at least 20"),
        ({"documents": "<script>alert(1)</script>"}, 409, "32 hexadecimal digits"),
        ({"hosts": "a.example", "recipe": "none"}, 404, "no recipe none"),
        ({"urls": "x" * 30_000}, 422, "at most 20000"),
    ],
)
def test_requests_that_cannot_be_looked_up(client, form, status, said):
    answer = client("admin").post("/malmoi/takedown", data=form)
    assert answer.status_code == status and said in answer.text
    assert "Traceback" not in answer.text and "<script>" not in answer.text


def test_receipts_are_listed(client, lake):
    folder = Path(lake.receipts)
    folder.mkdir()
    receipt = {"receipt": "2026-11-02-abc", "created_at": "2026-11-02T01:00:00+00:00", "documents": [{"doc_id": COPY}],
               "releases": {"old": "2026-11-01-new"}}  # fmt: skip
    (folder / "2026-11-02-abc.json").write_text(json.dumps(receipt))
    (folder / "2026-11-03-def.plan.json").write_text("{}")
    page = client("vic").get("/malmoi/takedown").text
    assert "2026-11-02-abc" in page and "2026-11-01-new" in page
    assert "2026-11-03-def" in page and "malmoi takedown --resume" in page


def test_the_blocks_of_the_page_are_told_with_why(client):
    page = client("vic").get(f"/malmoi/nights/{BATCH}/documents/web/{KEPT}/original").text
    assert re.search(r'class="kept">.*?동네 서점 안내입니다', page)
    assert re.search(r'class="cut">.*?navigation.*?처음', page) and re.search(
        r'class="cut">.*?footer.*?대표 전화', page
    )
    assert "&lt;전화번호&gt;" in page
    for planted in (PHONE, "김하늘", "haneul@shop.example", "<script>alert"):
        assert planted not in page


def test_a_record_that_is_gone_says_so(client):
    answer = client("vic").get(f"/malmoi/nights/{BATCH}/documents/web/{RUDE}/original")
    assert answer.status_code == 409
    assert "any more" in answer.text and "Traceback" not in answer.text
