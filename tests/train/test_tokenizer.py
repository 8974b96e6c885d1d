"""Byte-level BPE: lossless, deterministic, and the same ids by the fast path as by ``tokenizers`` itself."""

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from malmoi.contracts.errors import ContractError, InputError
from malmoi.contracts.recipe.handoff import Tokenizer as Section
from malmoi.contracts.release import load_release
from malmoi.contracts.tokenizers import promote, promoted
from malmoi.stages.pack import encoder
from malmoi.train.encoder import Encoder
from malmoi.train.pieces import compiled
from malmoi.train.sample import Laid, Sample
from malmoi.train.tokenizer import learn

KOREAN = "아버지가 방에 들어가신다. 값은 3,500원이고 ㅋㅋㅋ 2026년 11월 24일입니다."
MIXED = [
    KOREAN,
    "",
    " ",
    "\n\n\n  들여쓰기\t탭\r\n줄바꿈",
    "漢字와 ひらがな, emoji 👩‍👩‍👧‍👦, naïve café",
    "옛한글 ᄒᆞᆫ글, 자모 ㄱㄴㄷ, 결합 문자 가",
    "<|endoftext|> 본문에 적힌 특수 토큰 <|pad|>",
    "a" * 5_000 + "가" * 5_000,
    "\x00\x01\ufeff\u200b\u2028",
]


def random_string(pick: random.Random) -> str:
    """Any Unicode scalar values, near each other or far apart, with spaces and line feeds between."""
    ranges = [(0, 0x7F), (0xAC00, 0xD7A3), (0x1100, 0x11FF), (0x3130, 0x318F), (0x80, 0xD7FF), (0xE000, 0x10FFFF)]
    characters = []
    for _ in range(pick.randint(0, 24)):
        low, high = pick.choice(ranges)
        characters.append(chr(pick.randint(low, high)))
        if pick.random() < 0.2:
            characters.append(pick.choice("  \n\t"))
    return "".join(characters)


@pytest.fixture(scope="module")
def tokenizer_file(packed):
    lake, recipe, _ = packed
    return lake.join(promoted(lake, recipe.tokenizer)["path"])


@pytest.mark.parametrize("text", MIXED)
def test_decoding_gives_the_text_back(tokenizer_file, text):
    use = encoder(tokenizer_file)
    assert use.decode(use.encode([text])[0]) == text


def test_fast_path_gives_the_ids_of_tokenizers(tokenizer_file):
    plain = Tokenizer.from_file(tokenizer_file)
    plain.encode_special_tokens = True
    use = Encoder(tokenizer_file)
    pick = random.Random(7)
    texts = MIXED + [random_string(pick) for _ in range(2_000)]
    for _ in range(2):  # the second time from memory
        found = use.encode(texts)
        for text, ids in zip(texts, found, strict=True):
            assert ids == use.dtype.type(plain.encode(text).ids).tobytes() if text else ids == b""


def lossless(tokenizer_file, count: int) -> None:
    use = Encoder(tokenizer_file)
    pick = random.Random(11)
    for _ in range(count // 1_000):
        texts = [random_string(pick) for _ in range(1_000)]
        for text, ids in zip(texts, use.encode(texts), strict=True):
            assert use.decode(ids) == text


def test_lossless_on_random_strings(tokenizer_file):
    lossless(tokenizer_file, 10_000)


@pytest.mark.slow
def test_fuzz_decoding_gives_random_strings_back(tokenizer_file):
    lossless(tokenizer_file, int(os.environ.get("MALMOI_FUZZ_STRINGS", "50000")))


def test_special_tokens_in_a_text_end_nothing(tokenizer_file):
    use = encoder(tokenizer_file)
    ids = use.encode(["<|endoftext|>"])[0]
    assert use.end_of_document not in memoryview(ids).cast("H")


@pytest.mark.parametrize("splitting", [True, False])
def test_pieces_cover_every_text(splitting):
    pick = random.Random(3)
    for text in MIXED + [random_string(pick) for _ in range(2_000)]:
        assert "".join(compiled(splitting).findall(text)) == text


def test_a_space_belongs_to_the_word_behind_it():
    assert compiled(True).findall("집에  간다 12시") == ["집에", " ", " 간다", " ", "1", "2", "시"]
    assert compiled(False).findall("1234년") == ["123", "4", "년"]


def test_digits_stay_alone_where_the_recipe_says_so():
    texts = [["2026 2026 2026 2026"] * 50]
    vocabulary = learn(iter(texts), Section(vocabulary=400)).get_vocab()
    assert not [token for token in vocabulary if token.isdigit() and len(token) > 1]
    vocabulary = learn(iter(texts), Section(vocabulary=400, digit_splitting=False)).get_vocab()
    assert "202" in vocabulary


def test_the_same_sample_gives_the_same_file(packed):
    lake, recipe, _ = packed
    release = load_release(lake, "2026-11-01")
    laid = replace(Laid.plan(lake, release, recipe), sample=Sample(0.5, 1, 0.2, 1))
    assert 20 < sum(map(len, laid.texts())) < 60  # of 90
    files = [learn(laid.texts(), recipe.tokenizer).to_str() for _ in range(2)]
    assert files[0] == files[1]


def test_what_is_no_tokenizer_is_refused_by_name(tmp_path):
    with pytest.raises(ContractError, match="missing; train the tokenizer first"):
        Encoder(tmp_path / "none.json")
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(ContractError, match=r"broken\.json: not readable by tokenizers"):
        Encoder(tmp_path / "broken.json")


def test_a_large_vocabulary_does_not_fit_uint16(tokenizer_file, tmp_path):
    content = json.loads(Path(tokenizer_file).read_text("utf-8"))
    vocabulary = content["model"]["vocab"]
    vocabulary |= {f"{chr(0xAC00 + number % 11_172)}{number}": len(vocabulary) + number for number in range(65_000)}
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ContractError, match=r"65,\d\d\d entries do not fit uint16; use int32"):
        Encoder(path, "uint16")
    wide = Encoder(path)
    assert wide.dtype == "int32" and wide.decode(wide.encode([KOREAN])[0]) == KOREAN


def test_promoting_what_is_not_there(packed):
    lake, recipe, _ = packed
    with pytest.raises(InputError, match="train it first"):
        promote(lake, recipe.tokenizer, "bpe1-none")
