"""What a page may show of a text."""

import pytest

from malmoi_airflow.console.masking import masked, pieces, plain

PHONE = {"start": 4, "end": 17, "entity": "phone", "score": 1.0}


def test_spans_are_shown_as_what_they_are():
    text = "문의: 010-1234-5678로 하세요"
    found = pieces(text, [PHONE], [{"start": 0, "end": 2, "severity": "mild", "lemma": "x"}])
    assert [(piece.text, piece.mark) for piece in found] == [
        ("문의", "profanity"), (": ", ""), ("<전화번호>", "pii"), ("로 하세요", "")
    ]  # fmt: skip
    assert masked(text, [PHONE]) == "문의: <전화번호>로 하세요"
    assert "".join(piece.text for piece in pieces(text, [PHONE], unmasked=True)) == text


def test_overlapping_spans_hide_all_that_any_of_them_covers():
    text = "가나다라마바사"
    spans = [{"start": 1, "end": 4, "entity": "name"}, {"start": 3, "end": 6, "entity": "phone"}]
    shown = masked(text, spans)
    assert not set("나다라마바") & set(shown) and shown.startswith("가") and shown.endswith("사")
    rude = [{"start": 0, "end": 7, "severity": "strong", "lemma": "x"}]
    assert not set("나다라") & {
        c for piece in pieces(text, spans[:1], rude) if piece.mark != "profanity" for c in piece.text
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("연락처 010-1234-5678 모음", "연락처 ●●●-●●●●-●●●● 모음"),
        ("user.name@mail.example 에게", "●●● 에게"),
        ("2026년 3월 12일", "2026년 3월 12일"),
        ("12345", "●●●●●"),
        (None, ""),
    ],
)
def test_what_no_annotation_covers_loses_digits_and_addresses(text, shown):
    assert plain(text) == shown
