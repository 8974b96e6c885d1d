"""Captures and lines that try the reader: odd encodings, damaged bytes, records that are no pages."""

import gzip
import json
from dataclasses import replace
from random import Random

from malmoi.sample.dress import Draft
from malmoi.sample.library import Passage
from malmoi.sample.records import Capture, Line, Truth

RARE = "옛 소설 똠방각하를 빌려 왔다며 햏햏 웃던 친구가 생각난다. 펲시라고 적힌 낡은 간판과 뷁이라고 외치던 노래도 그 시절의 것이다."
"""Syllables that CP949 has and EUC-KR lacks."""

CHARSETS: tuple[tuple[str, str, str | None], ...] = (
    # name, real encoding, declared (None: the truth; empty: nothing)
    ("euc-kr", "euc-kr", None),
    ("cp949-as-euc-kr", "cp949", "euc-kr"),
    ("euc-kr-as-utf-8", "euc-kr", "utf-8"),
    ("utf-8-as-euc-kr", "utf-8", "euc-kr"),
    ("utf-8-undeclared", "utf-8", ""),
    ("cp949-undeclared", "cp949", ""),
    ("utf-16", "utf-16", None),
    ("utf-8-as-latin-1", "utf-8", "iso-8859-1"),
)


def charset_drafts(passages: list[Passage], sites: tuple[str, ...], source: str) -> list[Draft]:
    """One page for each way in which an encoding and its declaration may disagree."""
    drafts = []
    for number, ((name, charset, declared), passage) in enumerate(zip(CHARSETS, passages, strict=False)):
        stay = None
        if charset == "cp949":
            passage = replace(passage, text=f"{passage.text}\n\n{RARE}")
            stay = ("옛 소설 똠방각하를 빌려 왔다며 햏햏 웃던", "펲시라고 적힌 낡은 간판과 뷁이라고")
        drafts.append(
            Draft(
                passage,
                sites[number % len(sites)],
                source,
                plant=f"charset/{name}",
                charset=charset,
                declared=declared,
                must_stay=stay,
            )
        )
    return drafts


def truncated(capture: Capture) -> Capture:
    """The capture with the second half of its gzip member missing, as after a full disk."""
    truth = replace(
        capture.truth,
        plant="truncated-member",
        expect="quarantine",
        reasons=("truncated_file", "broken_record"),
        must_stay=(),
        must_not_have=(),
    )
    size = len(gzip.compress(capture.body, 6, mtime=0))
    return replace(capture, truth=truth, cut=size // 2)


def with_nul(capture: Capture) -> Capture:
    """NUL bytes between tags and inside a word."""
    body = capture.body.replace(b"</p>", "</p>\x00<p>저장하다 만 흔\x00적이 남은 문장입니다.</p>".encode(), 1)
    truth = replace(capture.truth, plant="nul-bytes", must_not_have=(*capture.truth.must_not_have, "\x00"))
    return replace(capture, truth=truth, body=body)


def mojibake(capture: Capture) -> Capture:
    """UTF-8 taken for Latin-1 and stored again: every byte is still there, so it can be repaired."""
    pieces = tuple(_latin(phrase[:4]) for phrase in capture.truth.must_stay)
    truth = replace(
        capture.truth,
        plant="mojibake-repairable",
        expect="either",
        reasons=("mojibake", "broken_text", "not_korean"),
        must_not_have=pieces,
    )
    return replace(capture, truth=truth, body=_latin(capture.body.decode("utf-8")).encode("utf-8"))


def mojibake_lost(capture: Capture) -> Capture:
    """Syllables replaced by U+FFFD, stored, read as CP949 and stored again: nothing can bring them back."""
    text = capture.body.decode("utf-8")
    broken = "".join("占쏙옙" if 0xAC00 <= ord(c) <= 0xD7A3 and ord(c) % 3 else c for c in text)
    truth = replace(
        capture.truth,
        plant="mojibake-lost",
        expect="drop",
        reasons=(
            "mojibake",
            "broken_text",
            "not_korean",
            "empty_text",
            "many_symbols",
            "low_quality",
            "few_josa_eomi",
            "spam",
        ),
        must_stay=(),
        must_not_have=(),
    )
    return replace(capture, truth=truth, body=broken.encode("utf-8"))


def _latin(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def _bare(url: str, batch: str, plant: str, body: bytes, reasons: tuple[str, ...], **fields) -> Capture:
    charset = "utf-8" if fields.get("content_type", "text/").startswith("text/") else "bytes"
    return Capture(Truth(url, "web", batch, plant, "drop", reasons, charset=charset), body, **fields)


def no_pages(batch: str, seed: int) -> list[Capture]:
    """Records that hold no document: empty bodies, pure markup, pictures, errors, redirects."""
    rng = Random(f"{seed}/{batch}/no-pages")
    host = f"https://misc.example/{batch.replace('-', '')}"
    nothing, no_page = ("empty_text", "too_short"), ("not_html",)
    deep = "<div>" * 3_000 + "</div>" * 3_000
    cells = "".join(f'<tr><td class="c{i}"><i></i></td><td><img src="/{i}.gif"></td></tr>' for i in range(2_000))
    return [
        _bare(f"{host}/empty", batch, "empty-page", b"", nothing),
        _bare(f"{host}/blank", batch, "empty-page", b"<html><head></head><body>  \n </body></html>", nothing),
        _bare(f"{host}/title-only", batch, "empty-page", "<html><title>준비 중</title><body></body>".encode(), nothing),
        _bare(f"{host}/deep", batch, "pure-markup", f"<html><body>{deep}</body></html>".encode(), nothing),
        _bare(f"{host}/cells", batch, "pure-markup", f"<html><body><table>{cells}</table>".encode(), nothing),
        _bare(
            f"{host}/photo.jpg",
            batch,
            "not-a-page",
            b"\xff\xd8\xff\xe0" + rng.randbytes(4_000),
            no_page,
            content_type="image/jpeg",
        ),
        _bare(f"{host}/app.js", batch, "not-a-page", b"var a=1;" * 90, no_page, content_type="application/javascript"),
        _bare(
            f"{host}/gone",
            batch,
            "not-a-page",
            "<html><body><h1>404</h1><p>요청하신 페이지를 찾을 수 없습니다. 주소를 다시 확인해 주세요.</p></body></html>".encode(),
            no_page,
            status="404 Not Found",
        ),
        _bare(
            f"{host}/moved",
            batch,
            "not-a-page",
            b"",
            no_page,
            status="301 Moved Permanently",
            headers=(("Location", f"{host}/new"),),
        ),
    ]


def oversized(batch: str, mib: int = 34) -> Capture:
    """A record above the recipe's limit; it packs to a few kilobytes."""
    paragraph = "<p>같은 말이 끝없이 되풀이되는 페이지입니다.</p>\n".encode()
    body = b"<html><body>" + paragraph * (mib * 2**20 // len(paragraph) + 1) + b"</body></html>"
    truth = Truth(
        f"https://misc.example/{batch.replace('-', '')}/endless",
        "web",
        batch,
        "oversized-record",
        "quarantine",
        ("record_too_large", "too_long", "repeated_lines"),
    )
    return Capture(truth, body)


def opted_out_drafts(passages: list[Passage]) -> list[Draft]:
    """Good texts on pages that ask not to be used for training: by meta tag, by header, by reservation."""
    ways = (
        ('<meta name="robots" content="noai, noimageai">', ()),
        ("", (("X-Robots-Tag", "noai"),)),
        ('<meta name="tdm-reservation" content="1">', ()),
    )
    return [
        Draft(p, "press", "blog", "opted-out", "drop", ("opted_out",), extra_head=head, headers=headers)
        for p, (head, headers) in zip(passages, ways, strict=False)
    ]


def broken_lines(batch: str) -> list[Line]:
    """Lines of a KiN file that cannot be read."""
    url = f"https://kin.example/qna/broken/{batch.replace('-', '')}"
    answer = {"text": "질문이 빠진 줄의 답변입니다. 무엇을 물었는지 알 수 없으니 짝을 지을 수도 없습니다.", "votes": 3}
    orphan = {"url": f"{url}/3", "answers": [answer], "published_at": f"{batch}T08:00:00+09:00"}
    faults = ("broken_json", "missing_field", "undecodable", "broken_record")
    bodies = (
        ("broken-json", f'{{"url": "{url}/1", "title": "끊긴 줄", "question": "여기까지만 적히고'.encode()),
        (
            "broken-json",
            b'{"url": "' + f"{url}/2".encode() + b'", "question": "\xb0\xa1\xff\xfe", "answers": []}',
        ),
        ("missing-field", json.dumps(orphan, ensure_ascii=False).encode()),
    )
    return [
        Line(Truth(f"{url}/{n}", "kin", batch, plant, "quarantine", faults, charset="bytes", declared=""), body)
        for n, (plant, body) in enumerate(bodies, 1)
    ]
