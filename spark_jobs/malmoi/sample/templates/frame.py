"""What stands around the main content on every site: navigation, cookie box, login box, share buttons, footer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from random import Random


@dataclass(frozen=True)
class Content:
    """What a template dresses. ``html`` is rendered by the template, from ``text`` in the passages' Markdown subset."""

    url: str
    title: str
    text: str
    published: datetime
    author: str
    rng: Random
    section: str = ""
    email: str = ""
    comments: tuple[tuple[str, str], ...] = ()
    related: tuple[str, ...] = ()
    extra_head: str = ""


@dataclass(frozen=True)
class Template:
    """One site. ``boilerplate``: strings that its pages hold outside the main content."""

    name: str
    host: str
    path: str  # {number} and {date} are filled in
    render: Callable[[Content], str]
    boilerplate: tuple[str, ...] = ()
    charset: str = "utf-8"
    options: dict = field(default_factory=dict)


def page(content: Content, site: str, body: str, *, head: str = "", early_close: bool = False, meta: str = "") -> str:
    """A whole page. ``early_close``: some minifiers end head and html before the body starts."""
    close = "</head></html>" if early_close else "</head>"
    charset = meta or '<meta charset="utf-8">'
    end = "</body>" if early_close else "</body>\n</html>"
    return (
        f'<!DOCTYPE html>\n<html lang="ko"><head>{charset}\n<title>{escape(content.title)} - {site}</title>\n'
        f"{head}{content.extra_head}{close}\n<body>\n{body}\n{end}\n"
    )


def social(content: Content) -> str:
    """Open Graph tags, as most content systems write them."""
    title = escape(content.title)
    return (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{content.published.isoformat()}">'
        f'<meta property="og:url" content="{escape(content.url)}">'
        f'<script>window.dataLayer=window.dataLayer||[];dataLayer.push({{"page":"view"}});</script>'
        "<style>.nav li{display:inline-block}.ad{min-height:250px}</style>\n"
    )


def links(items: tuple[str, ...] | list[str], css: str) -> str:
    rows = "".join(f'<li><a href="/go/{n}">{escape(item)}</a></li>' for n, item in enumerate(items))
    return f'<ul class="{css}">{rows}</ul>'


def navigation(items: str, css: str = "gnb") -> str:
    return f'<nav class="{css}">{links(items.split(), "menu")}</nav>'


def cookie_box(text: str) -> str:
    return f'<div class="cookie-banner" role="dialog"><p>{text}</p><button>동의</button> <button>거부</button></div>'


def login_box(text: str) -> str:
    return (
        f'<form class="login-box" action="/login"><p>{text}</p><input name="id" placeholder="아이디">'
        '<input name="pw" type="password" placeholder="비밀번호"><button>로그인</button>'
        '<a href="/join">회원가입</a> <a href="/find">아이디·비밀번호 찾기</a></form>'
    )


def share_buttons() -> str:
    names = ("페이스북 공유", "트위터 공유", "카카오톡 공유", "URL 복사", "인쇄", "글자 크기 조절")
    return '<div class="sns-share">' + "".join(f'<button type="button">{name}</button>' for name in names) + "</div>"


def comment_list(content: Content, css: str) -> str:
    if not content.comments:
        return f'<div class="{css}"><p class="none">첫 번째 댓글을 남겨 보세요</p></div>'
    rows = "".join(
        f'<li><b class="nick">{escape(nick)}</b><p class="txt">{escape(text)}</p><a href="#r">답글</a></li>'
        for nick, text in content.comments
    )
    return f'<div class="{css}"><h4>댓글 {len(content.comments)}</h4><ul>{rows}</ul></div>'


def footer(company: str, notice: str) -> str:
    return (
        '<footer class="site-footer"><ul><li><a href="/about">회사소개</a></li><li><a href="/terms">이용약관</a></li>'
        '<li><a href="/privacy">개인정보처리방침</a></li><li><a href="/youth">청소년보호정책</a></li></ul>'
        f"<p>{company}</p><p>{notice}</p></footer>"
    )
