"""Why a document is not in the corpus: a closed list.

A new reason is a new member here; the reports, the console and the documentation list them from this place.
Every drop carries one reason, the value that was measured and the threshold that it missed.
"""

from enum import StrEnum


class Reason(StrEnum):
    """One named cause of a drop. ``meaning`` (English) and ``meaning_ko`` (Korean) are one line each."""

    meaning: str
    meaning_ko: str

    def __new__(cls, value: str, meaning: str, meaning_ko: str) -> "Reason":
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.meaning_ko = meaning_ko
        return member

    # Ingest: the record was read, but holds no document.
    NOT_HTML = "not_html", "the record is not a page (image, script, redirect, error status)", "페이지가 아닌 레코드"
    EMPTY_TEXT = "empty_text", "no main content was found on the page", "본문이 없는 페이지"
    MOJIBAKE = "mojibake", "the text is damaged and could not be decoded back", "복구할 수 없는 글자 깨짐"
    KIN_NO_ANSWER = "kin_no_answer", "a question without an answer that is good enough", "쓸 만한 답변이 없는 질문"
    OPTED_OUT = "opted_out", "the site asks not to be used for training", "학습 이용을 거부한 사이트"
    # Language
    NOT_KOREAN = "not_korean", "the text is in another language", "한국어가 아닌 글"
    # Quality signals against the recipe's thresholds
    TOO_SHORT = "too_short", "fewer characters than the source asks for", "너무 짧은 글"
    TOO_LONG = "too_long", "more characters than the source allows", "너무 긴 글"
    EOJEOL_LENGTH = "eojeol_length", "mean eojeol length outside the source's range", "평균 어절 길이가 범위 밖"
    FEW_JOSA_EOMI = (
        "few_josa_eomi",
        "too few eojeol end in a josa or an ending: a list of words, no prose",
        "조사·어미가 적은 단어 나열",
    )
    FEW_SENTENCES = "few_sentences", "too few lines end as sentences", "문장으로 끝나는 줄이 적음"
    LONE_JAMO = "lone_jamo", "too many lone jamo", "낱자모가 많음"
    MANY_DIGITS = "many_digits", "too many digits", "숫자가 많음"
    MANY_SYMBOLS = "many_symbols", "too many symbols", "기호가 많음"
    BROKEN_TEXT = (
        "broken_text",
        "broken spacing, mixed-up letters or broken grammar: bad recognition, machine translation, shuffled words",
        "깨진 띄어쓰기·문자 인식·문법",
    )
    NO_SPACES = "no_spaces", "spacing is lost", "띄어쓰기가 없음"
    REPEATED_LINES = "repeated_lines", "too many lines repeat", "반복되는 줄이 많음"
    REPEATED_NGRAMS = "repeated_ngrams", "too many word sequences repeat", "반복되는 구절이 많음"
    LIST_LINES = "list_lines", "nearly all lines are list items or links", "목록·링크만 있는 글"
    TRUNCATED = "truncated", "a teaser that breaks off", "중간에 끊긴 글"
    FILLER = "filler", "machine-made filler", "기계가 만든 채움 글"
    LOW_QUALITY = "low_quality", "the quality model's score is below the source's threshold", "품질 점수 미달"
    SPAM = "spam", "several signs of advertising or spam together", "광고·스팸"
    # Profanity
    PROFANE = "profane", "too dense in profanity to be softened", "욕설 밀도가 높음"
    GROUP_HATE = "group_hate", "slurs against groups", "집단 혐오 표현"
    # Personal data
    PII_LIST = "pii_list", "a list of many persons' data", "여러 사람의 개인정보 목록"
    # Duplicates
    DUPLICATE_PAGE = "duplicate_page", "the same page was read twice tonight", "같은 페이지를 두 번 읽음"
    DUPLICATE_EXACT = "duplicate_exact", "the same text as a document that stays", "같은 글"
    DUPLICATE_NEAR = "duplicate_near", "nearly the same text as a document that stays", "거의 같은 글"
    BOILERPLATE_ONLY = "boilerplate_only", "only lines that many pages of the site share", "사이트 공통 문구뿐"
    CONTAMINATED = "contaminated", "overlaps an evaluation set", "평가 집합과 겹침"
    # Takedown and sampling
    TAKEN_DOWN = "taken_down", "removed on request", "삭제 요청"
    NOT_SAMPLED = "not_sampled", "outside the sample fraction of this run", "표본 밖"


class Fault(StrEnum):
    """Why a record could not be processed at all and went to quarantine."""

    TRUNCATED_FILE = "truncated_file"
    BROKEN_RECORD = "broken_record"
    RECORD_TOO_LARGE = "record_too_large"
    BROKEN_JSON = "broken_json"
    MISSING_FIELD = "missing_field"
    UNDECODABLE = "undecodable"
    PARSE_FAILED = "parse_failed"
    TOO_SLOW = "too_slow"
    ENGINE_CRASHED = "engine_crashed"
