"""Other sites: wiki, manual, interview, cafe thread, recipe cards, public office."""

from html import escape

from malmoi.sample.markup import blocks, inline, render
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


def _wiki(content: Content) -> str:
    return page(
        content,
        "두레위키",
        f"""<div id="mw-navigation">{navigation("대문 최근바뀜 임의문서로 도움말 기부", "mw-portlet")}<form><input placeholder="두레위키 검색"><button>보기</button></form></div>
<div id="content" class="mw-body"><h1 id="firstHeading">{escape(content.title)}</h1><div id="siteSub">위키백과처럼 모두가 만드는 두레위키</div>
<div id="bodyContent"><div id="mw-content-text"><div class="mw-parser-output">{render(content.text)}
<div id="toc" class="toc"><h2>목차</h2>{links(["개요", "역사", "같이 보기"], "toc-list")}</div></div></div>
<div id="catlinks">분류: {escape(content.section or "일반")}</div></div></div>
<footer id="footer">이 문서는 {content.published:%Y년 %m월 %d일}에 마지막으로 편집되었습니다. 내용은 크리에이티브 커먼즈 저작자표시-동일조건변경허락에 따라 쓸 수 있습니다.
<a rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.ko">CC BY-SA 4.0</a></footer>""",
    )


def _manual(content: Content) -> str:
    return page(
        content,
        "길잡이 문서",
        f"""<div class="sphinxsidebar"><h3>문서 차례</h3>{links(content.related, "toctree-l1")}<p>이 페이지의 소스 보기</p></div>
<div class="document"><div class="related">이전 | 다음 | 색인</div><div class="body" role="main"><section><h1>{escape(content.title)}<a class="headerlink" href="#t">¶</a></h1>
{render(content.text)}</section></div></div>
<div class="footer" role="contentinfo">문서 생성 도구로 만들었습니다. 마지막 갱신은 배포 기록을 보세요.</div>""",
        early_close=True,
    )


def _interview(content: Content) -> str:
    """A dialogue: every block starts with the speaker's name and a colon."""
    rows = []
    for block in blocks(content.text):
        speaker, colon, said = block.partition(": ")
        if colon and len(speaker) <= 12:
            rows.append(f'<p class="turn"><strong class="speaker">{speaker}</strong>: {inline(said)}</p>')
        else:
            rows.append(f'<p class="lead">{inline(block)}</p>')
    return page(
        content,
        "사람책",
        f"""{cookie_box("사람책은 방문 기록을 남기기 위해 쿠키를 씁니다.")}{navigation("인터뷰 대담 좌담 소개")}
<article class="interview"><h1>{escape(content.title)}</h1>{"".join(rows)}</article>{share_buttons()}
<section class="more"><h3>다른 인터뷰 읽기</h3>{links(content.related, "more")}</section>
{footer("사람책 편집실", "사람책의 글을 옮길 때에는 미리 알려 주세요.")}""",
        head=social(content),
    )


def _cafe(content: Content) -> str:
    return page(
        content,
        "마당 카페",
        f"""<div class="CafeHead">{navigation("전체글 공지 자유게시판 질문 후기 장터", "cafe-menu")}{login_box("카페 회원만 글을 쓸 수 있습니다")}</div>
<div class="Article"><div class="ArticleTitle"><a href="/b">{content.section or "자유게시판"}</a><h3 class="title_text">{escape(content.title)}</h3></div>
<div class="WriterInfo"><span class="nickname">{content.author}</span> <em>열심회원</em> <span class="date">{content.published:%Y.%m.%d. %H:%M}</span> <span>조회 {content.rng.randint(30, 900)}</span></div>
<div class="ArticleContentBox"><div class="article_viewer">{render(content.text)}</div></div>
<div class="ReplyBox"><span>좋아요 {content.rng.randint(0, 40)}</span> <a href="#c">댓글 {len(content.comments)}</a> <a>신고</a></div>
{comment_list(content, "CommentBox")}</div><div class="RelatedArticles"><h4>{escape(content.section)} 게시판 글</h4>{links(content.related, "board")}</div>
<div class="cafe-foot">마당 카페 앱으로 보기 | 카페 고객센터 | 맨 위로</div>""",
    )


def _recipe(content: Content) -> str:
    return page(
        content,
        "오늘부엌",
        f"""{navigation("레시피 쇼핑 클래스 랭킹")}{cookie_box("맞춤 레시피를 위해 쿠키를 씁니다.")}
<div class="view2_summary"><h3>{escape(content.title)}</h3></div><div class="view_step" id="contents_area">{render(content.text)}</div>
<div class="buy"><h4>레시피 속 상품 구매</h4>{links(["무료배송 냄비 특가", "오늘만 반값 칼 세트"], "goods")}</div>{comment_list(content, "review")}
{footer("오늘부엌(주) 통신판매업 신고 완료", "레시피 사진과 글의 무단 도용을 금합니다.")}""",
        head=social(content),
        early_close=True,
    )


def _office(content: Content) -> str:
    return page(
        content,
        "누리구청",
        f"""<div id="skip_nav"><a href="#contents">본문 바로가기</a> <a href="#gnb">주메뉴 바로가기</a></div>{navigation("민원 분야별정보 소통 정보공개 구청소개")}
<div id="contents"><h2>{escape(content.title)}</h2><table class="board_view"><tr><th>담당부서</th><td>{content.section or "총무과"}</td><th>등록일</th><td>{content.published:%Y-%m-%d}</td></tr></table>
<div class="view_cont">{render(content.text)}</div><div class="satisfaction">이 페이지에서 제공하는 정보에 만족하십니까? <label><input type="radio">매우만족</label> <label><input type="radio">만족</label></div></div>
{footer("누리구청 민원안내는 종합민원실", "COPYRIGHT ⓒ 누리구청. 모든 권리를 보유합니다.")}""",
    )


TEMPLATES = {
    "wiki": Template(
        "wiki", "wiki.dure.example", "/w/{number}", _wiki, ("최근바뀜", "마지막으로 편집되었습니다", "두레위키 검색")
    ),
    "manual": Template(
        "manual", "docs.giljabi.example", "/ko/{number}.html", _manual, ("문서 생성 도구로", "이 페이지의 소스 보기")
    ),
    "interview": Template(
        "interview", "saram.example", "/talk/{number}", _interview, ("쿠키를 씁니다", "옮길 때에는 미리 알려")
    ),
    "cafe": Template(
        "cafe",
        "cafe.madang.example",
        "/board/{number}",
        _cafe,
        ("카페 회원만 글을 쓸 수", "카페 고객센터", "아이디·비밀번호 찾기"),
    ),
    "recipe": Template(
        "recipe",
        "kitchen.example",
        "/recipe/{number}",
        _recipe,
        ("맞춤 레시피를 위해", "무료배송 냄비 특가", "무단 도용을"),
    ),
    "office": Template(
        "office",
        "nuri-gu.example",
        "/board/view?no={number}",
        _office,
        ("주메뉴 바로가기", "정보에 만족하십니까", "모든 권리를 보유합니다"),
        charset="cp949",
    ),
}
