"""The console over HTTP, in a real Airflow API server: who may see what, what is masked, and every bad input."""

import re
import sqlite3

import pytest

BATCH = "2026-11-01"
PHONE = "010-9876-5432"
PERSON, UNREAD = "한가람", "아직 아무도 읽지 않은 제목"
KEPT, COPY, RUDE = "a" * 32, "b" * 32, "c" * 32
DOCUMENT = f"/malmoi/nights/{BATCH}/documents/web/{KEPT}"
PAGES = [
    "/malmoi/nights",
    f"/malmoi/nights/{BATCH}",
    f"/malmoi/nights/{BATCH}/documents",
    DOCUMENT,
    f"/malmoi/nights/{BATCH}/documents/web/{RUDE}",
    f"/malmoi/nights/{BATCH}/clusters/{KEPT}",
    f"/malmoi/nights/{BATCH}/quarantine",
    f"/malmoi/nights/{BATCH}/quarantine.csv",
    f"{DOCUMENT}/original",
    "/malmoi/whatif",
    f"/malmoi/nights/{BATCH}/whatif",
    f"/malmoi/nights/{BATCH}/whatif?quality.min_chars=50",
    "/malmoi/takedown",
    "/malmoi/training",
    "/malmoi/static/console.css",
    "/malmoi/static/plotly.js",
    f"/malmoi/search?q={KEPT}",
    "/malmoi/",
]

UNPUBLISHED = [f"/malmoi/nights/{BATCH}/report", "/malmoi/run/corpus_nightly/some_run/report"]
"""Of a night with a release, which this one is not."""

pytestmark = pytest.mark.airflow


@pytest.mark.parametrize("path", [*PAGES, *UNPUBLISHED])
def test_nobody_sees_nothing(client, path):
    answer = client(None).get(path)
    assert answer.status_code == 401 and PHONE not in answer.text


def test_every_route_is_among_the_pages():
    from malmoi_airflow.console.app import create_app

    shapes = [re.compile(re.sub(r"\{[^}]+\}", "[^/?]+", route.path) + r"(\?.*)?") for route in create_app().routes]
    others = ["/run/corpus_nightly/some_run", "/started/corpus_rebuild/some_run", "/rebuild", "/takedown/start"]
    paths = [*others, *(path.removeprefix("/malmoi") for path in [*PAGES, *UNPUBLISHED])]
    assert [shape.pattern for shape in shapes if not any(shape.fullmatch(path) for path in paths)] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("user", ["vic", "admin"])
def test_a_page_for_each_masked_and_without_a_foreign_address(client, user, path):
    answer = client(user).get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert not [hidden for hidden in (PHONE, PERSON, UNREAD, "<script>alert") if hidden in answer.text]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    if "html" in answer.headers["content-type"]:
        assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//", answer.text) == []


def test_a_title_is_masked_by_its_spans_and_not_shown_where_nobody_looked_for_any(client):
    listed = client("vic").get(f"/malmoi/nights/{BATCH}/documents").text
    assert "서점 &lt;전화번호&gt;" in listed and "&lt;이름&gt; 씨의 서점" in listed and f">{RUDE[:12]}<" in listed


def test_numbers_lead_to_their_documents(client):
    night = client("vic").get(f"/malmoi/nights/{BATCH}").text
    assert "documents?source=web&amp;reason=profane" in night and "one phone number was found" in night
    listed = client("vic").get(f"/malmoi/nights/{BATCH}/documents?reason=profane").text
    assert RUDE in listed and KEPT not in listed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (KEPT, [KEPT]),
        ("https://shop.example/1?utm_source=x", [COPY]),
        ("shop.example", [KEPT, COPY, RUDE]),
        ("거친 말", [RUDE]),
        ("100% _없는_ 말", []),
        ("'; DROP TABLE documents; --", []),
    ],
)
def test_search_by_id_address_host_and_words(client, query, found):
    listed = client("vic").get("/malmoi/search", params={"q": query}, follow_redirects=True).text
    assert [doc_id for doc_id in (KEPT, COPY, RUDE) if f"/web/{doc_id}" in listed] == found


def test_a_document_says_why_and_where(client):
    kept = client("vic").get(DOCUMENT).text
    assert re.search(r"<td>quality_score</td>.*?≥ 0.28", kept)  # the value, and what it is held against
    assert "&lt;전화번호&gt;" in kept and "web.warc.gz @ 0 " in kept and "data/shards/" in kept
    rude = client("vic").get(f"/malmoi/nights/{BATCH}/documents/web/{RUDE}?lang=ko").text
    assert "욕설 밀도가 높음" in rude and '<mark class="profanity"' in rude
    copy = client("vic").get(f"/malmoi/nights/{BATCH}/documents/web/{COPY}").text
    assert f"clusters/{KEPT}" in copy


def test_a_cluster_shows_what_differs(client):
    text = client("vic").get(f"/malmoi/nights/{BATCH}/clusters/{KEPT}").text
    assert re.search(r'class="added">\+ 끝\.', text)


def test_only_an_editor_unmasks_and_it_is_logged(client, airflow, tmp_path_factory):
    assert PHONE not in client("vic").get(f"{DOCUMENT}?unmask=1").text
    assert "unmask=1" not in client("vic").get(DOCUMENT).text
    answer = client("admin").get(f"{DOCUMENT}?unmask=1&lang=en")
    assert PHONE in answer.text and "this view was logged" in answer.text
    home = next(path for path in tmp_path_factory.getbasetemp().glob("airflow*") if (path / "airflow.db").exists())
    with sqlite3.connect(home / "airflow.db") as database:
        logged = database.execute("SELECT owner, extra FROM log WHERE event = 'malmoi_unmask'").fetchall()
    assert logged == [("admin", f'{{"batch": "{BATCH}", "document": "{KEPT}"}}')]


def test_the_language_is_remembered(client):
    browser = client("vic")
    assert 'lang="ko"' in browser.get("/malmoi/nights?lang=ko").text
    assert 'lang="ko"' in browser.get("/malmoi/nights").text
    assert 'lang="ko"' in client("vic").get("/malmoi/nights", headers={"accept-language": "ko-KR,ko;q=0.9"}).text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/malmoi/nights/2020-01-01", 404, "no night 2020-01-01"),
        (f"/malmoi/nights/{BATCH}/documents/web/{'0' * 32}", 404, "no document 000"),
        (f"/malmoi/nights/{BATCH}/clusters/none", 404, "no cluster none"),
        (f"/malmoi/nights/{BATCH}/documents?q={'x' * 10_000}", 422, "at most 500 characters"),
        (f"/malmoi/nights/{BATCH}/documents?start=-1", 422, "greater than or equal to 0"),
        ("/malmoi/nights/..%2f..%2fetc", 404, ""),
        ("/malmoi/static/..%2fapp.py", 404, ""),
        ("/malmoi/nowhere", 404, ""),
        ("/malmoi/run/corpus_nightly/none", 404, "no run none"),
        (UNPUBLISHED[0], 404, "nothing was published"),
        (UNPUBLISHED[1], 404, "no run some_run"),
    ],
)
def test_bad_input_is_one_line_and_no_trace(client, path, status, said):
    answer = client("admin").get(path)
    assert answer.status_code == status and said in answer.text
    assert "Traceback" not in answer.text and 'File "' not in answer.text


def test_the_training_page_shows_a_run_that_is_under_way(client):
    page = client("vic").get("/malmoi/training?lang=ko").text
    row = page[page.index(f'<tr id="{BATCH}-release-') :].split("</tr>")[0]
    # 37 steps of 8 x 128 tokens at 1,024.25 tokens/s
    assert all(f">{cell}<" in row for cell in ("3 / 40", "5.5", "1,024", "0:00:36", "2.125", "40.5%"))
    assert "객관식" in page and "남은 시간" in page
