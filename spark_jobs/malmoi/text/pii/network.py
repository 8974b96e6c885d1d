"""IP addresses, whole and masked, and the two numbers behind a nickname in communities."""

import ipaddress
import re

from malmoi.text.pii.rule import Context, Rule

_PART = r"(?:[0-9]{1,3}|[*xX]{1,3})"
_FOUR = re.compile(
    rf"(?<![0-9A-Za-z.*-])(?<![0-9][,/])(?P<value>[0-9]{{1,3}}\.{_PART}\.{_PART}\.{_PART})(?![0-9*])(?!\.[0-9])"
)
_SIX = re.compile(r"(?<![0-9A-Za-z:])(?P<value>(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,6})(?![0-9A-Za-z:])")
_COMMUNITY = re.compile(r"(?:(?<=[가-힣A-Za-z0-9ㄱ-ㅎ]\()|(?<=[ㄱ-ㅎ] \())(?P<value>[0-9]{1,3}\.[0-9]{1,3})(?=\))")
_IP_LABEL = re.compile(r"(?<![A-Za-z])ip(?![A-Za-z])|아이피|접속|작성|서버|로그인|주소", re.IGNORECASE)
_VERSION = re.compile(
    r"버전|version|(?<![A-Za-z])ver\.?\s?|(?<![A-Za-z])v\.?\s?|빌드|build|릴리[즈스]|release|펌웨어|firmware|업데이트|패치|업그레이드|드라이버|chrome|크롬|sdk|(?<![A-Za-z])i?os(?![A-Za-z])|안드로이드|제|절|항",
    re.IGNORECASE,
)
_VERSION_AFTER = re.compile(
    r"\A\s?(?:버전|릴리[즈스]|빌드|업데이트|패치|version|release|이상|이하|항|절|판)", re.IGNORECASE
)
_PRIVATE = re.compile(r"10\.|127\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.")
_BYLINE = re.compile(
    r"\A\)\s{0,3}(?:님|[0-9]{4}|[0-9]{1,2}[.:/-][0-9]{1,2}|[|·]|:|\d{1,2}(?:분|시간|일)\s?전|댓글|작성|답글|추천|조회|$|\n)"
)


def _four(match: re.Match[str], context: Context) -> float:
    parts = match["value"].split(".")
    numbers = [int(part) for part in parts if part.isdigit()]
    if (
        len(numbers) < 2
        or any(number > 255 for number in numbers)
        or any(len(part) > 1 and part[0] == "0" for part in parts if part.isdigit())
    ):
        return 0.0
    before = context.before(match.start(), 14)
    labelled = _IP_LABEL.search(before) is not None
    if not labelled and (_VERSION.search(before[-10:]) or _VERSION_AFTER.match(context.after(match.end(), 8))):
        return 0.0
    if len(numbers) < 4 and _PRIVATE.match(match["value"]):
        return 0.0
    if len(numbers) < 4:
        return 0.9 if labelled or numbers[0] >= 14 else 0.0
    if not ipaddress.ip_address(match["value"]).is_global or len(set(numbers)) == 1:
        return 0.0
    return 0.95 if labelled else 0.8 if numbers[0] >= 14 and max(numbers) >= 64 else 0.0


def _six(match: re.Match[str], context: Context) -> float:
    try:
        address = ipaddress.IPv6Address(match["value"])
    except ValueError:
        return 0.0
    return 0.9 if address.is_global and match["value"].count(":") >= 3 else 0.0


def _community(match: re.Match[str], context: Context) -> float:
    first, second = (int(part) for part in match["value"].split("."))
    if not 1 <= first <= 223 or second > 255:
        return 0.0
    if not _BYLINE.match(context.after(match.end(), 12)):
        return 0.0
    nickname = re.search(r"([^\s(]{1,12})\s?\(\Z", context.before(match.start(), 14))
    anonymous = nickname and re.fullmatch(r"[ㄱ-ㅎㅏ-ㅣ]{1,6}|익명|유동닉?|.*\d", nickname[1])
    return 0.85 if anonymous or (first >= 100 and second >= 2 and context.text[match.start() - 2] != " ") else 0.0


ENTITIES = ("ip",)

SEED = r"[0-9]\.(?:[0-9*xX]{1,3}\.){2}[0-9*xX]|[0-9A-Fa-f]:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]|\([0-9]{1,3}\.[0-9]{1,3}\)"
REACH = (50, 30)

RULES = (
    Rule("ip", _FOUR, _four),
    Rule("ip", _SIX, _six),
    Rule("ip", _COMMUNITY, _community),
)

POSITIVES = (
    "접속 IP ⟦211.21.10.254⟧ 에서",
    "⟦121.244.74.139⟧에서 작성",
    "ㅇㅇ(⟦211.131⟧) 2022.11.19",
    "작성 IP ⟦118.216.***.1⟧",
    'setHost("⟦131.218.39.84⟧")',
    "Server: ⟦203.64.21.10⟧",
)
NEAR_MISSES = (
    "버전 3.10.12.1 릴리즈",
    "빌드 10.0.19045.2364",
    "127.0.0.1 로 접속",
    "192.168.0.1",
    "주소는 192.168.x.x입니다",
    "이송(8.14) 증가율(63.6)",
    "1.2.3.4 항목",
    "크롬 108.0.1462.54",
    "iOS 15.7.1.98 으로 올렸다",
    "예시 주소는 111.111.111.111입니다",
    "온도(36.5) 측정",
)
