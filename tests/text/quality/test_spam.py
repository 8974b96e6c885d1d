"""Several signs together make spam; one word, and a report about it, do not."""

import random
import re

import pytest

from malmoi.contracts.recipe.quality import Quality
from malmoi.text import spam
from malmoi.text.signals import measure

THRESHOLD = Quality().max_spam_score

ADVERTISING = {
    "gambling": "먹튀 없는 메이저사이트에서 첫 충전 보너스를 받으세요. 바카라와 슬롯을 한 곳에서! 가입코드 문의는 텔레그램으로.",
    "loan": "무직자 대출, 신용등급 무관, 무서류 당일 입금! 24시간 상담 가능하니 지금 바로 카톡 문의 주세요.",
    "adult": "19금 성인 방송 무료 감상, 랜덤채팅으로 은밀한 만남까지. 지금 바로 가입하세요!",
    "escort": "출장마사지 20대 매니저가 30분 안에 방문합니다. 후불제라 안심, 예약 문의는 카톡 아이디 relax 로.",
    "sponsored": "분위기 좋은 카페를 다녀왔어요. 디저트가 정말 맛있어서 강추! 업체로부터 소정의 원고료를 받아 작성했습니다. 예약은 네이버 예약으로.",
    "affiliate": "무선 청소기 최저가 확인은 아래 링크에서! 파트너스 활동의 일환으로 일정액의 수수료를 제공받습니다. https://link.coupang.com/a/x",
    "trade": "포장이사 원룸이사 전문 업체입니다. 무료 견적, 추가 요금 없는 정찰제! 지금 바로 전화 주세요 ☎ 1600-0000",
}
REPORTS = {
    "gambling": "경찰은 온라인 카지노와 스포츠토토를 운영한 혐의로 일당을 붙잡았다. 이들은 회원에게 충전과 환전을 해 주고 수수료를 챙겼다.",
    "loan": "금감원은 무직자 대출과 작업대출 광고가 늘었다며 주의를 당부했다. 급전이 필요한 청년을 노린 수법이라고 설명했다.",
    "adult": "성인 사이트의 나이 확인을 강화하는 법안이 국회를 통과했다. 위원회는 몰카 영상의 유통을 막기 위한 조치라고 밝혔다.",
    "escort": "재판부는 출장마사지를 가장해 성매매를 알선한 업주에게 징역 1년을 선고했다.",
    "disclosure": "공정거래위원회는 소정의 원고료를 받고도 밝히지 않은 후기를 적발했다고 발표했다.",
    "trade": "임플란트는 잇몸뼈의 상태에 따라 기간이 달라집니다. 당뇨가 있으면 먼저 혈당을 조절해야 해요.",
    "offer": "마트에서 두부를 반값에 팔기에 세 모를 샀다. 유통기한이 이틀 남은 것이었다.",
    "call": "위쪽 메뉴에서 설정을 누르고 알림을 클릭하세요. 목록이 나오면 지우고 싶은 것을 고르면 됩니다.",
    "poker": "친구들과 둘러앉아 카드놀이를 했다. 돈 대신 콩을 걸었는데 내가 제일 많이 땄다.",
}


@pytest.mark.parametrize("kind", ADVERTISING)
def test_advertising(kind):
    assert spam.score([ADVERTISING[kind]])[0] > THRESHOLD


@pytest.mark.parametrize("kind", REPORTS)
def test_reports_and_advice(kind):
    assert spam.score([REPORTS[kind]])[0] < 0.8 * THRESHOLD


@pytest.mark.parametrize(
    "word", ["토토", "대출", "바카라", "카지노", "마사지샵", "비아그라", "무료 상담", "최저가", "체험단에 선정"]
)
def test_one_phrase_never_decides(word):
    text = f"어제 라디오에서 {word} 이야기가 나왔는데 나는 무슨 말인지 몰라서 그냥 듣고만 있었다."
    assert spam.score([text])[0] < THRESHOLD
    assert spam.score([" ".join([text] * 20)])[0] < THRESHOLD


def test_hosts_and_addresses_add_up():
    text = "매일 새로운 경기 배당률을 올려 드립니다. 주소는 아래에서 확인하세요."
    plain, hosted = spam.score([text, text], None, ["https://blog.example.com/1", "https://best-toto77.xyz/"])
    assert hosted > plain
    linked = spam.score([text + " https://king-casino.vip https://slot-99.xyz"])[0]
    assert linked > plain


def test_keyword_stuffing_and_hash_tags():
    stuffed = " ".join(
        f"강남{word}" for word in "치과 임플란트 교정 미백 충치 사랑니 스케일링 추천 가격 후기 이벤트 야간 주말".split()
    )
    stuffed = f"{stuffed} {stuffed} 치과 추천 예약 문의"
    assert measure([stuffed])["spam_score"][0] > measure(["강남에 있는 치과에서 사랑니를 뺐다."])["spam_score"][0]
    tags = "오늘의 코디 할인 이벤트 " + " ".join(f"#태그{number}" for number in range(15))
    assert spam.score([tags])[0] > spam.score(["오늘의 코디 할인 이벤트"])[0]


def test_scores_lie_between_0_and_1_and_keep_their_order():
    texts = [*ADVERTISING.values(), "", *REPORTS.values()]
    scores = spam.score(texts)
    assert len(scores) == len(texts) and all(0 <= score < 1 for score in scores)
    assert scores[len(ADVERTISING)] == 0
    assert [spam.score([text])[0] for text in texts] == scores


def test_a_class_that_looks_for_members_is_no_spam():
    notice = (
        "붓을 처음 잡는 분도 괜찮습니다. 매주 토요일 오전에 두 시간씩 그리고, 재료는 작업실에 있는 것을 함께 씁니다. 문의는 010-0000-0000으로 해 주세요. "
        "첫 달 수강료는 미리 보내 주시면 됩니다. 지난 학기에는 정원을 그렸고 이번 학기에는 골목을 그립니다."
    )
    seller = "수강료 최저가 보장! 지금 등록하시면 사은품 증정, 무료 상담 문의는 010-0000-0000으로 바로 연락 주세요. 강력 추천합니다."
    low, high = spam.score([notice, seller])
    assert low < 0.4 and high > 0.6


@pytest.mark.parametrize(
    ("ours", "plain", "pieces"),
    [
        (
            spam._PHONE,
            r"(?<!\d)(?:0\d{1,2}|1[568]\d\d|0[57]0\d?)[-.) ~]{1,2}\d{3,4}(?:[-. ~]\d{4})?(?!\d)",
            ["0", "1", "010", "02", "070", "050", "1588", "1600", "-", ".", ") ", "~", "123", "4567", "전화 ", "٣"],
        ),
        (
            spam._LINK,
            r"https?://[^\s)\]>\"']{4,200}"
            r"|(?<![\w.])[a-z0-9-]{2,40}\.(?:com|net|kr|me|xyz|top|vip|shop|site|club|bet)\b",
            [
                "http",
                "https",
                "://",
                "www",
                ".",
                "naver",
                "co",
                "kr",
                "com",
                "-",
                "b",
                "가게",
                " ",
                ")",
                "me",
                "a" * 25,
                "한",
            ],
        ),
        (spam._HASHTAG, r"(?:^|\s)#[^\s#]{2,30}", ["#", "#", " ", "\n", "맛집", "태", "그" * 20, "a", "."]),
    ],
    ids=["telephone", "link", "hash tag"],
)
def test_a_sign_is_found_where_the_plain_expression_finds_it(ours, plain, pieces):
    chance = random.Random(4)
    for _ in range(20_000):
        text = "".join(chance.choices(pieces, k=chance.randrange(1, 14)))
        found = [match.group().lstrip() for match in ours.finditer(text)]
        assert found == [match.group().lstrip() for match in re.finditer(plain, text)], text


def test_no_decoration_counts_twice():
    assert len(set(spam._DECORATION)) == len(spam._DECORATION)


def test_no_link_is_without_what_is_looked_for_first():
    chance = random.Random(2)
    pieces = [
        "http",
        "https",
        "://",
        "a",
        "-",
        "1",
        "가",
        ".",
        ".com",
        ".co.kr",
        ".me",
        "club",
        " ",
        ")",
        "A",
        "_",
        "\n",
    ]
    found = 0
    for _ in range(20_000):
        text = "".join(chance.choices(pieces, k=chance.randrange(10)))
        links = spam._LINK.findall(text)
        found += bool(links)
        assert not links or spam._may_hold_a_link(text.encode()), text
    assert found > 500
