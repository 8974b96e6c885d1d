"""Every word of the console in both languages, and every reason and fault."""

import pytest

from malmoi.contracts.reasons import Fault, Reason
from malmoi_airflow.console.words import FAULTS_KO, LANGUAGES, WORDS, Words, chosen


def test_every_word_is_there_twice_and_the_korean_one_is_korean():
    for name, pair in WORDS.items():
        assert len(pair) == len(LANGUAGES) and all(pair), name
        assert any("가" <= letter <= "힣" for letter in pair[1]), name


def test_reasons_and_faults_are_told_in_both_languages():
    assert set(FAULTS_KO) == {fault.value for fault in Fault}
    for value in [*Reason, *Fault]:
        told = {language: Words(language).reason(value) for language in LANGUAGES}
        assert told["en"] and told["en"] != told["ko"] and any("가" <= letter <= "힣" for letter in told["ko"]), value


@pytest.mark.parametrize(
    ("asked", "cookie", "header", "language"),
    [
        ("ko", "en", "en", "ko"), (None, "ko", "en", "ko"), (None, None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, None, "fr, ko", "ko"), ("xx", "yy", "fr", "en"), (None, None, None, "en"),
    ],
)  # fmt: skip
def test_the_language_of_a_request(asked, cookie, header, language):
    assert chosen(asked, cookie, header) == language
