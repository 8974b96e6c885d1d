"""Charsets: what is declared is a hint, the bytes decide; mojibake is undone or reported, never let through."""

import unicodedata

import pytest

from malmoi.contracts.reasons import Reason
from malmoi.text.charset import clean, decode
from malmoi.text.mojibake import is_mojibake, repair

KOREAN = "오늘은 아침부터 비가 내렸다. 우산을 챙겨 나가려다가 문득 창밖을 보니 골목이 온통 젖어 있었다. "
EXTRA = "똠방각하와 펲시콜라, 뷁이라는 글자는 완성형에 없다. "  # only CP949 has these syllables


@pytest.mark.parametrize(
    ("charset", "declared", "found"),
    [
        ("utf-8", None, "utf-8"),
        ("utf-8", "euc-kr", "utf-8"),
        ("utf-8", "no-such-charset", "utf-8"),
        ("utf-8-sig", None, "utf-8"),
        ("euc-kr", "euc-kr", "cp949"),
        ("euc-kr", None, "cp949"),
        ("euc-kr", "utf-8", "cp949"),
        ("euc-kr", "ISO-8859-1", "cp949"),
        ("cp949", "ks_c_5601-1987", "cp949"),
        ("utf-16", None, "utf-16-le"),
        ("utf-16-be", "utf-8", "utf-16-be"),
    ],
)
def test_charset_is_found_whatever_was_declared(charset, declared, found):
    html = f"<html><head><title>비</title></head><body><p>{KOREAN}</p></body></html>"
    decoded = decode(html.encode(charset), declared)
    assert decoded.text == html
    assert (decoded.charset, decoded.repaired, decoded.defect) == (found, False, None)


def test_extra_syllables_of_cp949():
    assert decode(EXTRA.encode("cp949"), "euc-kr").text == EXTRA


def test_meta_charset_of_a_japanese_page():
    html = '<meta charset="shift_jis"><p>今日は雨が降っています。傘を持って出かけました。</p>'
    decoded = decode(html.encode("shift_jis"))
    assert (decoded.text, decoded.charset) == (html, "shift_jis")


def test_declared_punycode_is_not_believed():
    assert decode(KOREAN.encode("cp949"), "punycode").text == KOREAN


def test_a_character_cut_in_two_at_the_end_costs_only_itself():
    assert decode(KOREAN.encode("utf-8")[:-2]).text == KOREAN.rstrip()[:-1]
    assert decode(KOREAN.strip().encode("cp949")[:-1] + b"\xc7").charset == "cp949"


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_utf8_read_as_western_is_repaired(wrong):
    damaged = "제목".encode().decode("latin-1") + " and "
    assert repair(damaged) == "제목 and "
    text = KOREAN.encode("utf-8").decode(wrong, "surrogateescape") if wrong == "cp1252" else None
    damaged = text if text and text.isprintable() else KOREAN.encode("utf-8").decode("latin-1")
    decoded = decode(damaged.encode("utf-8", "surrogatepass"))
    assert (decoded.text, decoded.repaired, decoded.defect) == (KOREAN, True, None)


def test_cp949_read_as_western_is_repaired():
    decoded = decode(KOREAN.encode("cp949").decode("latin-1").encode("utf-8"))
    assert (decoded.text, decoded.repaired, decoded.defect) == (KOREAN, True, None)


def test_utf8_read_as_cp949_is_reported_where_bytes_are_lost():
    damaged = (KOREAN * 3).encode("utf-8").decode("cp949", "replace")
    assert decode(damaged.encode("utf-8")).defect == Reason.MOJIBAKE


def test_replacement_characters_are_reported():
    assert is_mojibake("우리��는 오늘 �도 글을 �다. " * 5)
    assert not is_mojibake(KOREAN * 10 + "\ufffd")  # one lost letter in a long text


@pytest.mark.parametrize(
    "sound",
    [
        "카페 Les Amis의 crème brûlée와 naïve한 맛, 기온 25°C ±2도, “따옴표”와 … 그리고 ½컵",
        "[caption id=“a_341” width=“401”] 그림[/caption]",
        "Le café était fermé, déjà tôt. Où est la clé ? Ça va.",
        "漢字가 섞인 國漢文 混用體의 글, 怨恨과 濡佛",
        "뷁! 뙓뙓 햏햏",
    ],
)
def test_sound_text_is_neither_changed_nor_reported(sound):
    assert repair(sound) == sound
    assert not is_mojibake(sound)


def test_clean():
    decomposed = unicodedata.normalize("NFD", "한글")
    assert clean(f"{decomposed}\x00\r\n둘\r셋\u2028넷\x0b\ufeff") == "한글\n둘\n셋\n넷"
    assert clean("탭\t과 줄\n바꿈") == "탭\t과 줄\n바꿈"


@pytest.mark.parametrize(
    "payload", [b"", b"\xff\xfe", b"\xff\xfe\x00", bytes(range(256)) * 8, b"\x00" * 100, b"\x80" * 50]
)
def test_any_bytes_give_text(payload):
    decoded = decode(payload, "euc-kr")
    assert "\x00" not in decoded.text
    assert decoded.text == unicodedata.normalize("NFC", decoded.text)


@pytest.mark.parametrize(
    "text", ["cafe\u0301", "\u1112\u1161\u11ab\u1100\u1173\u11af", "가\u11a8", "a\u0327\u0301b\u0301\u0327"]
)
def test_decomposed_text_is_composed(text):
    assert decode(text.encode()).text == clean(text) == unicodedata.normalize("NFC", text)
