"""Road-name and lot addresses down to the building number. A place without a number is no address."""

import re

from malmoi.text.pii.rule import Context, Rule

_PROVINCE = (
    r"(?:서울(?:특별시|시)?|(?:부산|대구|인천|광주|대전|울산)(?:광역시|시)?|세종(?:특별자치시|시)?|경기도?|강원(?:특별자치도|도)?|제주(?:특별자치도|도)?|"
    r"충청[남북]도|전라[남북]도|전북특별자치도|경상[남북]도|충[남북]도?|전[남북]도?|경[남북]도?)"
)
_S = r"[ \t]{0,2}\n?[ \t]{0,2}"
_DISTRICT = r"[가-힣]{1,4}[시군구]"
_TOWN = r"[가-힣]{1,6}[0-9]{0,2}(?:읍|면|동|가|리)"
_ROAD = r"(?:(?![가-힣]{0,6}으로[ 0-9])[가-힣0-9·]{1,12}?(?:대로|로|길)(?:\s?[0-9]{1,4}(?:번|번가|가)?(?:안)?길)?)"
_NUMBER = r"(?>(?![0-9]{1,4}(?:번|가)?(?:안)?길)(?:지하\s?|산\s?)?[0-9]{1,5}(?:\s?-\s?[0-9]{1,5})?(?:\s?번지)?)"
_DETAIL = (
    r"(?:[ ,]{0,3}\([가-힣0-9, ]{2,24}\))?"
    r"(?:[ ,]{0,3}(?:[가-힣A-Za-z0-9]{2,14}(?:아파트|빌라|오피스텔|빌딩|타워|타운|맨션|주택|자이|푸르지오|래미안|힐스테이트|아이파크|센터|상가|원룸|하이츠|캐슬|파크|빌|단지)|[가-힣A-Za-z0-9]{2,12} (?=[0-9]{1,4}(?:동|층|호))))?"
    r"(?:[ ,]{0,3}(?:제?\s?[A-Za-z가-힣]?[0-9]{1,4}|[A-Za-z가나다라])동)?(?:[ ,]{0,3}(?:지하\s?)?[Bb]?[0-9]{1,3}층)?(?:[ ,]{0,3}[Bb]?[0-9]{1,5}호)?"
    r"(?:[ ,]{0,3}\([가-힣0-9, ]{2,24}\))?"
)
_COUNTER = (
    r"(?:년|월|일(?!반|원|대)|시(?![가-힣])|분|초|명|%|％|만|억|조|천|백|개|원|주|차|세|위|번(?!지|길)|번째|여|배|킬로|㎞|km|m(?![A-Za-z])|미터|도|점|건|곳|대|호선|회|학기|학년|인|"
    r"구역|지구|공구|블록|블럭|단지(?!\s?[0-9])|차로|중대|소대|리(?![가-힣])|가(?![가-힣0-9])|동(?!\s?[0-9])|코스|구간|구역|번\s?출구|[·,~]\s?[0-9]{1,3}\s?구역|층짜리|가구|세대|,[0-9]{3}|\.[0-9])"
)
_NOT_COUNTED = rf"(?![0-9])(?!{_COUNTER})(?!\s{_COUNTER}(?:[^가-힣]|$|[은는이가을를의에도째]))"
_UNIT = r"[0-9]{1,4}동\s?[0-9]{1,5}호"

_ROAD_FULL = re.compile(
    rf"(?<![가-힣])(?P<value>(?:{_PROVINCE}{_S})?(?:(?P<district>{_DISTRICT}){_S}){{1,2}}(?:{_TOWN}{_S}){{0,2}}{_ROAD}{_S}{_NUMBER}{_NOT_COUNTED}{_DETAIL})"
)
_LOT_FULL = re.compile(
    rf"(?<![가-힣])(?P<value>(?:{_PROVINCE}{_S})?(?:(?P<district>{_DISTRICT}){_S}){{0,2}}(?P<town>(?:{_TOWN}{_S}){{1,3}}){_NUMBER}{_NOT_COUNTED}{_DETAIL})"
)
_ROAD_PROVINCE = re.compile(
    rf"(?<![가-힣0-9])(?P<value>{_PROVINCE}{_S}(?:{_TOWN}{_S}){{0,2}}(?P<road>{_ROAD}){_S}{_NUMBER}{_NOT_COUNTED}{_DETAIL})"
)
_LABEL = r"(?:주\s?소(?:지)?|배송지|거주지|소재지|본적|등록기준지|수령지|받는\s?곳|보내실\s?곳|사는\s?곳|자택|우리\s?집|저희\s?집|집\s?주소|직장|오시는\s?길|도착지|출발지|위치|택배)"
_LABELLED = re.compile(
    rf"{_LABEL}[\s은는이가:=|)\]>-]{{0,5}}(?P<value>(?:{_DISTRICT}{_S}){{0,2}}(?:[가-힣]{{1,6}}[0-9]{{0,2}}(?:읍|면|동|리){_S}){{0,3}}(?:{_ROAD}{_S})?{_NUMBER}{_NOT_COUNTED}{_DETAIL})"
)
_APARTMENT = re.compile(
    rf"(?<![가-힣0-9])(?P<value>(?:{_PROVINCE}{_S})?(?:{_DISTRICT}{_S}){{0,2}}(?:{_TOWN}{_S}){{0,2}}[가-힣A-Za-z][가-힣A-Za-z0-9]{{1,13}}\s?[0-9]{{0,2}}(?:차|단지)?(?:아파트)?\s?{_UNIT})(?![가-힣0-9]?[0-9])"
)
_HOME_UNIT = re.compile(
    rf"(?:우리\s?집|저희\s?집|자택|집\s?주소|사는\s?곳|택배|배달|배송지?|문\s?앞)[은는이가:\s]{{0,4}}(?P<value>{_UNIT})(?![0-9])"
)
_LONG_PROVINCE = re.compile(_PROVINCE)


def _districts() -> frozenset[str]:
    """Names of the cities, counties and wards (시·군·구) that an address may begin with when it names no province."""
    metropolitan = "종로 용산 성동 광진 동대문 중랑 성북 강북 도봉 노원 은평 서대문 마포 양천 강서 구로 금천 영등포 동작 관악 서초 강남 송파 강동 영도 부산진 동래 해운대 사하 금정 연제 수영 사상 수성 달서 미추홀 연수 남동 부평 계양 광산 유성 대덕 장안 권선 팔달 영통 수정 중원 분당 만안 동안 상록 단원 일산동 일산서 덕양 처인 기흥 수지 상당 서원 흥덕 청원 동남 서북 완산 덕진 의창 성산 마산합포 마산회원 진해"
    cities = "수원 성남 의정부 안양 부천 광명 평택 동두천 안산 고양 과천 구리 남양주 오산 시흥 군포 의왕 하남 용인 파주 이천 안성 김포 화성 양주 포천 여주 춘천 원주 강릉 동해 태백 속초 삼척 청주 충주 제천 천안 공주 보령 아산 서산 논산 계룡 당진 전주 군산 익산 정읍 남원 김제 목포 여수 순천 나주 광양 포항 경주 김천 안동 구미 영주 영천 상주 문경 경산 창원 진주 통영 사천 김해 밀양 거제 양산 제주 서귀포"
    counties = "기장 달성 군위 강화 옹진 울주 연천 가평 양평 홍천 횡성 영월 평창 정선 철원 화천 양구 인제 고성 양양 보은 옥천 영동 증평 진천 괴산 음성 단양 금산 부여 서천 청양 홍성 예산 태안 완주 진안 무주 장수 임실 순창 고창 부안 담양 곡성 구례 고흥 보성 화순 장흥 강진 해남 영암 무안 함평 영광 장성 완도 진도 신안 의성 청송 영양 영덕 청도 고령 성주 칠곡 예천 봉화 울진 울릉 의령 함안 창녕 남해 하동 산청 함양 거창 합천"
    wards = "중 동 서 남 북"
    names = [f"{name}구" for name in (metropolitan + " " + wards).split()]
    names += [f"{name}시" for name in cities.split()] + [f"{name}군" for name in counties.split()]
    return frozenset(names)


DISTRICTS = _districts()


def _known(match: re.Match[str]) -> bool:
    value = match["value"]
    if _LONG_PROVINCE.match(value):
        return True
    first = re.match(_DISTRICT, value)
    return first is not None and any(value.startswith(name) for name in DISTRICTS)


def _full(match: re.Match[str], context: Context) -> float:
    return 0.9 if _known(match) else 0.0


def _lot(match: re.Match[str], context: Context) -> float:
    value = match["value"]
    precise = "번지" in value or re.search(r"[0-9]\s?-\s?[0-9]", value) is not None
    if match["district"]:
        village = re.search(r"(?:리|동|가|읍|면)\s?\Z", match["town"]) is not None
        return 0.9 if _known(match) and village else 0.0
    return 0.8 if precise and _LONG_PROVINCE.match(value) else 0.0


def _apartment(match: re.Match[str], context: Context) -> float:
    return 0.8 if re.search(r"[1-9]", match["value"]) else 0.0


ENTITIES = ("address",)

SEED = r"(?:로|길|동|리|가|읍|면)[ \t]{0,2}\n?[ \t]{0,2}(?:지하|산)?[ ]?[0-9]"
REACH = (70, 90)

RULES = (
    Rule("address", _ROAD_FULL, _full),
    Rule("address", _LOT_FULL, _lot),
    Rule("address", _ROAD_PROVINCE, lambda match, context: 0.8),
    Rule("address", _LABELLED, lambda match, context: 0.7 if re.search(r"[가-힣]\s?\S*[0-9]", match["value"]) else 0.0),
    Rule("address", _APARTMENT, _apartment, re.compile(r"[0-9]동\s?[0-9]{1,5}호")),
    Rule("address", _HOME_UNIT, lambda match, context: 0.7),
)

POSITIVES = (
    "주소는 ⟦부산광역시 해운대구 누리로12번길 315⟧입니다",
    "저희 집은 ⟦경기 성남시 분당구 누리대로 216-26⟧이에요",
    "배송지: ⟦인천 연수구 누리대로 310, 114동 1719호⟧ 부재시",
    "위치 ⟦서울 강남구 누리동 369-11번지⟧ 근처",
    "고향은 ⟦전남 해남군 누리면 가람리 673⟧",
    "⟦서울시 마포구 누리로 12⟧로 오세요",
    "우리 집은 ⟦101동 1204호⟧예요",
    "주소 ⟦경기도성남시분당구누리로152⟧",
)
NEAR_MISSES = (
    "서울로 7017 공원",
    "올림픽대로 5중 추돌",
    "강남대로 2022년",
    "대구 수성구가 2022년",
    "앞으로 3년 동안",
    "경기도 수원시에서 18일",
    "동구 대동4구역",
    "3경기 연속으로 18게임",
    "운동 30분, 활동 2시간",
    "지하철 2호선 강남역 11번 출구",
    "000동 000호",
    "101동 1204호에서 큰 소리가 났다",
    "제주 올레길 7코스를 걸었다",
)
