"""Account names on services, and addresses of pages that hold one."""

import re

from malmoi.text.pii.rule import Context, Rule

_SERVICE = (
    r"(?:카\s?톡|ㅋㅌ|카카오\s?톡|카카오(?!뱅크|페이|맵)|[Kk]akao(?:\s?[Tt]alk)?|네이버|다음|구글|인스타(?:그램)?|[Ii]nsta(?:gram)?|IG|텔레(?:그램)?|[Tt]elegram|텔레|텔(?=[\s:]*[@A-Za-z])|"
    r"라인|[Ll]ine|LINE|디코|디스코드|[Dd]iscord|트위터|[Tt]witter|페이스북|페북|[Ff]acebook|틱톡|[Tt]ik[Tt]ok|위챗|[Ww]e[Cc]hat|스카이프|[Ss]kype|스레드|[Tt]hreads|"
    r"유튜브|스냅챗|스팀|[Ss]team|배틀넷|깃허브|당근|밴드|왓츠앱|[Ww]hats[Aa]pp|시그널|트위치|네톤|네이트온|싸이|게임)"
)
_ID_WORD = r"(?:아이디|아디|친추|[Ii][Dd](?![A-Za-z])|계정|핸들|닉네임|닉|주소|유저네임|username|account(?![A-Za-z]))"
_JOSA = r"(?:은|는|이|가|을|를|로|으로)?"
_HANDLE = r"@?(?P<handle>[A-Za-z0-9][A-Za-z0-9_.-]{2,29}[A-Za-z0-9_](?:#[0-9]{4})?)"
_WORD_ENDS = r"(?:(?<![A-Za-z])|(?![A-Za-z]))"
"""A service's name in Latin letters is a word of its own: no ``line`` in ``linear_layer``."""
_NOT_IN_URL = r"(?<![A-Za-z0-9/=&?._-])"

_LABELLED = re.compile(
    rf"{_NOT_IN_URL}{_SERVICE}\s{{0,2}}{_ID_WORD}\s{{0,2}}{_JOSA}\s{{0,2}}[:=|>-]{{0,2}}\s{{0,3}}[\[(\"'“‘]?(?P<value>{_HANDLE})(?![A-Za-z0-9@])"
)
_SERVICE_ONLY = re.compile(
    rf"{_NOT_IN_URL}(?!다음){_SERVICE}{_WORD_ENDS}\s{{0,2}}{_JOSA}\s{{0,2}}[:=|>(-]{{0,2}}\s{{0,2}}(?P<value>@?{_HANDLE[2:]})(?![A-Za-z0-9@])"
)
_ID_ONLY = re.compile(
    rf"(?<![A-Za-z가-힣=&?_/.-]){_ID_WORD}\s{{0,2}}{_JOSA}\s{{0,2}}(?P<colon>[:=：|]?)\s{{0,2}}(?P<value>{_HANDLE})(?![A-Za-z0-9@])"
)
_AT = re.compile(r"(?<![A-Za-z0-9@._/-])(?P<value>@(?P<handle>[A-Za-z][A-Za-z0-9_.]{2,29}))(?![A-Za-z0-9@/(])")
_FOLLOW = re.compile(r"\A\s?(?:님|씨|팔로우|맞팔|선팔|디엠|DM|(?:으로|로|에게|한테)\s?(?:디엠|DM|연락|문의))")
_USER_URL = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:"
    r"cafe\.naver\.com/ca-fe/(?:cafes/[0-9]{1,12}/)?members/(?P<member>[A-Za-z0-9_-]{3,40})"
    r"|(?:blog|post|in|tv)\.naver\.com/(?:PostView\.(?:naver|nhn)\?blogId=|PostList\.(?:naver|nhn)\?blogId=|my\.(?:naver|nhn)\?memberNo=)?(?P<naver>[A-Za-z0-9_-]{3,40})"
    r"|(?P<host>[a-z0-9-]{3,32})\.(?:tistory\.com|egloos\.com|blog\.me|blogspot\.com|github\.io|wordpress\.com|modoo\.at)"
    r"|(?:instagram|facebook|twitter|x|threads|tiktok|github|linkedin|twitch|pinterest|soundcloud|fb|vk|cyworld)\.(?:com|net|me|tv)/(?:in/|profile\.php\?id=)?@?(?P<sns>[A-Za-z0-9_.-]{2,40})"
    r"|(?:t\.me|line\.me/(?:ti/p|R/ti/p)|open\.kakao\.com/(?:o|me)|pf\.kakao\.com|qr\.kakao\.com/talk|discord\.gg|wa\.me|linktr\.ee|litt\.ly|about\.me|band\.us/@|story\.kakao\.com|brunch\.co\.kr/@?|velog\.io/@|medium\.com/@)/?@?(?P<talk>~?[A-Za-z0-9_.+-]{2,40})"
    r"|kin\.naver\.com/profile/(?P<kin>[A-Za-z0-9_-]{3,40})|youtube\.com/(?:@|user/|c/|channel/)(?P<tube>[A-Za-z0-9_.-]{2,40})"
    r")(?P<rest>[/?&][A-Za-z0-9/_?=&.%#~+-]*)?",
)
_SITE_PAGES = re.compile(
    r"\A(?:p|reel|reels|explore|stories|share|sharer|sharer\.php|intent|search|hashtag|watch|events?|groups?|pages|home|login|about|help|policy|policies|terms|privacy|"
    r"dialog|plugins|tr|people|story\.php|permalink\.php|photo\.php|photo|videos?|media|notes|tv|accounts|i|settings|features|topics|orgs|sponsors|marketplace|PostView|PostList|PostView\.naver|PostView\.nhn|ArticleRead|ArticleRead\.nhn|index|index\.html|www|"
    r"company|jobs|feed|oauth|joinchat|addstickers|s|blog|ca-fe|section|MyBlog|CafeMain|post|official|naver|daum|kakao|widgets|embed)\Z",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\A(?:https?|www|naver|kakao|google|facebook|instagram|twitter|telegram|line|talk|login|pass|password|email|phone|number|null|none|admin|user|username|name|test|"
    r"chat|channel|story|band|home|page|blog|cafe|youtube|discord|[Cc]lova|works|pay|play|api|app|apps|open|plus|friends|games|cloud|drive|maps?|photos?|chrome|earth|docs|meet|news|premium|music|"
    r"webtoon|shopping|live|developers?|labs?|ios|android|pc|ai|bert|gpt|iphone|windows|u?int[0-9]+|float[0-9]+|utf-?8|uuid(?:v[0-9])?|string|integer)\Z",
    re.IGNORECASE,
)


def _handle(match: re.Match[str]) -> str:
    return match["handle"].rstrip(".-")


def _labelled(match: re.Match[str], context: Context) -> float:
    handle = _handle(match)
    if _WORDS.match(handle) or (handle.isdigit() and len(handle) < 5):
        return 0.0
    plain_word = handle.isalpha() and not handle.islower() and match["value"][0] != "@"
    return 0.0 if plain_word else 0.9


def _service_only(match: re.Match[str], context: Context) -> float:
    handle = _handle(match)
    if _WORDS.match(handle) or "." in handle and re.search(r"\.(?:com|net|kr|org|io|me)\Z", handle):
        return 0.0
    if match["value"][0] == "@":
        return 0.9
    mixed = any(letter.isdigit() for letter in handle) and any(letter.isalpha() for letter in handle)
    joined = mixed or "_" in handle or ("." in handle and match.group()[:2] in ("라인", "카톡", "텔레", "인스", "디코"))
    return 0.75 if handle[0].isalpha() and joined and re.search(r"[a-z]", handle) else 0.0


def _id_only(match: re.Match[str], context: Context) -> float:
    handle = _handle(match)
    if _WORDS.match(handle) or not re.search(r"[A-Za-z]", handle):
        return 0.0
    if match.group()[0].isascii() and _is_code(match, context):
        return 0.0
    mixed = any(letter.isdigit() for letter in handle) or "_" in handle
    return 0.8 if mixed else 0.6 if match["colon"] == ":" and handle.islower() and handle.isascii() else 0.0


def _is_code(match: re.Match[str], context: Context) -> bool:
    """``id: string``, ``id = uuidv4()``, ``container id : 7b0d``: a Latin label counts where Korean stands beside it, or
    where it is written large."""
    if re.match(r"\s?[(\[{)]|\.\w", context.after(match.end(), 3)) or not re.search(r"[0-9]", match["handle"]):
        return True
    before, after = context.before(match.start(), 20), context.after(match.end(), 10)
    if re.search(r"[A-Za-z] ?\Z", before):
        return True
    large = match.group()[:2] == "ID"
    return not large and not re.search("[가-힣]", before.rpartition("\n")[2] + after.partition("\n")[0])


def _at(match: re.Match[str], context: Context) -> float:
    if _FOLLOW.match(context.after(match.end(), 10)):
        return 0.8
    social = re.search(rf"{_SERVICE}|맞팔|팔로우|디엠|DM|계정", context.before(match.start(), 20))
    return 0.8 if social and re.search(r"[0-9_.]", _handle(match)) else 0.0


def _user_url(match: re.Match[str], context: Context) -> float:
    path = next((match[name] for name in ("kin", "member", "naver", "host", "sns", "talk", "tube") if match[name]), "")
    if re.match(r"[A-Za-z0-9.-]\Z", context.before(match.start(), 1)) or _SITE_PAGES.match(path):
        return 0.0
    return 0.9


ENTITIES = ("url_id", "account_id")

SEED = (
    r"(?:naver|tistory|egloos|blogspot|github|wordpress|instagram|facebook|twitter|threads|tiktok|linkedin|twitch|kakao|youtube|velog|medium|pinterest|soundcloud|cyworld)\.[a-z]|"
    r"t\.me|x\.com|fb\.com|vk\.com|line\.me|wa\.me|discord\.gg|linktr\.ee|litt\.ly|about\.me|band\.us|brunch\.co|modoo\.at|blog\.me|"
    r"[가-힣A-Za-z][ 은는이가을를로으요:=|>(-]{0,8}.?@[A-Za-z0-9]|(?:아이디|아디|친추|[Ii][Dd]|계정|핸들|닉네임|닉|주소|username|account)[ 은는이가을를로으:=|>-]{0,8}.?[A-Za-z0-9]|"
    r"(?:톡|ㅋㅌ|카카오|[Kk]akao|네이버|다음|구글|스타|[Ii]nsta|IG|그램|gram|텔레|텔|라인|[Ll]ine|LINE|디코|코드|[Dd]iscord|트위터|witter|페북|이스북|ebook|틱톡|[Tt]ok|위챗|[Cc]hat|카이프|[Ss]kype|스레드|hreads|유튜브|냅챗|스팀|[Ss]team|"
    r"배틀넷|깃허브|당근|밴드|[Aa]pp|왓츠앱|시그널|트위치|네톤|이트온|싸이|게임)[ 은는이가을를로으:=|>(-]{0,7}[A-Za-z0-9]"
)
REACH = (60, 80)

RULES = (
    Rule("url_id", _USER_URL, _user_url),
    Rule("account_id", _LABELLED, _labelled),
    Rule("account_id", _SERVICE_ONLY, _service_only),
    Rule("account_id", _ID_ONLY, _id_only),
    Rule("account_id", _AT, _at),
)

POSITIVES = (
    "카톡 아이디 ⟦gaon4546⟧ 추가",
    "카카오톡ID: ⟦sun_44gaon⟧",
    "인스타 ⟦@gaon.433⟧ 팔로우",
    "텔레그램 ⟦@gaon512⟧ 문의",
    "라인 ⟦gaon_12⟧",
    "라인 ⟦dasom.line⟧",
    "텔 ⟦gaon77⟧",
    "제 블로그 ⟦https://blog.naver.com/gaon6721⟧ 놀러오세요",
    "프로필 https://www.instagram.com/⟦gaon_742⟧/ 참고",
    "오픈채팅 ⟦https://open.kakao.com/o/s19AbCd⟧",
    "아이디: ⟦gaon99⟧",
    "⟦https://cafe.naver.com/ca-fe/cafes/10050146/members/gaon_7⟧ 글 모음",
)
NEAR_MISSES = (
    "카톡으로 연락주세요",
    "아이디어가 좋다",
    "아이디와 비밀번호를 입력",
    "ID는 대소문자를 구분",
    "aid=12345&uid=abc123",
    "네이버 웹툰 2022년",
    "@media screen",
    "카카오뱅크 3종",
    "https://www.instagram.com/p/abc",
    "동네 카페 https://cafe.naver.com/garamvillage 에서 봤어요",
    "https://cafe.naver.com/garamvillage/386322",
    "linear_layer.weight를 출력",
    "선형 계층을 지난 다음 log_softmax로 전달",
    "python install_vulkan.py",
    "{ id: string, email: string2 }",
    "const id = uuidv4();",
    "input_ids = ids_tensor([8, 128])",
    "- id: gen-num1",
    "| id | select_type | table |",
)
