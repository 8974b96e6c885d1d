"""Inputs of every shape end up where the DAG looks for them, and wrong ones give one line."""

from pathlib import Path

import pytest

from malmoi.contracts.errors import InputError
from malmoi_airflow.local import landing
from malmoi_airflow.local.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.landing.mkdir(parents=True)
    return made


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def landed(home: Home) -> dict[str, str]:
    return {
        path.relative_to(home.landing).as_posix(): path.read_text()
        for path in home.landing.rglob("*")
        if path.is_file()
    }


def test_a_plain_folder_becomes_the_source_web(home: Home, tmp_path: Path):
    folder = write(tmp_path / "in", "a.warc.gz", "sub/b.jsonl", "page.html", "notes.txt")
    done = landing.prepare(home, folder, "2026-11-05")
    assert landed(home) == {
        "source=web/date=2026-11-05/a.warc.gz": "a.warc.gz",
        "source=web/date=2026-11-05/sub__b.jsonl": "sub/b.jsonl",
        "source=web/date=2026-11-05/page.html": "page.html",
    }
    assert (done.day, done.files, done.truth) == ("2026-11-05", 3, None)


def test_one_file(home: Home, tmp_path: Path):
    write(tmp_path / "in", "a.warc", "b.warc")
    landing.prepare(home, tmp_path / "in" / "a.warc", "2026-11-05")
    assert list(landed(home)) == ["source=web/date=2026-11-05/a.warc"]


def test_a_folder_with_the_layout_keeps_its_sources(home: Home, tmp_path: Path):
    folder = write(tmp_path / "in", "source=kin/date=2026-11-03/x.jsonl", "source=news/date=2026-11-03/y.warc.gz")
    done = landing.prepare(home, folder, None)
    assert done.day == "2026-11-03"
    assert sorted(landed(home)) == ["source=kin/date=2026-11-03/x.jsonl", "source=news/date=2026-11-03/y.warc.gz"]


def test_several_days_need_a_choice(home: Home, tmp_path: Path):
    folder = write(tmp_path / "in", "source=kin/date=2026-11-03/x.jsonl", "source=kin/date=2026-11-04/x.jsonl")
    with pytest.raises(InputError, match="2026-11-03, 2026-11-04: choose one with DAY="):
        landing.prepare(home, folder, None)
    assert landing.prepare(home, folder, "2026-11-04").files == 1
    with pytest.raises(InputError, match="no files for DAY 2026-11-09"):
        landing.prepare(home, folder, "2026-11-09")


def test_a_later_call_replaces_the_links_of_its_day_only(home: Home, tmp_path: Path):
    write(home.landing, "source=feed/date=2026-11-05/fetched.warc.gz")
    landing.prepare(home, write(tmp_path / "one", "a.warc"), "2026-11-05")
    landing.prepare(home, write(tmp_path / "two", "b.warc"), "2026-11-06")
    landing.prepare(home, write(tmp_path / "three", "c.warc"), "2026-11-05")
    assert sorted(landed(home)) == [
        "source=feed/date=2026-11-05/fetched.warc.gz",
        "source=web/date=2026-11-05/c.warc",
        "source=web/date=2026-11-06/b.warc",
    ]


def test_the_same_call_twice_changes_nothing(home: Home, tmp_path: Path):
    folder = write(tmp_path / "in", "a.warc.gz")
    first = landing.prepare(home, folder, "2026-11-05"), landed(home)
    assert (landing.prepare(home, folder, "2026-11-05"), landed(home)) == first


def test_without_an_input_the_sample_is_written(home: Home):
    done = landing.prepare(home, None, None)
    assert done.day == landing.SAMPLE_DAY
    assert done.truth.is_file() and done.files > 3
    links = list(home.landing.glob("source=*/date=*/*"))
    assert len(links) == done.files
    assert all(link.parent.name == f"date={landing.SAMPLE_DAY}" and link.exists() for link in links)


def test_a_day_the_sample_does_not_have(home: Home):
    with pytest.raises(InputError, match="the embedded sample has 2026-11-01"):
        landing.prepare(home, None, "2020-01-01")


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "20261101", "2026-1-1", "tomorrow", ""])
def test_no_date(home: Home, tmp_path: Path, day: str):
    with pytest.raises(InputError, match="is no date: write YYYY-MM-DD"):
        landing.prepare(home, tmp_path, day)


def test_nothing_there(home: Home, tmp_path: Path):
    with pytest.raises(InputError, match="no such file or folder"):
        landing.prepare(home, tmp_path / "absent", None)


def test_nothing_to_read(home: Home, tmp_path: Path):
    with pytest.raises(InputError, match=r"nothing to read there; Malmoi reads \.warc"):
        landing.prepare(home, write(tmp_path / "in", "a.pdf"), None)


def test_files_of_the_users_own_are_never_replaced(home: Home):
    own = home.landing / f"source=web/date={landing.SAMPLE_DAY}/part-0.warc.gz"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")

    assert landing.own_files(home)
    with pytest.raises(InputError, match="a file of your own"):
        landing.prepare(home, None, None)
    assert own.read_bytes() == b"mine"


def test_links_are_no_files_of_the_users_own(home: Home):
    landing.prepare(home, None, None)

    assert not landing.own_files(home)
