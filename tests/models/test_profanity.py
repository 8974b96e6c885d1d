"""Profanity end to end: evasions, innocent look-alikes, softening, a dying analyser."""

import importlib.util
from pathlib import Path

import pytest

from malmoi.models import kiwi
from malmoi.models.profanity import find, is_profane
from malmoi.text.edits import splice

_PATH = Path(__file__).parents[1] / "text" / "profanity" / "evasions.py"
_SPEC = importlib.util.spec_from_file_location("evasions", _PATH)
evasions = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(evasions)

TRAPS = (
    "시발점이 되었다|서울시 발표에 따르면|역시 발표를 잘한다|다시 발생했다|아저씨 발이 크다|시바견을 키운다|18년 동안 일했다|병신년 새해가 밝았다|"
    "질병 신고를 받았다|새끼손가락을 걸었다|새끼 고양이 세 마리|하루 세끼를 먹는다|전염병을 막는다|꿈을 좇아 왔다|가족같은 분위기|민족 같은 말|"
    "스쿨존내 신호등|에밀 졸라의 소설|허리띠를 졸라매다|영향을 미친 요인|가 보지 못했다|잠을 자지 않고|불이 꺼져 있었다|위기가 닥쳐 왔다|"
    "서랍을 뒤져 봤다|생선 대가리를 잘랐다|엿을 먹었다|쓰레기 분리수거|한남대교를 건넜다|기생충을 보았다|홍어 삼합을 먹었다|등신대 패널|"
    "아스팔트 포장|시벨리우스 교향곡|수박 축제|대책 마련이 시급하다|관련이 없다|마음에 새기고 산다|쫓겨난 사람들|청년아지트|나대지를 샀다|"
    "중앙보훈병원|Jira 보드|sibling 관계|tq 코드|시스템 발주|세 살 새 신발|미련이 남았다|십팔번 노래|육갑을 짚다|두 손을 씻었다|'지랄'이라는 말의 뜻|"
    "고려 말 왜구의 침입이 잦았다|흉노는 유목 민족이다|북쪽국경을 넘었다|한쪽발로 서서|착한녀석이 인사를 했다|부상을 딛고 재기해 우승했다|연금충당부채|"
    "비라도들이칠까 창문을 닫았다|삼일한의원 진료 시간|퐁퐁이 떨어졌다|통구이 통닭|검둥이라는 개를 키웠다|니그로 리그의 투수|장애인 새 쉼터|섬나라 원숭이의 진화|"
    "후장 마감 시세|오디를 따먹고 놀았다|외동딸치고는 무뚝뚝하다|도시락을 싸가지고 왔다|소금을 쳐 먹는 감자|빌어먹을 처지는 면했다|뚝배기가 깨졌다|시발역에서 종착역까지|"
    "부산 시발 열차|엄마를 졸라 인형을 샀다|새끼손톱에 봉숭아 물을 들였다|새끼줄을 꼬아 금줄을 만들었다|도라이버로 나사를 조였다|걸레 같은 천으로 닦았다|김민수씨ㅋㅋ 바로 갈게|ㅏ ㅓ ㅗ ㅜ|"
    "가스발 화재 소식|시바 신을 모신 사원|시바타 선수가 골을 넣었다|이 사건이 논란의 시발이 되었다|그 운동의 시발을 알린 날|개가 새끼를 뱄다|새끼꼬기를 배웠다|"
    "졸라댔더니 사 주었다|졸라도 소용없었다|염병사리를 하던 사람|염병이 도는 마을|예전에는 장티푸스를 염병이라 불렀다|쌍년도 계산법|쌍놈과 양반을 가리던 시대|"
    "왜놈들이 쳐들어왔다는 대사|죽일 놈의 사랑이라는 드라마|처먹는다는 말은 거친 표현이다|홍어좌판에서 샀다|한남충청지사|된장녀석이라는 밴드|딸딸이 슬리퍼를 신고|"
    "꼴값 못 하는 가방|젠장르 소설|스발바르 종자 보관소|십팔 번째 생일|춤에 미친 소년의 이야기|유충이 성충이 되기까지|개색깔이 섞였다|도라이버 세트|"
    "신발 한 쌍을 샀다|각 쌍(pair)의 합을 구한다|티켓 10쌍을 드립니다|model.cuda().half() 호출|thread (TID) 번호|㉤ ㉥ ㉦ ㉧ 기호|ㅁ ㅂ ㅃ ㅄ ㅅ ㅆ ㅇ 자모|"
    "로봇 변신로봇 장난감|서른년을 넘게 살았다|전갈보다 큰 벌레|시뻘건 양념|漱石(そうせき)의 소설|빌드시(package) 주의"
).split("|")


@pytest.mark.parametrize("rule", sorted(evasions.RULES))
def test_hidden_spellings_are_found(rule):
    """Issue 5: unseen spellings; at least three of four by every rule."""
    texts = evasions.spellings(rule, 20)
    assert sum(map(is_profane, find(texts))) >= 15


def test_innocent_look_alikes_stay():
    hit = [text for text, found in zip(TRAPS, find(TRAPS), strict=True) if is_profane(found)]
    assert not hit


@pytest.mark.parametrize(
    ("text", "softened"),
    [
        ("아 씨발 진짜 짜증나네", "아 진짜 짜증나네"),
        ("오늘 날씨 좋네 씨발.", "오늘 날씨 좋네."),
        ("이 새끼가 뭐라는 거야", "이 사람이 뭐라는 거야"),
        ("그 병신이 또 왔어", "그 바보가 또 왔어"),
        ("존나 맛있다", "정말 맛있다"),
        ("지랄하지 마라", "헛소리하지 마라"),
        ("좆같은 회사", "형편없는 회사"),
        ("이 씨발놈들이 또", "이 사람들이 또"),
        ("미친놈이 운전하네", "이상한 사람이 운전하네"),
        ("팀장 새끼가 또 야근을 시켰다.", "팀장이 또 야근을 시켰다."),
        ("새끼야 돈 좀 갚아라.", "돈 좀 갚아라."),
        ("이번 학기는 좆됐다.", "이번 학기는 망했다."),
        ("쳐먹고 바로 자니까 살이 찌지.", "먹고 바로 자니까 살이 찌지."),
        ("시발 이 동네는 주차할 데가 없냐.", "이 동네는 주차할 데가 없냐."),
        ("염병할 비가 그치지를 않는다.", "비가 그치지를 않는다."),
        ("밤새 지랄을 해서 잠을 못 잤다.", "밤새 난리를 피워서 잠을 못 잤다."),
        ("쌍년이 거짓말을 했다.", "못된 사람이 거짓말을 했다."),
        ("쓰레기 같은 새끼랑은 말도 섞기 싫다.", "나쁜 사람이랑은 말도 섞기 싫다."),
        ("병신같이 운전하는 차가 많다.", "바보같이 운전하는 차가 많다."),
        ("염병 또 비가 온다.", "또 비가 온다."),
        ("쌍놈의 모기 때문에 깼다.", "못된 모기 때문에 깼다."),
        ("씨발 소리가 절로 나왔다.", "욕이 절로 나왔다."),
        ("닥쳐 지금 뉴스 듣잖아", "조용히 해 지금 뉴스 듣잖아"),
        ("틀니 냄새 나는 좀비 새끼들 빨리 죽어 없어져라", ""),
        ("썅것들이 밤새 떠들었다.", "못된 사람들이 밤새 떠들었다."),
        ("- 첫째 줄이다.\n- 한남충들 또 왔다.\n- 셋째 줄", "- 첫째 줄이다.\n- 셋째 줄"),
    ],
)
def test_softening(text, softened):
    (found,) = find([text])
    assert splice(text, found.edits) == softened
    assert not [hit for hit in find([softened])[0].spans if hit.severity == "strong"]


@pytest.mark.parametrize(
    "text",
    "시,발 뭐냐|걔 개:자식|병x신 소리|어제 그거 씨ㅋ발 웃겼음|ㅈl랄 좀 그만|ㅅlㅂrㄹ|ѕіbаl 집에나 가라|너 ssi bal 그만|ㄴ♡ㄱ♡ㅁ|뭐래 저 병시니|"
    "밓친놈 왜 그래|니밓럴 또 지각|ミ친놈 소리|와 졸.라 맛있다|와 개짜식|사장이 개소리를 늘어놓았다|그 또라이가 사고를 쳤다|저 돼지새끼는 뭐냐|진짜 ㅈㄴ 좋았다는 말밖에".split(
        "|"
    ),
)
def test_spellings_that_were_missed_once(text):
    assert is_profane(find([text])[0])


def test_measures():
    (found,) = find(["좋은 아침이다. 씨발 뭐냐."])
    assert (found.density, found.sentence_share, found.group_slurs) == (0.25, 0.5, 0)
    assert [(hit.start, hit.end, hit.severity) for hit in found.spans] == [(9, 11, "strong")]
    assert find([]) == []


def test_long_input_is_capped():
    assert kiwi.tokenize_windows(["가" * 100_000])[0][-1].end <= kiwi.MAX_WINDOW


class Poisoned:
    def tokenize(self, texts):
        raise SystemError("the analyser died")


def test_a_poisoned_analyser_is_not_hidden():
    """The stage must see the crash: the worker's restart and the quarantine follow from it."""
    kiwi.use(Poisoned())
    try:
        with pytest.raises(SystemError):
            find(["먼지랄 것도 없다"])
        assert is_profane(find(["ㅅㅂ"])[0])  # no doubt, no analyser
    finally:
        kiwi.use(None)
