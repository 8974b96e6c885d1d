"""Question sites as HTML: the thread with all its answers, badges and votes."""

import json
from datetime import datetime
from html import escape

from malmoi.sample.library import Thread
from malmoi.sample.markup import render

BOILERPLATE = ("전문가에게 질문해 보세요", "답변을 작성하려면", "채택답변수")


def thread_page(thread: Thread, url: str, asker: str, authors: list[str], published: datetime) -> str:
    """A thread page with class names and, for machines, a schema.org QAPage."""
    answers = "".join(
        f"""<div class="answer-content__item{" is-adopted" if a.adopted else ""}" id="answer_{n}"><div class="profile_card">
<span class="name">{author}</span>{'<span class="badge">질문자 채택</span>' if a.adopted else ""}{'<span class="badge expert">분야 전문가</span>' if a.expert else ""}<span>채택답변수 {n * 7 + 3}</span></div>
<div class="_endContents c-heading-answer__content"><div class="_endContentsText">{render(a.text)}</div></div>
<div class="answer-foot"><button>도움이 돼요 <em class="up_count">{a.votes}</em></button> <button>신고</button></div></div>"""
        for n, (a, author) in enumerate(zip(thread.answers, authors, strict=True), 1)
    )
    return f"""<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>{escape(thread.title)} : 물음표</title>
<link rel="canonical" href="{escape(url)}"><script type="application/ld+json">{_schema(thread, published)}</script></head><body>
<header><a href="/">물음표</a> <form><input placeholder="무엇이 궁금하세요"><button>검색</button></form><a>질문하기</a><p>전문가에게 질문해 보세요</p></header>
<div id="content" class="end_page"><div class="question-content"><h3 class="endTitleSection">{escape(thread.title)}</h3>
<div class="questionDetail">{render(thread.question)}</div><div class="userInfo">{asker} · {published:%Y.%m.%d.} · 조회수 {len(thread.question)}</div></div>
<div class="answer-content"><h4>{len(thread.answers)}개 답변</h4>{answers}</div><p class="write">답변을 작성하려면 로그인이 필요합니다</p></div>
<aside><h4>실시간 많이 본 질문</h4><ul><li>자전거 바퀴가 자꾸 빠져요</li><li>김치냉장고 온도는 몇 도가 좋나요</li></ul></aside>
<footer>답변의 내용은 참고용이며 물음표는 책임지지 않습니다</footer></body></html>"""


def _schema(thread: Thread, published: datetime) -> str:
    def answer(entry) -> dict:
        return {"@type": "Answer", "text": entry.text, "upvoteCount": entry.votes}

    question = {
        "@type": "Question",
        "name": thread.title,
        "text": thread.question,
        "answerCount": len(thread.answers),
        "dateCreated": published.isoformat(),
        "suggestedAnswer": [answer(a) for a in thread.answers if not a.adopted],
    }
    if adopted := [a for a in thread.answers if a.adopted]:
        question["acceptedAnswer"] = answer(adopted[0])
    return json.dumps({"@context": "https://schema.org", "@type": "QAPage", "mainEntity": question}, ensure_ascii=False)
