"""KiN: one question, one answer, without thank-yous, signatures and advertising."""

import pytest

from malmoi.text.kin import Answer, clean_answer, clean_question, clean_title, pair, to_text

QUESTION = "고양이가 사흘째 밥을 먹지 않습니다. 물은 조금씩 마시는데 병원에 바로 가야 할까요?"
LONG = "사흘 넘게 굶으면 지방간이 올 수 있으니 오늘 바로 병원에 데려가세요. 그동안은 습식 사료를 데워서 조금씩 먹여 보세요."
SHORT = "하루 이틀은 괜찮지만 사흘이면 병원에 가는 편이 안전합니다."


@pytest.mark.parametrize(
    ("answers", "rank"),
    [
        ([Answer(LONG), Answer(SHORT, adopted=True)], 1),
        ([Answer(LONG, votes=50), Answer(SHORT, expert=True)], 1),
        ([Answer(LONG), Answer(SHORT, votes=3)], 1),
        ([Answer(SHORT), Answer(LONG)], 1),
        ([Answer(LONG), Answer(LONG)], 0),
        ([Answer("ㄱㅅ", adopted=True), Answer(SHORT)], 1),
    ],
)
def test_one_answer_by_adopted_expert_votes_length(answers, rank):
    qa = pair("고양이 밥", QUESTION, answers)
    assert qa["answer_rank"] == rank
    assert qa["answer"] == answers[rank].text


@pytest.mark.parametrize(
    "answers", [[], [Answer("모르겠어요")], [Answer("도움이 되셨다면 채택 부탁드려요!", adopted=True)]]
)
def test_no_good_answer_no_pair(answers):
    assert pair("고양이 밥", QUESTION, answers) is None


def test_rendering_holds_both_parts():
    qa = pair("고양이 밥", QUESTION, [Answer(LONG, adopted=True)])
    assert to_text(qa) == f"## 질문\n\n고양이 밥\n\n{QUESTION}\n\n## 답변\n\n{LONG}"


def test_a_body_that_begins_with_the_title_does_not_repeat_it():
    assert pair("고양이가 사흘째", QUESTION, [Answer(LONG)])["question"] == QUESTION


@pytest.mark.parametrize(
    "line",
    [
        "감사합니다",
        "미리 감사드립니다~",
        "빠른 답변 부탁드려요!!",
        "내공 100 드려요",
        "좋은 답변 기다릴게요ㅠㅠ",
        "답변해주셔서 감사합니다.",
    ],
)
def test_thanks_and_pleas_leave_the_question(line):
    assert clean_question(f"{QUESTION}\n{line}") == QUESTION


@pytest.mark.parametrize(
    "line",
    [
        "선생님께 감사합니다라고 말해도 실례가 아닌지 궁금합니다.",
        "답변을 부탁하는 메일은 어떻게 써야 하나요?",
        "내공이 깊은 사람이라는 말은 무슨 뜻인가요?",
    ],
)
def test_questions_about_thanks_stay(line):
    assert clean_question(f"{line}\n{QUESTION}\n{line}") == f"{line}\n{QUESTION}\n{line}"


@pytest.mark.parametrize(
    "line",
    [
        "안녕하세요. 네이버 지식iN 상담 전문가입니다",
        "도움이 되셨다면 채택 부탁드립니다^^",
        "조금이나마 도움이 되길 바랍니다.",
        "출처: 본인",
        "https://blog.example.kr/cat",
        "무료상담은 프로필 클릭해 주세요",
        "카톡 문의 주시면 자세히 알려드립니다",
    ],
)
def test_signatures_and_advertising_leave_the_answer(line):
    assert clean_answer(f"{line}\n\n{LONG}\n\n{line}") == LONG


@pytest.mark.parametrize(
    "line",
    [
        "수의사에게 카드를 보여 주며 증상을 설명하세요.",
        "채택률이 높은 답변이 늘 맞는 것은 아닙니다.",
        "이 방법이 여러모로 가장 도움이 많이 되는 편이라고 합니다.",
    ],
)
def test_answers_that_mention_such_words_stay(line):
    assert clean_answer(f"{LONG}\n{line}\n{LONG}") == f"{LONG}\n{line}\n{LONG}"


def test_points_leave_the_title():
    assert clean_title("고양이가 밥을 안 먹어요 (내공 100)") == "고양이가 밥을 안 먹어요"
