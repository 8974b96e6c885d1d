"""A passage becomes a page: template, dates, byline, comments, encoding; and the row of truth about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from malmoi.sample.library import Passage, phrases, table
from malmoi.sample.personal import email
from malmoi.sample.records import Capture, Truth
from malmoi.sample.templates import blog, news, web
from malmoi.sample.templates.frame import Content, Template

SITES: dict[str, Template] = {t.name: t for t in (*news.TEMPLATES, *blog.TEMPLATES, *web.TEMPLATES.values())}
NEWSPAPERS = frozenset(t.name for t in news.TEMPLATES)
DUPLICATE = ("duplicate_page", "duplicate_exact", "duplicate_near")

_RELATED = (
    "첫눈 소식에 들뜬 산골 마을", "버려진 우산으로 만든 새", "시장 골목의 오래된 국숫집", "밤하늘을 보는 사람들",
    "물이 맑아진 개천에 돌아온 수달", "마을 도서관의 긴 의자", "겨울을 나는 벌들의 지혜", "골목길 담장에 핀 그림",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """One page to be made. Empty fields are decided by ``dress``."""

    passage: Passage
    site: str
    source: str
    plant: str = "page"
    expect: str = "keep"
    reasons: tuple[str, ...] = ()
    must_vanish: tuple[str, ...] = ()
    must_stay: tuple[str, ...] | None = None  # None: phrases of the passage
    must_not_have: tuple[str, ...] = ()
    group: str = ""
    charset: str = ""  # the bytes' real encoding; empty: the site's
    declared: str | None = None  # what header and page say; None: the truth, "": nothing
    extra_head: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def address_of(site: Template, batch: str, number: int) -> str:
    path = site.path.format(number=number, date=batch.replace("-", ""))
    return f"https://{site.host}{path}"


def dress(draft: Draft, batch: str, number: int, seed: int) -> Capture:
    """The page as the crawler stored it. ``number`` is unique within the sample and stands in the address."""
    site = SITES[draft.site]
    rng = Random(f"{seed}/{batch}/{number}")
    url = address_of(site, batch, number)
    content = _content(draft, site, url, batch, rng)
    charset = draft.charset or site.charset
    declared = charset if draft.declared is None else draft.declared
    html = _declare(site.render(content), declared)
    kept = draft.expect in ("keep", "kept_once", "either")
    stay = phrases(draft.passage.text) if draft.must_stay is None else draft.must_stay
    truth = Truth(
        url=url,
        source=draft.source,
        batch=batch,
        plant=draft.plant,
        expect=draft.expect,
        reasons=draft.reasons,
        must_vanish=draft.must_vanish + ((content.email,) if content.email in html else ()),
        must_stay=stay if kept else (),
        must_not_have=draft.must_not_have + (site.boilerplate if kept else ()),
        group=draft.group,
        charset=charset,
        declared=declared,
    )
    content_type = f"text/html; charset={declared}" if declared else "text/html"
    return Capture(truth, encode(html, charset), content_type, headers=draft.headers)


def _content(draft: Draft, site: Template, url: str, batch: str, rng: Random) -> Content:
    lists = table("words")["lists"]
    moment = datetime.fromisoformat(f"{batch}T00:00:00+09:00") - timedelta(minutes=rng.randint(30, 1400))
    return Content(
        url=url,
        title=draft.passage.title,
        text=draft.passage.text,
        published=moment,
        author=rng.choice(lists["reporter"] if draft.site in NEWSPAPERS else lists["nick"]),
        rng=rng,
        section=draft.passage.section,
        email=email(rng),
        comments=tuple(
            zip(rng.sample(lists["nick"], len(draft.passage.comments)), draft.passage.comments, strict=True)
        ),
        related=tuple(rng.sample(_RELATED, 4)),
        extra_head=draft.extra_head,
    )


def _declare(html: str, declared: str) -> str:
    """Every template declares one charset; put ``declared`` in its place, or nothing."""
    for old in ('<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">'):
        if old in html:
            name = {"utf-8": "utf-8", "cp949": "ks_c_5601-1987"}.get(declared, declared)
            new = old.replace("utf-8", name).replace("euc-kr", name) if declared else ""
            return html.replace(old, new, 1)
    return html


def encode(html: str, charset: str) -> bytes:
    """Bytes of a page; what the charset lacks becomes a character reference, as editors do."""
    codec = "cp949" if charset in ("euc-kr", "cp949") else charset
    return html.encode(codec, "xmlcharrefreplace")
