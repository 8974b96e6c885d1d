"""Comments of pages that no rule knows become turns; what only looks like comments does not."""

import json

import pytest

from malmoi.text.html import NO_RULES, extract

POST = "주말에 갓 도정한 쌀을 받았다. 물을 조금 적게 잡고 밥을 지으니 알이 살아 있다. 작년 것과는 향부터 다르다."
FIRST = "저는 불린 쌀로 하면 물을 더 줄여요."
SECOND = "어느 지역 쌀인가요? 저도 주문하고 싶네요."
TURNS = [("A", POST), ("B", FIRST), ("C", SECOND)]

WORDPRESS = """
<ol class="comment-list">
 <li class="comment even"><article class="comment-body"><footer class="comment-meta"><b class="fn">들녘</b>
   <time datetime="2026-03-01">3월 1일</time></footer><div class="comment-content"><p>{first}</p></div>
   <div class="reply"><a class="comment-reply-link">답글</a></div></article>
  <ol class="children"><li class="comment odd"><article class="comment-body"><footer class="comment-meta">
   <b class="comment-author">물안개</b></footer><div class="comment-content"><p>{second}</p></div></article></li></ol></li>
</ol>"""
BOARD = """
<section id="bo_vc"><article><header><span class="sv_member">들녘</span><span class="bo_vc_hdinfo"><time>26-03-01</time></span>
 </header><div class="cmt_contents"><p>{first}</p></div></article>
 <article><header><span class="sv_member">물안개</span></header><div class="cmt_contents"><p>{second}</p></div></article></section>"""
CAMEL = """
<div class="CommentList"><div class="CommentItem"><span class="UserNick">들녘</span><p class="CommentText">{first}</p></div>
<div class="CommentItem"><span class="UserNick">물안개</span><p class="CommentText">{second}</p></div></div>"""
INSIDE = """
<div class="comments"><div class="reply_body"><strong class="reply_name">들녘</strong> <span class="reply_date">03.01.</span>
<p>{first}</p></div><div class="reply_body"><strong class="reply_name">물안개</strong><p>{second}</p></div></div>"""
MICRODATA = """
<div itemprop="comment"><span itemprop="author">들녘</span><p itemprop="text">{first}</p></div>
<div itemprop="comment"><span itemprop="author">물안개</span><p itemprop="text">{second}</p></div>"""
DATA = {
    "@type": "DiscussionForumPosting", "text": POST,
    "comment": [{"@type": "Comment", "author": {"name": "들녘"}, "text": FIRST,
                 "comment": {"@type": "Comment", "author": {"name": "물안개"}, "text": f"<p>{SECOND}</p>"}}],
}  # fmt: skip
JSON_LD = f"<script type='application/ld+json'>{json.dumps(DATA, ensure_ascii=False)}</script>"


def page(comments: str, post: str = POST) -> str:
    return f"<html><head><title>쌀</title></head><body><article><p>{post}</p></article>{comments}</body></html>"


def turns(html: str) -> list[tuple[str, str]]:
    return [(turn["speaker"], turn["text"]) for turn in extract(html, "https://rice.example.kr/1", NO_RULES).turns]


@pytest.mark.parametrize("form", [WORDPRESS, BOARD, CAMEL, INSIDE, MICRODATA, JSON_LD])
def test_forms_of_comments(form):
    html = page(form.replace("{first}", FIRST).replace("{second}", SECOND))
    assert turns(html) == TURNS
    found = extract(html, "https://rice.example.kr/1", NO_RULES)
    assert found.text == POST and "들녘" not in repr(found.turns)


def test_quoted_text_is_not_repeated():
    quoting = f"{SECOND}</p><blockquote><p>{FIRST}</p></blockquote><p>"
    html = page(WORDPRESS.replace("{first}", FIRST).replace("{second}", quoting))
    assert turns(html) == TURNS
    copied = f"{FIRST}<br>{SECOND}"  # quoted by hand, without any mark
    assert turns(page(BOARD.replace("{first}", FIRST).replace("{second}", copied))) == TURNS


def test_the_same_name_is_the_same_letter():
    html = page(BOARD.replace("물안개", "들녘").replace("{first}", FIRST).replace("{second}", SECOND))
    assert [speaker for speaker, _ in turns(html)] == ["A", "B", "B"]


@pytest.mark.parametrize("said", ["삭제된 댓글입니다.", "비밀 댓글입니다", "작성자에 의해 삭제된 댓글입니다.", "첫 댓글을 남겨보세요",
                                  "댓글을 입력하세요.", "등록된 댓글이 없습니다."])  # fmt: skip
def test_what_nobody_said(said):
    html = page(BOARD.replace("{first}", said).replace("{second}", SECOND))
    assert [text for _, text in turns(html)] == [POST, SECOND]


@pytest.mark.parametrize(
    "other",
    [
        "<div class='comments'><div id='disqus_thread'></div></div>",
        "<form class='comment-form'><label class='comment-text'>댓글</label><span class='user'>손님</span><textarea></textarea></form>",
        "<div class='comment_text_notice'>언론사가 댓글 제공 여부를 직접 정합니다.</div><span class='user_name'>안내</span>",
        "<pre><code><span class='comment text'>// 이름을 적는다</span> <span class='name'>main</span></code></pre>",
        "<div class='commentary-content'><span class='author'>해설</span></div>",
    ],
)
def test_what_is_no_comment(other):
    assert turns(page(other)) == []


def test_many_comments_cost_little():
    import time

    item = "<li class='comment'><b class='comment-author'>{n}</b><div class='comment-content'>{n}번째로 남긴 말이다.</div></li>"
    html = page("<ol>" + "".join(item.replace("{n}", str(number)) for number in range(5_000)) + "</ol>")
    began = time.process_time()
    assert len(turns(html)) == 1_001
    assert time.process_time() - began < 10
