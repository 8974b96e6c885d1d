"""The vocabulary of web pages: what class names and short Korean lines say about a block.

A class or id is read as its words ("postMeta", "post-meta" and "post_meta" are the same two). The lists hold words
that themes of many sites share; none belongs to one site. Site rules (``sites.toml``) are for the rest.
"""

import re
from functools import lru_cache

from malmoi.text.scan import encoded, holds

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[가-힣]+")

CHROME_WORDS = frozenset(
    """
    nav navbar navigation navi gnb lnb snb breadcrumb breadcrumbs sidebar aside footer colophon
    comment comments reply replies respond disqus utterances giscus livere gitalk cusdis cmt
    share shares sharing sharer sns social socials addthis addtoany
    related recommend recommended recommendation recommendations popular ranking
    banner ad ads adsense adsbygoogle advert advertisement advertising sponsor sponsored promo promotion
    newsletter subscribe subscription cookie cookies consent gdpr modal popup overlay lightbox toast
    login signin signup logout search pagination pager paging paginator prev previous prevnext
    toc tocbot skip toolbar byline author profile bio avatar copyright
    tags taglist tagcloud hashtags categories rating ratings vote votes like likes
    permalink backlinks feedback sitemap widget
    """.split()
)
"""Words of blocks that surround an article."""


_COMMENT_WORDS = frozenset("comment comments reply replies cmt".split())


def _pairs(listed: str) -> frozenset[tuple[str, str]]:
    words = [tuple(pair.split()) for pair in listed.replace("\n", " ").split("|")]
    return frozenset(pair for pair in words if len(pair) == 2)


CHROME_PAIRS = _pairs(
    """
    post meta|entry meta|article meta|page meta|meta data|meta info|post info|article info|post date|post time|
    post header|entry header|article header|page header|post head|article head|site header|main header|
    post footer|entry footer|article footer|page footer|site footer|post foot|article foot|
    post tags|post tag|entry tags|tag list|tag cloud|tags list|article tags|post categories|post category|
    post nav|post navigation|article nav|post pagination|page nav|page navigation|nav links|post links|
    next post|prev post|next prev|read next|read more|more posts|see also|latest posts|recent posts|other posts|
    table contents|back top|scroll top|to top|go top|
    sr only|screen reader|visually hidden|header link|heading anchor|reading time|read time|
    word count|view count|last updated|last modified|page info|source link
    """
)
"""Pairs of neighbouring words with the same meaning; each word alone says too little."""

CONTENT_WORDS = frozenset(
    """
    articlebody articletext articlecontent articleview newsct entrycontent postcontent postbody posttext
    markdown prose contents content body text story
    """.split()
)
CONTENT_PAIRS = _pairs(
    """
    article body|article content|article contents|article text|article view|article entry|article inner|
    entry content|post content|post contents|post body|post text|post entry|post view|page content|
    markdown body|blog content|blog post|news body|news content|news text|view content|view text|view body|
    board view|content body|content text|main content|main text|story body|story content|td post|
    se main|tt article|contents style|read body|xe content|wiki content|document body
    """
)
"""Words of the block that holds the article itself."""

CODE_WORDS = frozenset("code highlight highlighter chroma prism hljs codehilite rouge sourcecode literal".split())
_GUTTER_WORDS = frozenset("gutter lineno linenos linenumber linenumbers lnt lineenos".split())

CHROME = 1
CONTENT = 2
CODE = 4
GUTTER = 8
HIDDEN = 16

_HIDDEN_PAIRS = frozenset({("sr", "only"), ("screen", "reader"), ("visually", "hidden"), ("header", "link")})
_STYLE_HIDDEN = re.compile(r"display\s{0,4}:\s{0,4}none", re.IGNORECASE)


_MODIFIERS = frozenset("no has with without is hide show not open js enable disable".split())


MAX_NAME_CHARS = 400
"""Of a longer ``class``, ``id`` or ``style`` only the beginning is read."""


def meaning(attributes: dict[str, str | None]) -> int:
    """Flags of CHROME, CONTENT, CODE, GUTTER, HIDDEN for the ``class`` and ``id`` of an element."""
    names, mark = attributes.get("class"), attributes.get("id")
    flags = _meaning(names[:MAX_NAME_CHARS]) if names else 0
    return flags | _meaning(mark[:MAX_NAME_CHARS]) if mark else flags


@lru_cache(maxsize=32_768)
def _meaning(class_or_id: str) -> int:
    flags = 0
    for name in class_or_id.split():
        flags |= _name_meaning(name)
    return flags


def _name_meaning(name: str) -> int:
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[0] in _MODIFIERS:
        return 0  # "no-sidebar", "has-comments": about the page, not about the block
    pairs = set(zip(words, words[1:], strict=False))
    if _GUTTER_WORDS.intersection(words) or ("line", "numbers") in pairs or ("line", "number") in pairs:
        return GUTTER
    if _HIDDEN_PAIRS & pairs:
        return HIDDEN
    if CODE_WORDS.intersection(words):
        return CODE
    if CHROME_WORDS.intersection(words) or CHROME_PAIRS & pairs:
        return CHROME
    return CONTENT if CONTENT_PAIRS & pairs or CONTENT_WORDS.intersection(words) else 0


def says_comment(attributes: dict[str, str | None]) -> bool:
    """Whether an element is named as a comment or a list of them."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}"
    return not _COMMENT_WORDS.isdisjoint(word.lower() for word in _WORD.findall(names[:MAX_NAME_CHARS]))


def hidden_by_style(style: str) -> bool:
    """Whether an inline style hides the element."""
    return bool(_STYLE_HIDDEN.search(style[:MAX_NAME_CHARS]))


# Short lines. Each pattern must match a whole line, so that a sentence that merely holds the words stays.

DATE = (
    r"(?:(?:19|20)\d\d\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}(?:\s?일|\.)?(?:\s?\(?[월화수목금토일](?:요일)?\)?)?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:st|nd|rd|th)?,?(?:\s(?:19|20)\d\d(?!-))?"
    r"|\d{1,2}(?:st|nd|rd|th)?\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,?\s(?:19|20)\d\d)"
)
_CLOCK = r"T?(?:오전|오후|AM|PM)?\s?\d{1,2}\s?[:시]\s?\d{2}(?:\s?[:분]\s?\d{2}초?|분)?(?:\.\d+)?(?:\s?(?:AM|PM|KST|UTC|Z|[+-]\d{2}:?\d{2}))?"
_COUNTED = r"(?:조회(?:\s?수)?|댓글|추천|좋아요|공감|스크랩|views?|likes?|comments?|hits?)\s?[:：]?\s?\(?[\d,]*\)?"
_READING = r"(?:약\s?)?\d+\s?(?:분|min(?:ute)?s?)(?:\s?(?:read|소요|읽기|분량|정도|걸림|to read))*|\d[\d,]*\s?(?:words|자|단어)"
_LABEL = (
    r"(?:기사)?입력|(?:최종)?\s?수정(?:일|됨)?|등록(?:일)?|작성(?:일|자)?|승인|게시(?:일)?|업데이트|발행(?:일)?|송고|날짜|글쓴이|읽는\s?시간|예상"
    r"|posted|published|updated|last|modified|edited|created|written|date|time|reading|read|on|in|by|at|author"
)
_SEPARATOR = r"[\s·|•/,:：()\[\]~–—-]+"
META_TOKEN = re.compile(rf"{DATE}|{_CLOCK}|{_COUNTED}|{_READING}|(?:{_LABEL})(?![\w])|{_SEPARATOR}", re.IGNORECASE)
"""What lines of metadata are made of; a line that is nothing else is one."""

_META_HANGUL = frozenset("오조댓추좋공스약기입최수등작승게업발송날글읽예단자")
"""The syllables with which such a line can begin. Most lines begin with another, and need no look at the rest."""

_READ_TIME = re.compile(r"\d+\s?(?:min(?:ute)?s?\s?read|분\s?(?:소요|읽기|분량))", re.IGNORECASE)
_DATE = re.compile(rf"{DATE}|\d{{1,2}}\.\d{{1,2}}\.(?:19|20)\d\d", re.IGNORECASE)
_WRITER = re.compile(r"\bby\s+\S{1,30}(?:\s\S{1,20})?\s*$", re.IGNORECASE)
_HAS_META = re.compile(rf"{DATE}|{_CLOCK}|{_COUNTED}|\d+\s?(?:분|min)", re.IGNORECASE)

_AGENCY = r"(?:[(\[][^()\[\]\n]{0,20}(?:뉴스|일보|신문|통신|=)[^()\[\]\n]{0,20}[)\]]\s*)?"
_REPORTER = (
    r"[가-힣]{2,4}\s?(?:수습|인턴|전문|선임|객원)?\s?(?:기자|특파원|논설위원|PD|에디터)"
    r"\s*(?:=\s*)?[\w.+-]{0,40}(?:@[\w.-]{1,60})?"
)
BYLINE = re.compile(
    rf"\s*(?:{_AGENCY}{_REPORTER}|[(\[]?[가-힣]{{2,4}}[)\]]?\s+[\w.+-]{{1,40}}@[\w.-]{{1,60}}|(?i:by)\s+[^\s,.]{{1,30}}(?:\s[^\s,.]{{1,20}})?|(?:작성자|글쓴이)\s?[:：]\s?\S{{1,20}})\s*"
)

NEIGHBOURS = re.compile(
    r"\s*[«<←‹]*\s*(?:(?:이전|다음|앞|뒤)\s?(?:글|포스트|기사|페이지|게시글|게시물|화|편)?\s*[:：]?"
    r"|(?:prev(?:ious)?|next|older|newer)(?:\s+(?:post|article|page|story|topic))?s?)\s*[»>→›]*\s*",
    re.IGNORECASE,
)

NEIGHBOUR_TITLE = re.compile(
    r"\s*[«<←‹]*\s*(?:(?:이전|다음)\s?(?:글|포스트|기사|게시글|게시물|편)|prev(?:ious)?(?:\s+(?:post|article))?|next(?:\s+(?:post|article))?)"
    r"\s*[:：»>→›]",
    re.IGNORECASE,
)
"""The same with the neighbour's title behind it; only for lines that are links."""

_SHARE = (
    r"(?:(?:카카오톡|카카오스토리|페이스북|트위터|네이버\s?밴드|밴드|라인|링크|URL|주소|블로그|SNS|기사|글|으로|에)?\s?"
    r"(?:공유(?:하기)?|복사(?:하기)?|보내기)[\s·|]*)+"
)
_SERVICES = r"(?:(?:facebook|twitter|kakao(?:talk|story)?|naver|band|line|instagram|linkedin|pinterest|페이스북|트위터|카카오톡|카카오스토리|밴드|네이버|라인)[\s·|,]*){2,}"
_BUTTONS = (
    r"(?:코드\s?)?복사(?:하기)?|copy(?:\s?code|\slink)?|더\s?보기|접기|펼치기|목록(?:으로|보기)?|맨\s?위로|위로|top|인쇄(?:하기)?|글자\s?크기.{0,20}|"
    r"신고(?:하기)?|구독(?:하기)?|이웃추가|좋아요|공감(?:하기)?|댓글\s?(?:달기|쓰기|남기기|작성)?|로그인|회원가입|스크랩(?:하기)?|북마크|본문\s?바로가기|"
    r"본문\s?듣기|edit (?:this|on) .{0,20}|skip to (?:main )?content|share(?: this)?(?: post| article)?|tweet|permalink|leave a (?:comment|reply)|colored by color scripter|"
    r"view (?:on|in) .{0,20}|back to top|scroll to top|table of contents|toc|광고|advertisement|sponsored|관련\s?태그"
)
_FIRST = "[A-Za-zſ\u212a카페트네밴라링주블기글으에공복보코더접펼목맨위인신구이좋댓로회스북본광관]"
"""What a button begins with: without regard to case, Python tries each of a hundred beginnings in turn."""
BUTTON = re.compile(rf"\s*(?={_FIRST})(?:{_SHARE}|{_SERVICES}|{_BUTTONS})\s*", re.IGNORECASE)

NOTICE = re.compile(
    r"\s*(?:[^\n?!]{0,80}무단\s?(?:전재|복제|도용|배포|사용)[^\n?!]{0,40}금지(?:합니다|됩니다|함)?(?![가-힣])[^가-힣\n]{0,60}(?:송고|입력|승인)?"
    r"|(?:저작권자\s*)?(?:[ⓒ©]|\(c\)|copyright\b)[^\n.!?]{0,80}(?:all rights reserved\.?)?"
    r"|[^\n]{0,20}이\s?기사의?\s?저작권은[^\n]{0,60}"
    r"|(?:this|the) (?:post|work|article|site|content) is licensed under [^\n]{0,80}"
    r"|(?:we|this (?:web)?site) uses? cookies[^\n]{0,120}"
    r"|저작자\s?표시(?:\s?[-·/]?\s?(?:비영리|변경\s?금지|동일\s?조건\s?변경\s?허락)){0,2}"
    r"|제보는\s[^\n]{0,40}(?:카카오톡|카톡|전화|메일|누리집|홈페이지)[^\n]{0,40}"
    r"|[^\n]{0,40}(?:정보|내용|서비스|페이지)(?:에|가|은|는)?\s[^\n]{0,10}만족(?:하십니까|하셨습니까|하시나요|도\s?조사)\s?\??[^\n]{0,60}"
    r"|[▶■●※▲☞◆]\s?[^\n]{0,30}(?:제보|구독|카카오톡|채널\s?추가)[^\n]{0,60})\s*",
    re.IGNORECASE,
)
"""Copyright tails, licence and cookie notices, calls for tips."""
_HOLDS_NOTICE = holds("(?i:무단|저작|ⓒ|©|[(]c[)]|copyr|censed under|cook|제보|만족|구독|카카오톡|채널)")
"""One of these is in every notice."""

CONTENTS = re.compile(
    r"(?:on this page|in this (?:article|page|post)|이 (?:페이지|문서)의 (?:내용|목차))\s*[:：]?", re.IGNORECASE
)
"""Over the list of a page's headings that a theme makes. A "목차" may be the writer's."""

CLOSING = re.compile(
    r"\s*(?:관련\s?(?:글|기사|포스트|뉴스|문서|게시물)|이\s?(?:기사|글)를?\s?(?:추천|본 독자)|많이\s?본\s?(?:기사|뉴스|글)|"
    r"추천\s?(?:글|기사|포스트)|인기\s?(?:글|기사|포스트)|최근\s?(?:글|기사|포스트|게시물)|(?:[^\n]{1,30}카테고리의\s)?다른\s?(?:글|기사)|댓글\s?\d*개?|"
    r"(?:related|recent|popular|more|latest|other|recommended)\s+(?:posts?|articles?|stories|reading|from)|"
    r"comments?|you (?:may|might) also (?:like|enjoy)|see also|read next|further reading)\s*[:：]?\s*",
    re.IGNORECASE,
)
"""A heading under which only links to other pages or comments follow."""


def may_hold_notice(text: str) -> bool:
    """False where no line of a text is a NOTICE."""
    return _HOLDS_NOTICE(encoded(text))


def is_metadata_line(text: str) -> bool:
    """Whether a short line holds nothing but dates, counts, reading time and their labels, or an author after "by"."""
    if len(text) > 160:
        return False
    lower = text.lower()
    if len(text) < 100 and ("분" in text or "min" in lower) and _READ_TIME.search(text) and _DATE.search(text):
        return True  # "26.05.2022 — 여행, 부산 — 2 min read": tags between them
    if "가" <= text[:1] <= "힣" and text[0] not in _META_HANGUL:
        return False
    return _is_all_meta(_WRITER.sub("", text) if "by" in lower else text) and bool(_HAS_META.search(text))


def _is_all_meta(text: str) -> bool:
    """Whether no letter or digit is outside META_TOKEN. A sentence is seen by its first word."""
    position = 0
    while position < len(text):
        token = META_TOKEN.match(text, position)
        if token:
            position = token.end()
        elif text[position].isalnum():
            return False
        else:
            position += 1
    return True
