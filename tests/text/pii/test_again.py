"""A value of the body where it stands again in the title."""

import pytest

from malmoi.text.pii import Span, again

BODY = "예금주 한하수 님, 계좌 105426-00-259239, 담당 한"
NAME = Span(4, 7, "name", 0.9)
ACCOUNT = Span(14, 30, "account", 0.95)
SHORT = Span(35, 36, "name", 0.9)


@pytest.mark.parametrize(
    ("title", "found", "covered"),
    [
        ("한하수 님께, 한하수 올림", [], ["한하수", "한하수"]),
        ("한하수원 견학기", [], ["한하수"]),  # a longer word is hidden too: better a mask too many
        ("하수 처리장", [], []),
        ("한 걸음", [], []),  # one letter says nothing
        ("한하수 계좌 105426-00-259239", [Span(0, 6, "account", 0.5)], ["한하수 계좌", "105426-00-259239"]),
        ("", [], []),
    ],
)
def test_where_it_stands(title, found, covered):
    spans = again(title, found, BODY, [NAME, ACCOUNT, SHORT])
    assert [title[span.start : span.end] for span in spans] == covered
    assert all(one.end <= two.start for one, two in zip(spans, spans[1:], strict=False))
