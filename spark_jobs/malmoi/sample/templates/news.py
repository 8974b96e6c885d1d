"""Newspaper sites: byline, reporter's mail, copyright tail, related stories, advertisements."""

import json
from html import escape

from malmoi.sample.markup import render
from malmoi.sample.templates.frame import (
    Content,
    Template,
    comment_list,
    cookie_box,
    footer,
    links,
    login_box,
    navigation,
    page,
    share_buttons,
    social,
)

_AD = (
    '<div class="ad"><span>광고</span><a href="https://ads.example/c"><img src="/ad/{n}.gif" alt="특가 배너"></a></div>'
)


def _hanbit(content: Content) -> str:
    """Paragraphs by line breaks in one div, as portals and older papers write."""
    body = render(content.text, "{}<br><br>")
    return page(
        content,
        "한빛일보",
        f"""{cookie_box("한빛일보는 더 나은 서비스를 위해 쿠키를 사용합니다.")}
{navigation("정치 경제 사회 국제 문화 스포츠 오피니언 포토")}
<div id="wrap"><div class="head_view"><h3 class="tit_view">{escape(content.title)}</h3>
<span class="info_view">{content.author} 기자 | 입력 {content.published:%Y.%m.%d %H:%M} | 수정 {content.published:%Y.%m.%d %H:%M}</span>{share_buttons()}</div>
<div id="articleBody" itemprop="articleBody"><div class="photo"><img src="/img/{content.rng.randint(1, 999)}.jpg" alt=""></div>
{body}
{content.author} 기자 {content.email}<br>
ⓒ 한빛일보, 무단전재 및 재배포 금지<br></div>
<div class="subscribe">한빛일보 구독하고 매일 아침 뉴스레터를 받아 보세요</div>
<div class="relation"><h4>관련기사</h4>{links(content.related, "rel")}</div>{_AD.format(n=1)}
<aside class="rank"><h4>많이 본 뉴스</h4>{links(content.related[::-1], "rank")}</aside></div>
{footer("한빛일보(주) | 등록번호: 가람 아00000 | 발행인·편집인: 한빛일보사", "Copyright ⓒ Hanbit Ilbo. All rights reserved.")}""",
        head=social(content),
    )


def _daily(content: Content) -> str:
    """Semantic article, paywall-free, reporter card behind the text."""
    body = render(content.text)
    return page(
        content,
        "데일리누리",
        f"""<header><a href="/" class="logo">데일리누리</a>{navigation("뉴스 지역 기획 영상 제보 구독")}{login_box("로그인하고 기사를 저장하세요")}</header>
<main><article class="article"><header><p class="cat">{content.section}</p><h1>{escape(content.title)}</h1>
<time datetime="{content.published.isoformat()}">{content.published:%Y-%m-%d %H:%M}</time></header>
<div class="article-body">{body}</div>
<p class="copyright">&lt;저작권자 © 데일리누리, 무단 전재 및 재배포 금지&gt;</p>
<div class="reporter"><strong>{content.author} 기자</strong> <a href="mailto:{content.email}">{content.email}</a> <button>기자 구독</button></div>
</article><section class="more"><h2>이 기사와 함께 읽은 기사</h2>{links(content.related, "cards")}</section>
{comment_list(content, "comments")}</main>
{footer("데일리누리 | 가람시 누리구 | 청소년보호책임자 데일리누리", "데일리누리의 모든 콘텐츠는 저작권법의 보호를 받습니다.")}""",
        head=social(content),
        early_close=True,
    )


def _old(content: Content) -> str:
    """Table layout of the early 2000s; its pages are in EUC-KR."""
    body = render(content.text, "{}<br><br>")
    return page(
        content,
        "가람신문",
        f"""<table width="950" align="center"><tr><td colspan="2">{navigation("종합 행정 교육 농업 사람들 독자투고", "top")}</td></tr>
<tr><td width="650" valign="top"><font size="5"><b>{escape(content.title)}</b></font><br>
<font color="#888888">{content.published:%Y년 %m월 %d일} {content.author} 기자 {content.email}</font><hr>
<div id="news_content"><font size="3" style="line-height:180%">{body}</font></div>
<p align="right">&lt; 저작권자 ⓒ 가람신문, 무단전재 및 재배포 금지 &gt;</p></td>
<td width="300" valign="top"><b>가장 많이 읽은 기사</b>{links(content.related, "best")}{_AD.format(n=2)}</td></tr>
<tr><td colspan="2" align="center">가람신문사 구독신청 및 기사제보 안내 | 홈페이지 관리 가람신문 전산팀</td></tr></table>""",
        meta='<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">',
    )


def _wire(content: Content) -> str:
    """JSON-LD metadata; paragraphs as bare divs; a long tail of notices inside the article."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": content.title,
        "datePublished": content.published.isoformat(),
        "author": {"@type": "Person", "name": content.author},
    }
    head = f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
    body = render(content.text, '<div class="para">{}</div>')
    return page(
        content,
        "너울통신",
        f"""{navigation("최신 정치 산업 금융 전국 세계 건강 날씨", "wire-nav")}
<div class="container"><section class="content"><h1 class="title">{escape(content.title)}</h1>
<p class="meta">송고시간 {content.published:%Y-%m-%d %H:%M}</p>{share_buttons()}
<div class="story">{body}<div class="para">({content.author}) {content.email}</div>
<div class="notice">제보는 카카오톡 채널 너울통신으로 해 주세요</div>
<div class="notice">&lt;저작권자(c) 너울통신, 무단 전재-재배포, AI 학습 및 활용 금지&gt; {content.published:%Y/%m/%d %H:%M} 송고</div></div></section>
<aside><h3>핫뉴스</h3>{links(content.related, "hot")}{_AD.format(n=3)}<h3>이 시각 주요 뉴스</h3>{links(content.related[::-1], "now")}</aside></div>
{footer("너울통신 대표 전화는 안내 페이지를 참고하세요", "(c) 너울통신. 무단 전재와 재배포를 금합니다.")}""",
        head=head,
    )


def _magazine(content: Content) -> str:
    """A weekly with a newsletter box in the middle of the story."""
    parts = render(content.text).split("\n")
    box = '<div class="newsletter"><p>주간 마루의 새 소식을 메일로 받아 보세요</p><button>구독하기</button></div>'
    body = "\n".join([*parts[:1], box, *parts[1:]])
    return page(
        content,
        "주간 마루",
        f"""{cookie_box("주간 마루는 이용 분석을 위해 쿠키를 저장합니다.")}<div class="site"><header class="masthead">{navigation("커버스토리 인물 책 경제 생활 과월호")}</header>
<div class="post"><h1 class="entry-title">{escape(content.title)}</h1><div class="byline">글 {content.author}</div>
<div class="entry-content">{body}<p class="credit">이 기사는 주간 마루 지면에도 실렸습니다</p></div>{share_buttons()}</div>
<section class="next"><h3>다른 기사 보기</h3>{links(content.related, "next")}</section></div>
{footer("주간 마루 편집부", "ⓒ 주간 마루. 무단 복제와 전재를 금합니다.")}""",
        head=social(content),
    )


TEMPLATES = (
    Template(
        "hanbit",
        "news.hanbit.example",
        "/article/{date}/{number}",
        _hanbit,
        (
            "무단전재 및 재배포 금지",
            "쿠키를 사용합니다",
            "매일 아침 뉴스레터를 받아",
            "페이스북 공유",
            "개인정보처리방침",
        ),
    ),
    Template(
        "daily",
        "www.dailynuri.example",
        "/news/view/{number}",
        _daily,
        ("무단 전재 및 재배포 금지", "로그인하고 기사를 저장하세요", "기자 구독", "이용약관", "저작권법의 보호를"),
    ),
    Template(
        "old",
        "garam.example",
        "/news/articleView.html?idxno={number}",
        _old,
        ("무단전재 및 재배포 금지", "구독신청 및 기사제보 안내", "가장 많이 읽은 기사"),
        charset="euc-kr",
    ),
    Template(
        "wire",
        "www.neoul.example",
        "/view/AKR{date}{number}",
        _wire,
        ("활용 금지", "카카오톡 채널 너울통신", "이 시각 주요 뉴스", "무단 전재와 재배포를"),
    ),
    Template(
        "magazine",
        "weekly.maru.example",
        "/story/{number}/",
        _magazine,
        ("쿠키를 저장합니다", "무단 복제와 전재를", "새 소식을 메일로 받아", "URL 복사"),
    ),
)
