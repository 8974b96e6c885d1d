"""Generic extraction: pages of no known site, written for these tests."""

import pytest

from malmoi.contracts.reasons import Reason
from malmoi.text.html import NO_RULES, extract

LEAD = "장마가 끝나자마자 텃밭의 고추가 붉게 물들기 시작했다. 아침마다 바구니를 들고 나가면 한가득 따서 돌아온다."
MIDDLE = "올해는 비가 잦아 탄저병을 걱정했지만, 다행히 바람이 잘 통하는 자리여서 큰 피해는 없었다."
END = "다음 주에는 평상을 깔고 볕에 말릴 생각이다. 이웃들과 조금씩 나누어도 겨울을 날 만큼은 되겠다."
STORY = f"<p>{LEAD}</p><p>{MIDDLE}</p><p>{END}</p>"
TEXT = f"{LEAD}\n\n{MIDDLE}\n\n{END}"
MENU = "<ul><li><a href='/a'>처음</a></li><li><a href='/b'>소개</a></li><li><a href='/c'>글</a></li><li><a href='/d'>사진</a></li></ul>"


def page(body: str, head: str = "<title>고추 말리기</title>"):
    return extract(
        f"<!DOCTYPE html><html lang='ko'><head>{head}</head><body>{body}</body></html>",
        "https://farm.example.kr/1",
        NO_RULES,
    )


@pytest.mark.parametrize(
    "body",
    [
        STORY,
        f"<nav>{MENU}</nav><main><article>{STORY}</article></main><footer>© 2024 텃밭</footer>",
        f"<div id='gnb'>{MENU}</div><div class='post-content'>{STORY}</div><div class='sidebar'><p>{MIDDLE * 3}</p></div>",
        f"<table><tr><td>{MENU}</td><td>{STORY}</td></tr></table>",
        f"<div class='x1'>{MENU}</div><div class='x2'><h1>고추 말리기</h1><p>2024.08.11 09:10</p>{STORY}</div><div class='x3'>{MENU}</div>",
        f"<div class='has-sidebar no-comments page-with-toc'>{STORY}</div>",
        f"<article>{STORY}<div class='share-buttons'><p>페이스북 공유하기</p></div><p>저작권자 ⓒ 텃밭신문, 무단전재 및 재배포 금지</p></article>",
        f"<article>{STORY}<h3>관련 글</h3><ul><li><a href='/2'>작년 고추 농사 이야기를 다시 읽는다</a></li></ul></article>",
        f"<article>{STORY}</article><section id='comments'><p>{LEAD}</p><p>잘 읽었습니다</p></section>",
        f"<article><p>김텃밭 기자 kim@example.kr</p>{STORY}<p>김텃밭 기자</p></article>",
        f"<div><p>{LEAD}</p><p>{MIDDLE}</p><p>{END}<br>김텃밭 기자 kim@example.kr<br>ⓒ 텃밭신문, 무단전재 및 재배포 금지</p></div>",
        f"<div class='cookie-banner'><p>이 사이트는 쿠키를 씁니다. 계속 보시면 동의하는 것으로 봅니다.</p></div><div>{STORY}</div>",
        f"<div>{STORY}</div><div style='display: none'><p>숨은 글이다. 화면에는 보이지 않는다.</p></div>",
        f"<div><p>{LEAD}<br><br>{MIDDLE}</p><div>{END}</div></div>",
        f"<div><p>맨 위 알림</p><h1>고추 말리기</h1>{STORY}<p><a href='/1'>이전 글: 씨앗 고르기</a></p><p><a href='/3'>다음 글: 가루 빻기</a></p></div>",
        f"<form id='aspnet'>{MENU}<div>{STORY}</div></form>",
    ],
)
def test_the_story_and_nothing_else(body):
    assert page(body).text == TEXT


def test_head_and_html_closed_before_the_body():
    found = extract(
        f"<html><head><title>고추 말리기</title></head></html><body><div><h1>고추 말리기</h1>{STORY}</div>",
        "",
        NO_RULES,
    )
    assert (found.title, found.text) == ("고추 말리기", TEXT)


def test_two_sections_named_content_are_both_text():
    body = f"<nav>{MENU}</nav><article><div class='content'><p>{LEAD}</p><p>{MIDDLE}</p></div><div class='content'><p>{END}</p></div></article>"
    assert page(body).text == TEXT


def test_a_fragment_is_text_from_end_to_end():
    fragment = f"<p>서리가 내리기 전에.</p><div>{STORY}</div><p>그럼 이만.</p>"
    assert extract(fragment, "", NO_RULES).text == f"서리가 내리기 전에.\n\n{TEXT}\n\n그럼 이만."


@pytest.mark.parametrize(
    "sentence",
    [
        "무단전재 및 재배포 금지라는 문구는 언제부터 쓰였을까? 오늘은 그 유래를 찾아본다.",
        "공유하기 단추를 누르면 링크가 복사된다. 그런데 이 단추가 왜 늘 오른쪽에 있는지 궁금하다.",
        "2024년 8월 11일은 우리 마을에 처음으로 버스가 들어온 날이라 잔치가 열렸다.",
        "시민의 제보는 사건을 푸는 열쇠가 되었다. 구독 신청이 늘어난 것도 그 무렵이다.",
        "홍길동 기자가 쓴 그 기사는 이듬해 상을 받았고 책으로도 나왔다.",
        "이전 글에서 다룬 대로 씨앗은 물에 담가 두었다가 심는 편이 낫다.",
    ],
)
def test_sentences_that_hold_such_words_stay(sentence):
    assert sentence in page(f"<article><p>{sentence}</p>{STORY}<p>{sentence}</p></article>").text


def test_markdown_of_headings_lists_tables_quotes_and_captions():
    body = f"""<article><h2>준비</h2><p>{LEAD}</p><ul><li>바구니</li><li>가위<ol><li>날이 선 것</li></ol></li></ul>
    <blockquote><p>볕이 절반이다.</p></blockquote>
    <table><tr><th>날</th><th>양</th></tr><tr><td>월</td><td>3kg</td></tr></table>
    <figure><img src="a.jpg" alt="x"><figcaption>말린 고추</figcaption></figure><p>{END}</p></article>"""
    assert page(body).text == (
        f"## 준비\n\n{LEAD}\n\n- 바구니\n- 가위\n  1. 날이 선 것\n\n> 볕이 절반이다.\n\n"
        f"| 날 | 양 |\n| --- | --- |\n| 월 | 3kg |\n\n말린 고추\n\n{END}"
    )


@pytest.mark.parametrize(
    "code",
    [
        "<pre><code>for x in y:\n    print(x)</code></pre>",
        "<pre><span class='line'>for x in y:</span><br><span class='line'>    print(x)</span><br></pre>",
        "<figure class='highlight'><table><tr><td class='gutter'><pre>1\n2</pre></td><td class='code'><pre>for x in y:\n    print(x)</pre></td></tr></table></figure>",
        "<div class='highlight'><pre><code><table class='rouge-table'><tbody><tr><td class='rouge-gutter gl'><pre class='lineno'>1\n2\n</pre></td>"
        "<td class='rouge-code'><pre>for x in y:\n    print(x)\n</pre></td></tr></tbody></table></code></pre></div>",
        "<div class='code-toolbar'><pre><code>for x in y:\n    print(x)</code></pre><div class='toolbar'><button>복사</button></div></div>",
    ],
)
def test_code_keeps_its_lines_and_loses_its_line_numbers(code):
    assert (
        f"{LEAD}\n\n```\nfor x in y:\n    print(x)\n```\n\n{END}"
        == page(f"<article><p>{LEAD}</p>{code}<p>{END}</p></article>").text
    )


def test_inline_code_and_permalinks():
    body = f"<article><h2 id='a'>설치 <a class='headerlink' href='#a'>¶</a></h2><p><code>pip</code>로 설치한다. {LEAD}</p></article>"
    assert page(body).text == f"## 설치\n\n`pip`로 설치한다. {LEAD}"


@pytest.mark.parametrize(
    "body", ["", "<nav><a href='/'>처음</a></nav>", "<div><img src='a.png'></div>", "<script>var a = '글';</script>"]
)
def test_nothing_found_is_empty_text_with_a_defect(body):
    found = page(body)
    assert (found.text, found.defect) == ("", Reason.EMPTY_TEXT)


def test_metadata_from_json_ld():
    head = """<title>고추 말리기 | 텃밭신문</title><script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
    {"@type": "NewsArticle", "headline": "고추 말리기", "datePublished": "2024-08-11T09:10:00+09:00", "dateModified": "2024-08-12",
     "author": [{"@type": "Person", "name": "김텃밭"}], "articleSection": "생활", "publisher": {"name": "텃밭신문"}}]}</script>"""
    found = page(f"<div>{STORY}</div>", head)
    assert (found.title, found.kind, found.author, found.section) == ("고추 말리기", "article", "김텃밭", "생활")
    assert found.published_at.isoformat() == "2024-08-11T00:10:00+00:00"
    assert found.modified_at.isoformat() == "2024-08-11T15:00:00+00:00"


def test_metadata_from_meta_and_microdata():
    head = """<title>고추 말리기 :: 텃밭</title><meta property="og:title" content="고추 말리기"><meta property="og:site_name" content="텃밭">
    <meta name="author" content="김텃밭"><link rel="canonical" href="https://farm.example.kr/pepper">
    <link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.ko">"""
    found = page(f"<div><span itemprop='datePublished' content='2024-08-11'></span>{STORY}</div>", head)
    assert (found.title, found.site_name, found.author) == ("고추 말리기", "텃밭", "김텃밭")
    assert (found.license, found.canonical_url) == ("CC-BY-SA-4.0", "https://farm.example.kr/pepper")
    assert found.published_at.isoformat() == "2024-08-10T15:00:00+00:00"


def test_broken_json_ld_is_ignored():
    assert (
        page(
            f"<div>{STORY}</div>", '<title>고추 말리기</title><script type="application/ld+json">{"@type": </script>'
        ).title
        == "고추 말리기"
    )


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (
            f"<header><h1><a href='/'>텃밭 일기</a></h1></header><main><h2 class='post-title'>고추 말리기</h2><div>{STORY}</div></main>",
            "고추 말리기",
        ),
        (f"<h1>텃밭 일기장</h1><h1 class='entry-title'>고추 말리기</h1><div>{STORY}</div>", "고추 말리기"),
    ],
)
def test_title_from_the_page_where_the_head_is_silent(body, title):
    assert page(body, "").title == title


@pytest.mark.parametrize(
    ("body", "date"),
    [
        (
            f"<article><span class='post-date'>2024년 8월 11일 오후 3:05</span>{STORY}</article>",
            "2024-08-11T06:05:00+00:00",
        ),
        (
            f"<div><p>수정일 <span class='date'>2024.09.01</span></p><p>작성일 <span class='date'>2024.08.11</span></p>{STORY}</div>",
            "2024-08-10T15:00:00+00:00",
        ),
        (f"<div>{STORY}<p>Aug 11, 2024</p></div>", "2024-08-10T15:00:00+00:00"),
        (f"<time datetime='2024-08-11T00:00:00Z'>어제</time><div>{STORY}</div>", "2024-08-11T00:00:00+00:00"),
    ],
)
def test_date_from_the_page(body, date):
    assert page(body).published_at.isoformat() == date


def test_a_date_in_a_sentence_is_not_the_page_s_date():
    assert page(f"<div><p>1997년 11월 21일에 있었던 일을 아직도 기억한다. {LEAD}</p></div>").published_at is None


def test_question_page_by_schema_org():
    head = """<title>고추 말리는 법</title><script type="application/ld+json">{"@type": "QAPage", "mainEntity": {"@type": "Question",
    "name": "고추 말리는 법", "text": "비가 올 때 고추는 어떻게 말리나요?", "acceptedAnswer": {"@type": "Answer", "upvoteCount": 3,
    "text": "<p>방에 신문지를 깔고 선풍기를 약하게 틀어 두면 사흘이면 마릅니다.</p>"}}}</script>"""
    found = page(f"<div>{STORY}</div>", head)
    assert found.kind == "qa"
    assert found.qa == {
        "question": "고추 말리는 법\n\n비가 올 때 고추는 어떻게 말리나요?",
        "answer": "방에 신문지를 깔고 선풍기를 약하게 틀어 두면 사흘이면 마릅니다.",
        "adopted": True,
        "expert": False,
        "votes": 3,
        "answer_rank": 0,
    }


def test_question_without_answer():
    head = """<script type="application/ld+json">{"@type": "QAPage", "mainEntity": {"@type": "Question", "name": "고추 말리는 법",
    "text": "비가 올 때 고추는 어떻게 말리나요?", "answerCount": 0}}</script>"""
    found = page("<p>아직 답변이 없습니다.</p>", head)
    assert (found.qa, found.defect) == (None, Reason.KIN_NO_ANSWER)


def test_interview_has_turns():
    turns = "".join(
        f"<p>Q. {n}번째로 심은 것은 무엇인가요?</p><p>A. {n}번째는 상추였습니다. 물을 자주 주었지요.</p>"
        for n in range(1, 5)
    )
    found = page(f"<article>{turns}</article>")
    assert (found.kind, len(found.turns), found.turns[0]["speaker"]) == ("dialogue", 8, "Q")


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("ko", LEAD, "ko"),
        ("en", LEAD, "ko"),
        ("ko", "The rain stopped and the peppers in the garden turned red. We picked them every morning.", "en"),
        ("fr", "La pluie a cessé et les piments du jardin ont rougi. Nous les cueillons chaque matin.", "fr"),
        ("ko", "雨がやんで、畑の唐辛子が赤くなりました。毎朝かごを持って出かけます。", "ja"),
        ("zh-CN", "雨停了，菜园里的辣椒开始变红。每天早上我们提着篮子去采摘。", "zh"),
        ("ru", "Дождь закончился, и перец в огороде начал краснеть. Мы собираем его каждое утро.", "ru"),
    ],
)
def test_language_by_script_then_by_the_page(lang, text, found):
    assert extract(f"<html lang='{lang}'><body><p>{text}</p></body></html>", "", NO_RULES).language == found


def test_the_themes_list_of_headings_is_no_text():
    body = "밭에 두엄을 낸 뒤에는 두 주쯤 기다렸다가 씨를 뿌린다. 그사이에 비가 한 번 오면 더 좋다고들 한다."
    contents = "<div><div>On this page:</div><div><a href='#a'>두엄 내기</a> <a href='#b'>씨뿌리기</a></div></div>"
    found = extract(
        f"<html><body><article><h1>밭일</h1>{contents}<h2 id='a'>두엄 내기</h2><p>{body}</p><p>{body}</p></article></body></html>",
        "https://farm.example.kr/1", NO_RULES,
    )  # fmt: skip
    assert found.text == f"## 두엄 내기\n\n{body}\n\n{body}"
    own = extract(
        f"<html><body><article><p>목차</p><ul><li><a href='#a'>두엄 내기</a></li></ul><p>{body}</p></article></body></html>",
        "https://farm.example.kr/1", NO_RULES,
    )  # fmt: skip
    assert own.text.startswith("목차\n\n- 두엄 내기"), "the writer's own list stays"


def test_a_program_without_pre_keeps_its_lines():
    program = "for number in range(3):\n    total += number\nprint(total)"
    text = "아래 프로그램은 수를 차례로 더한 뒤에 결과를 한 줄로 보여 준다. 길지 않으니 직접 쳐 보기를 권한다."
    html = f"<html><body><article><p>{text}</p><p><code>{program}</code></p><p>{text} <code>print\n(1)</code> 도 된다.</p></article></body></html>"
    found = extract(html, "https://farm.example.kr/1", NO_RULES).text
    assert found == f"{text}\n\n```\n{program}\n```\n\n{text} `print (1)` 도 된다."
