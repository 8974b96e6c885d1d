"""Blog editors: one like a portal's smart editor, one like a skin for installed blogs, developers' static sites."""

from html import escape

from malmoi.sample.markup import render
from malmoi.sample.templates.frame import (
    Content,
    Template,
    comment_list,
    footer,
    links,
    navigation,
    page,
    share_buttons,
    social,
)


def _smart_editor(content: Content) -> str:
    paragraph = (
        '<div class="se-component se-text se-l-default"><div class="se-module se-module-text">'
        '<p class="se-text-paragraph se-text-paragraph-align-left"><span class="se-fs-fs16 se-ff-nanumgothic">{}</span></p>'
        '<p class="se-text-paragraph"><span>\u200b</span></p></div></div>'
    )
    return page(
        content,
        "마실 블로그",
        f"""<div id="blog-header">{navigation("블로그 프롤로그 지도 서재 메모 안부", "blog-menu")}</div>
<div id="postListBody"><div class="post"><div class="se-viewer se-theme-default" lang="ko-KR">
<div class="se-component se-documentTitle"><div class="pcol1"><span>{escape(content.title)}</span></div>
<div class="blog2_container"><span class="nick"><a href="/u">{content.author}</a></span><span class="se_publishDate">{content.published:%Y. %m. %d. %H:%M}</span>
<a href="#" class="url_copy">URL 복사</a> <a href="#">이웃추가</a> 본문 기타 기능</div></div>
<div class="se-main-container">{render(content.text, paragraph)}
<div class="se-component se-sticker"><img src="/sticker.png" alt=""></div></div></div>
<div class="post-btn"><span>공감한 사람 보러가기</span><span>공유하기</span></div>{comment_list(content, "comment_area")}</div></div>
<div class="other"><p>이 블로그 일상 카테고리 글 전체글 보기</p>{links(content.related, "list")}</div>
<div class="widget">활동정보 블로그 이웃 글 보내기 글 스크랩</div>""",
        head=social(content),
    )


def _skin(content: Content) -> str:
    return page(
        content,
        f"{content.author}의 서랍",
        f"""<div id="header"><h1><a href="/">{content.author}의 서랍</a></h1>{navigation("홈 태그 방명록 관리")}</div>
<div class="area_view"><div class="hd"><p class="category">{content.section or "분류 전체보기"}</p><h2>{escape(content.title)}</h2>
<span class="date">{content.published:%Y. %m. %d. %H:%M}</span></div>
<div class="tt_article_useless_p_margin contents_style">{render(content.text, '<p data-ke-size="size16">{}</p>')}</div>
<div class="container_postbtn"><button>좋아요</button><button>공유하기</button><button>게시글 관리</button><span>저작자표시 비영리 변경금지</span></div>
<div class="another_category"><h4>'{content.section or "일상"}' 카테고리의 다른 글</h4>{links(content.related, "others")}</div>
<div class="tags"><span>태그</span> {links(content.title.split()[:4], "tag")}</div>{comment_list(content, "tt-comment")}</div>
<div id="aside"><h3>최근 글</h3>{links(content.related[::-1], "recent")}<h3>최근 댓글</h3><p>Today 12 Total 34,567</p></div>
<div id="footer">Designed by 서랍 스킨. 관리자만 글을 쓸 수 있습니다.</div>""",
        head=social(content),
    )


def _static(content: Content) -> str:
    """A developer's static site; its minifier ends head and html before the body."""
    return page(
        content,
        "빌드로그",
        f"""<div id="gatsby-focus-wrapper"><nav><a href="/">빌드로그</a> <a href="/tags">태그</a> <a href="/about">소개</a> <button>다크 모드 켜기</button></nav>
<main><article itemscope itemtype="http://schema.org/Article"><header><h1 itemprop="headline">{escape(content.title)}</h1>
<p>{content.published:%B %d, %Y} · {len(content.text) // 400 + 1} min read</p></header>
<section itemprop="articleBody">{render(content.text)}</section>
<footer><p>글쓴이 {content.author}. 정적 사이트 생성기로 만든 개발 블로그입니다.</p></footer></article>
<nav class="pagination"><a rel="prev" href="/p">← 이전 글: {escape(content.related[0])}</a> <a rel="next" href="/n">다음 글: {escape(content.related[-1])} →</a></nav></main>
<footer>© 빌드로그, 정적 사이트 생성기와 함께</footer></div><script src="/app.js" async></script>""",
        head=social(content),
        early_close=True,
    )


def _hexo(content: Content) -> str:
    return page(
        content,
        "느린 개발자",
        f"""<div class="headband"></div><header id="header"><span class="logo-line">느린 개발자</span>{navigation("홈 아카이브 분류 검색", "main-menu")}</header>
<main class="main"><div class="post-block"><header class="post-header"><h1 class="post-title">{escape(content.title)}</h1>
<div class="post-meta">작성일 {content.published:%Y-%m-%d} 조회수 {content.rng.randint(10, 900)}</div></header>
<div class="post-body">{render(content.text)}</div>
<div class="post-copyright"><ul><li>본 글의 저작권은 작성자에게 있으며 출처를 밝혀 주세요</li></ul></div>{share_buttons()}</div></main>
<aside class="toc"><h4>목차</h4>{links(["들어가며", "본문", "마치며"], "toc-list")}</aside>
<footer class="footer">테마는 직접 만들었습니다. 방문자 수 {content.rng.randint(1000, 9999)}</footer>""",
    )


def _press(content: Content) -> str:
    return page(
        content,
        "살림 노트",
        f"""<a class="skip-link" href="#content">본문으로 건너뛰기</a><header>{navigation("첫화면 살림 요리 여행 문의")}</header>
<div id="content" class="site-content"><article class="post hentry"><header class="entry-header"><h1 class="entry-title">{escape(content.title)}</h1></header>
<div class="entry-content">{render(content.text)}</div><footer class="entry-meta">글쓴이 {content.author} | 분류 {content.section or "살림"}</footer></article>
{comment_list(content, "comments-area")}<p>댓글을 달기 위해서는 로그인해야 합니다.</p></div>
<aside class="widget-area"><h2>최신 글</h2>{links(content.related, "recent")}<h2>보관함</h2></aside>
{footer("살림 노트", "자랑스럽게 직접 운영합니다. 사이트 지도와 공지사항은 아래를 참고하세요.")}""",
        head=social(content),
    )


TEMPLATES = (
    Template(
        "smart-editor",
        "blog.masil.example",
        "/PostView?blogId=m{number}&logNo={date}{number}",
        _smart_editor,
        ("공감한 사람 보러가기", "글 스크랩", "본문 기타 기능"),
    ),
    Template(
        "skin", "seorap.example", "/{number}", _skin, ("저작자표시 비영리 변경금지", "카테고리의 다른 글", "서랍 스킨")
    ),
    Template(
        "static", "buildlog.example", "/posts/{number}/", _static, ("다크 모드 켜기", "정적 사이트 생성기와 함께")
    ),
    Template("hexo", "slowdev.example", "/{date}/{number}/", _hexo, ("카카오톡 공유", "테마는 직접 만들었습니다")),
    Template(
        "press",
        "sallim.example",
        "/archives/{number}",
        _press,
        ("본문으로 건너뛰기", "댓글을 달기 위해서는", "자랑스럽게 직접 운영합니다"),
    ),
)
