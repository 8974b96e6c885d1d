"""What the fetching tasks settle, and one of them against a site on loopback."""

from datetime import UTC, datetime

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from tests.fetch import server

from malmoi.contracts.errors import ContractError, InfrastructureError, RecipeError
from malmoi_airflow import config, fetch

RECIPE = """
name = "test"
[fetch]
private_hosts = true
delay_seconds = 0.01
retries = 0
[sources.web]
type = "warc"
[fetch.source.web]
feeds = ["{root}/rss"]
[sources.search]
type = "warc"
[fetch.source.search]
naver_queries = ["모내기"]
[sources.kin]
type = "kin"
"""
MOMENT = datetime(2026, 11, 1, 14, 59, tzinfo=UTC)  # 23:59 in Seoul


@pytest.fixture
def site():
    site = server.Site()
    yield site
    site.close()


@pytest.fixture
def place(tmp_path, monkeypatch, site):
    (tmp_path / "nightly.toml").write_text(RECIPE.replace("{root}", site.root))
    (tmp_path / "idle.toml").write_text('name = "idle"\n[sources.web]\ntype = "warc"\n')
    monkeypatch.setattr(config, "RECIPES", tmp_path)
    monkeypatch.setenv("MALMOI_LANDING", str(tmp_path / "landing"))
    return tmp_path


@pytest.mark.parametrize(
    ("moment", "params", "day", "sources"),
    [
        (MOMENT, {}, "2026-11-01", ["web", "search"]),
        (MOMENT.replace(hour=15, minute=0), {}, "2026-11-02", ["web", "search"]),
        (MOMENT, {"day": "2026-10-05", "sources": ["web", "kin"]}, "2026-10-05", ["web"]),
    ],
)
def test_the_day_in_seoul_and_the_sources_that_ask(place, moment, params, day, sources):
    work = fetch.choose(moment, params)
    assert (work["day"], work["sources"], work["landing"]) == (day, sources, str(place / "landing"))


def test_nothing_to_fetch_is_no_failure(place):
    for params in ({"recipe": "idle"}, {"sources": ["kin"]}):
        with pytest.raises(AirflowSkipException, match="asks for fetching"):
            fetch.choose(MOMENT, params)
    with pytest.raises(RecipeError):
        fetch.choose(MOMENT, {"sources": ["unknown"]})
    with pytest.raises(ContractError):
        fetch.choose(MOMENT, {"day": "2026-13-01"})


def test_a_run(place, site, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(config.SPARK_JOBS))
    item = f"<rss><channel><item><link>{site.root}/1</link></item></channel></rss>"
    site.pages["/rss"] = 200, {"Content-Type": "text/xml"}, item.encode()
    site.pages["/1"] = 200, {}, server.page("논", "못자리에 볍씨를 뿌렸다.")
    site.pages["/v1/search/news.json"] = 200, {"Content-Type": "application/json"}, b'{"total": 0, "items": []}'
    monkeypatch.setenv(
        "AIRFLOW_CONN_NAVER_OPENAPI",
        f'{{"conn_type": "http", "login": "an-id", "password": "a-secret", "host": "{site.root}"}}',
    )
    result = fetch.run_fetch(fetch.choose(MOMENT, {}))
    assert result["pages"] == {"web": {"stored": 1}, "search": {}} and result["complete"]
    assert (
        site.headers("/v1/search/news.json?query=%EB%AA%A8%EB%82%B4%EA%B8%B0&display=100&start=1&sort=date")[0][
            "x-naver-client-secret"
        ]
        == "a-secret"
    )
    assert [path.name for path in place.glob("landing/source=web/date=2026-11-01/*")] == ["fetch-00000.warc.gz"]


def test_a_site_that_is_away_is_tried_again_later(place, site, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(config.SPARK_JOBS))
    site.close()
    with pytest.raises(InfrastructureError, match="nothing could be fetched"):
        fetch.run_fetch(fetch.choose(MOMENT, {"sources": ["web"]}))


def test_without_a_connection_the_environment_is_asked(place, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_NAVER_OPENAPI", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(config.SPARK_JOBS))
    for name in ("NAVER_OPENAPI_ID", "NAVER_OPENAPI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ContractError, match="naver_openapi"):
        fetch.run_fetch(fetch.choose(MOMENT, {"sources": ["search"]}))
