"""E-mail addresses, also those written so that machines do not see them: [at], 골뱅이, 네이버 닷컴."""

import re

from malmoi.text.pii.rule import Context, Rule

_LOCAL = r"[A-Za-z0-9][A-Za-z0-9._%+*-]{0,63}"
_TLD = (
    r"(?:com|net|org|kr|co\.kr|go\.kr|ac\.kr|or\.kr|re\.kr|ne\.kr|pe\.kr|edu|gov|mil|int|info|biz|io|me|us|jp|cn|uk|de|fr|tv|xyz|site|online|app|dev|"
    r"asia|name|pro|cc|co|ai|eu|ca|au|in|ru|shop|store|tech|cloud|email|example|test)"
)
_AT_WORD = r"(?:\s{0,2}[\[({<]\s?(?:at|AT|At|@|골뱅이|앳|엣)\s?[\])}>]\s{0,2}|\s{0,2}(?:골뱅이|앳|엣)\s{0,2}|\s{1,2}(?:at|AT)\s{1,2}|\s{1,2}@\s{0,2}|@\s{1,2})"
_DOT = r"(?:\s?[.,]\s?|\s?[\[({<]\s?(?:dot|DOT|닷|점|\.)\s?[\])}>]\s?|\s{1,2}(?:dot|DOT|닷|점|쩜)\s{1,2}|\s?(?:닷|쩜|점)\s?)"
_HOST_WORD = (
    r"(?:네이버|다음|지메일|구글|한메일|네이트|핫메일|야후|카카오|아웃룩|라이코스|파란|드림위즈|naver|daum|gmail|google|hanmail|nate|hotmail|yahoo|"
    r"kakao|outlook|icloud|korea|empas|paran|live|NAVER|Gmail|Naver|proton|protonmail|me)"
)
_HOST_END = r"(?:com|net|kr|co\.kr|컴|넷|케이알|씨오\s?케이알)"

_PLAIN = re.compile(
    rf"(?<![A-Za-z0-9._%+*-])(?P<local>{_LOCAL})@(?P<host>(?:[A-Za-z0-9*-]{{1,63}}\.){{1,5}}[A-Za-z*]{{2,18}})(?![A-Za-z0-9])"
)
_COMMA = re.compile(rf"(?<![A-Za-z0-9._%+*-]){_LOCAL}@(?:[A-Za-z0-9-]{{1,63}}\s?[.,]\s?){{1,3}}{_TLD}(?![A-Za-z0-9])")
_WORDED = re.compile(
    rf"(?<![A-Za-z0-9._%+*-])[A-Za-z0-9][A-Za-z0-9._%+-]{{1,63}}(?:@{{1,2}}|{_AT_WORD})(?:[A-Za-z0-9-]{{1,63}}{_DOT}){{1,3}}{_TLD}(?![A-Za-z0-9])"
)
_KOREAN_HOST = re.compile(
    rf"(?<![A-Za-z0-9._%+*-])[A-Za-z0-9][A-Za-z0-9._%+-]{{1,63}}(?:@{{1,2}}|{_AT_WORD})\s?{_HOST_WORD}(?:{_DOT}{_HOST_END}|닷컴|점컴|쩜컴|닷넷)?(?![A-Za-z])"
)
_NO_MAIL = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|js|css|ts|py|md|json|html?|mp4|pdf|zip|sh|local)\Z", re.IGNORECASE)
_PHRASE = re.compile(r"\S+\s{1,2}(?:at|AT)\s{1,2}[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SAMPLE = re.compile(
    r"(?:user(?:name)?|e?mail|name|id|your[a-z.]*|hong(?:gildong)?|gildong|test|sample|example|abc|someone|admin|info)@(?:[a-z-]+\.)*example\.(?:com|net|org|co\.kr)\Z",
    re.IGNORECASE,
)


def _address(score: float):
    def rate(match: re.Match[str], context: Context) -> float:
        value = match.group()
        local, _, host = value.partition("@")
        if (
            _NO_MAIL.search(value)
            or _SAMPLE.match(value)
            or local == "git"
            or context.before(match.start(), 3) == "://"
        ):
            return 0.0
        if host and not (re.search(r"[A-Za-z0-9]", local) and re.search(r"[A-Za-z가-힣]", host)):
            return 0.0
        return 0.0 if _PHRASE.fullmatch(value) and not re.search(_HOST_WORD, value.split()[-1]) else score

    return rate


ENTITIES = ("email",)

SEED = r"@|[A-Za-z0-9] {0,2}(?:골뱅이|앳|엣)|[A-Za-z0-9] {0,2}[\[({<] ?(?:at|AT|At|골뱅이|앳|엣)|[A-Za-z0-9] {1,2}(?:at|AT) {1,2}[A-Za-z0-9가-힣]"
REACH = (70, 90)

RULES = (
    Rule("email", _PLAIN, _address(1.0)),
    Rule("email", _COMMA, _address(0.9)),
    Rule("email", _WORDED, _address(0.9)),
    Rule("email", _KOREAN_HOST, _address(0.9)),
)

POSITIVES = (
    "메일 ⟦bada03@example.com⟧ 로",
    "⟦sol.89@example.org⟧으로",
    "이메일⟦gaon_23@example.net⟧입니다",
    "메일은 ⟦bada[at]naver.com⟧",
    "연락: ⟦bada(at)daum.net⟧",
    "메일 ⟦bada골뱅이naver.com⟧",
    "메일 ⟦bada 골뱅이 네이버 닷컴⟧",
    "이멜 ⟦bada @ naver.com⟧ 로",
    "이멜 ⟦bada@naver,com⟧",
    "⟦bada at gmail dot com⟧",
    "문의 ⟦bada&#64;naver.com⟧",
    "가입 메일 ⟦ba****@naver.com⟧",
    "⟦bada@@naver.com⟧",
)
NEAR_MISSES = (
    "골뱅이 무침을 먹었다",
    "@ 기호는 전자우편에 쓰인다",
    "logo@2x.png",
    "형식은 user@example.com처럼",
    "git@github.com:apache/spark.git",
    "@Override",
    "이메일 주소를 입력",
    "react@18.2.0",
    "at the end",
    "You can download one at codehost.org if you like",
)
