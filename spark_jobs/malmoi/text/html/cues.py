"""The vocabulary of web pages: what class names and short Korean lines say about a block.

A class or id is read as its words ("postMeta", "post-meta" and "post_meta" are the same two). The lists hold words
that themes of many sites share; none belongs to one site. Site rules (``sites.toml``) are for the rest.
"""

import re
from functools import lru_cache

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

CHROME_PAIRS = frozenset(
    """
    post meta|entry meta|article meta|page meta|meta data|meta info|post info|article info|post date|post time|
    post header|entry header|article header|page header|post head|article head|site header|main header|
    post footer|entry footer|article footer|page footer|site footer|post foot|article foot|
    post tags|post tag|entry tags|tag list|tag cloud|tags list|article tags|post categories|post category|
    post nav|post navigation|article nav|post pagination|page nav|page navigation|nav links|post links|
    next post|prev post|next prev|read next|read more|more posts|see also|latest posts|recent posts|other posts|
    table contents|on this page|back top|scroll top|to top|go top|
    sr only|screen reader|visually hidden|header link|heading anchor|reading time|read time|
    word count|view count|last updated|last modified|page info|source link|
    """.replace("\n", " ")
    .strip()
    .strip("|")
    .split("|")
)
CHROME_PAIRS = frozenset(tuple(pair.split()) for pair in CHROME_PAIRS if pair.strip())
"""Pairs of neighbouring words with the same meaning; each word alone says too little."""

CONTENT_WORDS = frozenset(
    """
    articlebody articletext articlecontent articleview newsct entrycontent postcontent postbody posttext
    markdown prose contents content body text story
    """.split()
)
CONTENT_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        "article body|article content|article contents|article text|article view|article entry|article inner|"
        "entry content|post content|post contents|post body|post text|post entry|post view|page content|"
        "markdown body|blog content|blog post|news body|news content|news text|view content|view text|view body|"
        "board view|content body|content text|main content|main text|story body|story content|td post|"
        "se main|tt article|contents style|article view|read body|xe content|wiki content|document body"
    ).split("|")
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
_STYLE_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


_MODIFIERS = frozenset("no has with without is hide show not open js enable disable".split())


@lru_cache(maxsize=32_768)
def meaning(class_or_id: str) -> int:
    """Flags of CHROME, CONTENT, CODE, GUTTER, HIDDEN for a ``class`` or ``id`` attribute."""
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


def hidden_by_style(style: str) -> bool:
    """Whether an inline style hides the element."""
    return bool(_STYLE_HIDDEN.search(style))


# Short lines. Each pattern must match a whole line, so that a sentence that merely holds the words stays.

_SHARE = r"(?:(?:카카오톡|카카오스토리|페이스북|트위터|네이버\s?밴드|밴드|라인|링크|URL|블로그|SNS)?\s*(?:공유(?:하기)?|복사(?:하기)?|보내기)[\s·|]*)+"
_COPYRIGHT = (
    r"(?:저작권자\s*)?(?:[ⓒ©]|\(c\)|Copyright)\s*[^\n.!?]{0,60}"
    r"(?:무단\s?전재|재배포|All\s+rights\s+reserved|금지)?[^\n]{0,40}"
)
_NO_COPYING = r"[^\n]{0,60}무단\s?(?:전재|복제|도용|배포)[^\n]{0,30}금지[^\n]{0,20}"
_BYLINE = (
    r"(?:\(?[가-힣]{2,4}=?[가-힣]{0,6}뉴스\)?\s*)?[가-힣]{2,4}\s?(?:수습|인턴|전문|선임)?\s?(?:기자|특파원|논설위원|객원기자)"
    r"\s*(?:=\s*)?[\w.+-]*(?:@[\w.-]+)?"
)
_DATE_LINE = (
    r"(?:(?:입력|수정|등록|작성일?|승인|게시일?|최종|기사입력|업데이트|발행일?|Posted|Published|Updated|Date)\s*[:：]?\s*(?:on\s+)?)*"
    r"(?:\d{4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}\s?[일.]?)"
    r"(?:\s*\(?[월화수목금토일]\)?(?:요일)?)?(?:[\sT,]*(?:오전|오후|AM|PM)?\s*\d{1,2}[:시]\s?\d{2}(?::\d{2}|분)?)?"
)
_COUNTS = (
    r"(?:(?:조회(?:수)?|댓글|추천|좋아요|공감|스크랩|구독자?|Views?|Likes?|Comments?)\s*[:：]?\s*[\d,]*\s*[·|]?\s*)+"
)
_READING = r"(?:약\s*)?\d+\s*(?:분|min(?:ute)?s?)\s*(?:read|소요|읽기|분량)?(?:\s*(?:to read|걸림))?"
_NEIGHBOURS = r"(?:이전|다음|앞|뒤)\s?(?:글|포스트|기사|페이지|게시글|게시물|화|편)?\s*[:：»«<>→←]?|(?:Prev(?:ious)?|Next|Older|Newer)(?:\s+(?:post|article|page|story))?s?\s*[»«<>→←]?"
_BUTTONS = (
    r"복사|코드 복사|Copy(?: code)?|더\s?보기|접기|펼치기|목록(?:으로|보기)?|맨\s?위로|위로|TOP|인쇄(?:하기)?|글자\s?크기.{0,10}|"
    r"신고(?:하기)?|구독(?:하기)?|좋아요|공감|댓글\s?(?:달기|쓰기|남기기)?|로그인|회원가입|스크랩|북마크|"
    r"Edit (?:this|on) .{0,20}|Share(?: this)?|Tweet|Toggle .{0,20}|Permalink|Leave a comment"
)

FURNITURE = re.compile(
    rf"\s*(?:{_SHARE}|{_COPYRIGHT}|{_NO_COPYING}|{_DATE_LINE}|{_COUNTS}|{_READING}|{_NEIGHBOURS}|{_BUTTONS})\s*",
    re.IGNORECASE,
)
"""A whole line that belongs to the page, not to the text."""

BYLINE = re.compile(rf"\s*{_BYLINE}\s*")
CLOSING = re.compile(
    r"\s*(?:관련\s?(?:글|기사|포스트|뉴스|문서|게시물)|이\s?(?:기사|글)를?\s?(?:추천|본 독자)|많이\s?본\s?(?:기사|뉴스|글)|"
    r"추천\s?(?:글|기사|포스트)|인기\s?(?:글|기사|포스트)|최근\s?(?:글|기사|포스트|게시물)|다른\s?(?:글|기사)|댓글\s?\d*개?|"
    r"(?:Related|Recent|Popular|More|Latest|Other|Recommended)\s+(?:posts?|articles?|stories|reading|from)|"
    r"Comments?|You (?:may|might) also (?:like|enjoy)|See also|Read next|Further reading)\s*[:：]?\s*",
    re.IGNORECASE,
)
"""A heading under which only links to other pages or comments follow."""
