"""``malmoi try`` from a shell: every verb answers each line with the fields that it promises."""

import gzip
import json
import subprocess
import sys

import pytest

from malmoi.cli import main
from malmoi.contracts.endings import CONTRACT_EXIT, ERROR_PREFIX
from malmoi.contracts.signals import SIGNALS

WALK = (
    "어제저녁 한강 공원에 바람을 쐬러 나갔다. 강물은 잔잔했고 자전거를 타는 사람들이 많았다. "
    "벤치에 앉아 따뜻한 차를 마시며 오랜만에 여유를 느꼈다. 다음 주에도 친구와 함께 다시 오기로 했다."
)
SOUP = (
    "국물이 시원한 콩나물국을 끓였다. 먼저 멸치와 다시마로 육수를 내고 콩나물을 깨끗이 씻어 넣는다. "
    "뚜껑을 닫고 오 분쯤 끓이면 비린내가 나지 않는다. 마지막에 파를 썰어 넣고 소금으로 간을 맞추면 된다."
)


@pytest.fixture
def shell(capsys, monkeypatch, tmp_path):
    """Runs a command with rows or lines on standard input; returns exit code, answers, standard error."""

    def run(*argv: str, rows=(), lines: str = "") -> tuple[int, list[dict], str]:
        path = tmp_path / "stdin"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) + lines, "utf-8")
        with open(path, encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            code = main(["try", *argv])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err

    return run


def test_pii(shell):
    rows = [{"id": "가", "text": f"😀 {WALK} 문의는 010-2345-6789로 주세요."}, {"id": 2, "text": WALK}]
    code, answers, _ = shell("pii", rows=rows)
    assert code == 0 and [set(row) for row in answers] == [{"id", "text", "spans"}] * 2
    (span,) = answers[0]["spans"]
    assert set(span) == {"start", "end", "entity", "score", "replacement"}
    assert rows[0]["text"][span["start"] : span["end"]] == "010-2345-6789"
    assert span["entity"] == "phone" and 0.5 <= span["score"] <= 1 and span["replacement"] == "<전화번호>"
    assert answers[0]["text"] == f"😀 {WALK} 문의는 <전화번호>로 주세요."
    assert answers[1] == {"id": 2, "text": WALK, "spans": []}


def test_pii_tells_replacement_and_josa_apart(shell):
    text = "메일 bada@hanmail.net을 읽고 전화 010-2345-6789를 걸었다."
    _, (answer,), _ = shell("pii", rows=[{"id": 1, "text": text}])
    assert answer["text"] == "메일 <이메일>을 읽고 전화 <전화번호>를 걸었다." and "josa" not in answer
    text = "전화 010-2345-6780을 걸고 010-2345-6781으로도 걸었다."
    _, (answer,), _ = shell("pii", rows=[{"id": 1, "text": text}])
    assert answer["text"] == "전화 <전화번호>를 걸고 <전화번호>로도 걸었다."
    assert [span["replacement"] for span in answer["spans"]] == ["<전화번호>", "<전화번호>"]
    changed = [(text[one["start"] : one["end"]], one["replacement"]) for one in answer["josa"]]
    assert changed == [("을", "를"), ("으로", "로")]


@pytest.mark.parametrize(
    ("text", "action", "softened"),
    [
        (WALK, "keep", WALK),
        (f"{WALK} {SOUP} 아 씨발 진짜 짜증나네.", "soften", f"{WALK} {SOUP} 아 진짜 짜증나네."),
        ("씨발 " * 30, "drop", None),
    ],
)
def test_profanity(shell, text, action, softened):
    code, (answer,), _ = shell("profanity", rows=[{"id": 1, "text": text}])
    assert code == 0 and set(answer) == {"id", "action", "text", "spans", "density"}
    assert answer["action"] == action and answer["text"] == (softened or text)
    assert (answer["density"] > 0) is bool(answer["spans"]) is (action != "keep")
    for span in answer["spans"]:
        assert set(span) == {"start", "end", "severity"} and text[span["start"] : span["end"]] == "씨발"


def test_quality(shell, tmp_path):
    (tmp_path / "r.toml").write_text(
        'name = "r"\n[sources.web]\ntype = "warc"\n[sources.kin]\ntype = "kin"\n[quality.source.kin]\nmin_chars = 100000\n'
    )
    rows = [
        {"id": 1, "text": WALK, "title": "한강 산책", "source": "web"},
        {"id": 2, "text": "짧다."},
        {"id": 3, "text": "The river was calm and many people were riding their bicycles along the long path."},
        {"id": 4, "text": WALK, "source": "kin"},
    ]
    code, answers, _ = shell("quality", "--recipe", str(tmp_path / "r.toml"), rows=rows)
    fields = {"id", "keep", "reason", "value", "threshold", "signals"}
    assert code == 0 and [set(row) for row in answers] == [fields] * 4
    assert [(row["id"], row["keep"], row["reason"]) for row in answers] == [
        (1, True, None), (2, False, "too_short"), (3, False, "not_korean"), (4, False, "too_short"),
    ]  # fmt: skip
    assert (answers[0]["value"], answers[0]["threshold"]) == (None, None)
    assert (answers[1]["value"], answers[1]["threshold"]) == (3, 20)
    assert answers[3]["threshold"] == 100_000
    assert all(set(row["signals"]) == set(SIGNALS) for row in answers)


def test_dedup(shell):
    rows = [
        {"id": "a", "text": SOUP},
        {"id": "b", "text": WALK},
        {"id": "c", "text": SOUP + " 참 맛있다."},
        {"id": "d", "text": WALK},
    ]
    code, answers, _ = shell("dedup", rows=rows[:2], lines="{\n" + "\n".join(map(json.dumps, rows[2:])))
    assert code == 0 and "error" in answers.pop(2)
    assert answers == [
        {"id": "a", "cluster": "c", "keep": False},  # the longest of near copies stays
        {"id": "b", "cluster": "b", "keep": True},  # the first of equals
        {"id": "c", "cluster": "c", "keep": True},
        {"id": "d", "cluster": "b", "keep": False},
    ]
    assert shell("dedup")[:2] == (0, [])


PAGE = (
    '<html><head><title>한강 산책</title></head><body><nav><a href="/">홈</a> <a href="/l">로그인</a></nav>'
    f"<article><h1>한강 산책</h1><p>{WALK}</p><p>{SOUP}</p></article><footer>Copyright</footer></body></html>"
)
FIELDS = {"url", "title", "text", "kind", "published_at", "author", "charset", "license"}


def test_extract_from_standard_input(shell):
    rows = [{"id": 1, "html": PAGE, "url": "https://example.kr/1"}, {"id": 2, "html": "<html></html>"}, {"id": 3}]
    code, answers, _ = shell("extract", "-", rows=rows)
    assert code == 0 and [set(row) for row in answers[:2]] == [FIELDS | {"id"}] * 2
    assert WALK in answers[0]["text"] and "로그인" not in answers[0]["text"] and answers[0]["title"] == "한강 산책"
    assert answers[0]["url"] == "https://example.kr/1" and answers[1]["text"] == ""
    assert answers[2] == {"id": 3, "error": "field 'html' is missing"}


def warc(*pages: str) -> bytes:
    """Response records, each a gzip member of its own."""
    records = b""
    for number, page in enumerate(pages):
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.kr/{number}\r\n"
            f"WARC-Date: 2026-11-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        records += gzip.compress(head.encode() + body + b"\r\n\r\n")
    return records


def test_extract_from_files(shell, tmp_path):
    (tmp_path / "page.html").write_bytes(PAGE.encode("cp949"))
    (tmp_path / "pages.warc.gz").write_bytes(warc(PAGE, "<html></html>"))
    code, answers, _ = shell("extract", str(tmp_path / "page.html"), str(tmp_path / "pages.warc.gz"))
    assert code == 0 and [set(row) for row in answers] == [FIELDS] * 3
    assert [WALK in row["text"] for row in answers] == [True, True, False] and answers[2]["text"] == ""
    assert answers[0]["charset"] in ("cp949", "euc-kr", "uhc") and answers[1]["charset"] == "utf-8"
    assert answers[1]["url"] == "https://example.kr/0"


def test_a_file_that_is_not_there(shell, tmp_path):
    code, answers, said = shell("extract", str(tmp_path / "gone.warc.gz"))
    assert (code, answers) == (CONTRACT_EXIT, [])
    assert said.startswith(ERROR_PREFIX) and "no such file" in said and said.count("\n") == 1


@pytest.mark.parametrize("verb", ["pii", "profanity", "quality", "dedup"])
def test_bad_lines_do_not_stop_a_verb(shell, verb):
    code, answers, _ = shell(verb, lines='{\n{"id": 5}\n{"id": 6, "text": "짧은 글이다."}\n[]\n{"id": 7, "text": ""}\n')
    assert code == 0
    assert ["error" in row for row in answers] == [True, True, False, True, False]
    assert [row["id"] for row in answers] == [None, 5, 6, None, 7]


@pytest.mark.parametrize(
    "argv",
    [
        [], ["unknown"], ["pii", "--unknown"], ["pii", "--threads", "many"], ["extract"], ["pii", "surplus"],
        ["pii", "--recipe"], ["pii", "--threads", "0"],
    ],
)  # fmt: skip
def test_wrong_arguments(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["try", *argv])
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert said.out == "" and "usage: " in said.err and "Traceback" not in said.err


def test_a_process_whatever_its_locale(root):
    lines = f'{{"id": 1, "text": "{WALK} 010-2345-6789"}}\n'.encode() + b'{"id": 2, "text": "\xb0\xa1"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "malmoi.cli", "try", "pii"], input=lines, capture_output=True, cwd=root,
        env={"PYTHONPATH": str(root / "spark_jobs"), "PATH": "", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    one, two = (json.loads(line) for line in done.stdout.decode("utf-8").splitlines())
    assert one["text"] == f"{WALK} <전화번호>" and two == {"id": 2, "text": "\ufffd\ufffd", "spans": []}


@pytest.mark.parametrize("verb", ["pii", "quality"])
def test_worker_processes_answer_the_same(shell, verb):
    rows = [{"id": n, "text": f"{WALK} {n}번째 전화 010-2345-{n:04d}"} for n in range(8)]
    assert shell(verb, "--threads", "2", rows=rows) == shell(verb, rows=rows)
