"""A window of pages against what earlier nights know of their site."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
import pytest

from malmoi.stages.ingest import Ingested
from malmoi.stages.sites import Sites

SECRET = b"a secret of a test, long enough"
FOOTER = "고을신문 대표전화 안내 및 구독 신청은 누리집에서 하실 수 있습니다"


class Known:
    """Earlier nights, by what their items remember."""

    def __init__(self, items: Iterable[Ingested]):
        self._items = list(items)

    def pages_of(self, keys: np.ndarray) -> dict[int, frozenset[int]]:
        had = {(int(key), item.page) for item in self._items for key in np.frombuffer(item.blocks or b"", "<i8")}
        return {int(key): frozenset(page for block, page in had if block == key) for key in keys if key in dict(had)}


def story(number: int) -> str:
    return f"{number}월 {number}일에 장이 섰다. 사람들은 {number * 3}가지 나물을 놓고 값을 물었다. 해가 지자 {number}명만 남았다."


def item(number: int, text: str = "", **other) -> Ingested:
    row = {"url": f"https://farm.example.kr/{number}", "site": "farm.example.kr", "doc_id": f"id-{number}"}
    row |= {"text": text or f"{story(number)}\n\n{FOOTER}", "qa": None, "turns": None, "defect": None}
    return Ingested(100, document=row | other, is_bounded=False)


def read(items: Sequence[Ingested], earlier: Sequence[Ingested] = (), secret: bytes = SECRET) -> list[Ingested]:
    return list(Sites(3, 50, secret, Known(earlier)).without_shared_blocks(items))


def texts(items: Iterable[Ingested]) -> list[str]:
    return [one.document["text"] for one in items if one.document]


def test_a_site_with_two_pages_a_night_loses_its_footer_in_the_second_night():
    first = read([item(1), item(2)])
    assert texts(first) == texts([item(1), item(2)]), "two pages tell nothing"
    second = read([item(3), item(4)], first)
    assert texts(second) == [story(3), story(4)]
    assert [one.document["doc_id"] for one in second if one.document] == ["id-3", "id-4"], (
        "the id is the page's as read"
    )


def test_what_was_taken_out_is_remembered_all_the_same():
    first = read([item(number) for number in (1, 2, 3, 4)])
    assert texts(first) == [story(number) for number in (1, 2, 3, 4)]
    assert texts(read([item(5)], first)) == [story(5)]


def test_a_page_that_comes_every_night_counts_once():
    first = read([item(1), item(2)])
    assert [one.page for one in read([item(1)])] == [first[0].page]
    again = read([item(1), item(2)], [*first, *first])
    assert texts(again) == texts([item(1), item(2)])
    changed = item(1, f"{story(1)}\n\n댓글이 하나 늘었다는 소식이다.\n\n{FOOTER}")
    assert texts(read([changed], [*first, item(9)])) == texts([changed]), "its own earlier form is no other page"


@pytest.mark.parametrize(
    "other",
    [
        {"site": "other.example.kr"},
        {"site": ""},
        {"turns": [{"speaker": "A", "text": "말"}]},
        {"qa": {"question": "?"}},
        {"defect": "mojibake"},
    ],
)
def test_another_site_and_what_is_no_plain_page_stay(other):
    first = read([item(number) for number in range(1, 6)])
    found = read([item(7, **other)], first)
    assert texts(found) == texts([item(7)])
    assert (found[0].blocks is None) == ("site" not in other or not other["site"])


def test_without_thresholds_nothing_is_read_or_remembered():
    items = [item(number) for number in range(6)]
    found = list(Sites(0, 50, SECRET, Known([])).without_shared_blocks(items))
    assert found == items and found[0].blocks is None


def test_hashes_need_the_key():
    (one,), (other,) = read([item(1)]), read([item(1)], secret=b"another secret, as long as it")
    assert one.page != other.page and one.blocks != other.blocks
    assert one.blocks is not None and len(one.blocks) == 16 and FOOTER.encode() not in one.blocks


def test_hashes_are_those_of_the_tables_that_lie_there():
    """A block is remembered by BLAKE2b of site and block under a key from the secret: another hash would know no earlier night."""
    (found,) = read([item(1)])
    key = blake2b(SECRET).digest()
    wanted = [
        int.from_bytes(
            blake2b(f"farm.example.kr\n{block}".encode(), digest_size=8, key=key).digest(), "little", signed=True
        )
        for block in (story(1), FOOTER)
    ]
    assert np.frombuffer(found.blocks or b"", "<i8").tolist() == sorted(wanted)
