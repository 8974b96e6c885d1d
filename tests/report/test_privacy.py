"""The report's part on personal data: counts that are right, and contexts that never show a value."""

import pyarrow as pa
import pytest

from malmoi.contracts.balance import Balance
from malmoi.contracts.document import DOCUMENT
from malmoi.contracts.files import files_of
from malmoi.contracts.funnel import Funnel
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.tables import ANNOTATIONS, DECISIONS
from malmoi.report import page, terminal
from malmoi.report.privacy import CONTEXTS, Found, masked, privacy
from malmoi.stages.parts import PartWriter
from malmoi.text.pii import find

BATCH = "2026-11-01"
VALUES = ("010-8273-6451", "bada.choi@hanmail.net", "910203-2965123", "110-482-930174", "서울특별시 마포구 월드컵로 31")
STAYS = [
    f"문의는 {VALUES[0]}로 주시고 급하면 {VALUES[1]}로 보내 주세요.",
    f"주민등록번호 {VALUES[2]}을 적어야 합니다.\n신한은행 {VALUES[3]}으로 입금했습니다.",
    f"배송지는 {VALUES[4]}입니다. 연락처 {VALUES[0]}",
    "오늘은 날씨가 맑아서 강가를 걸었다.",
]
GOES = ["이 글은 남지 않는다. 연락은 010-9182-7364로."]


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake(str(tmp_path))
    for source, texts, keep in (("blog", STAYS, True), ("web", [*STAYS[:1], *GOES], None)):
        rows = [
            {"batch": BATCH, "source": source, "doc_id": f"{number:032x}", "text": text, "keep": keep or text in STAYS,
             "pii": [span._asdict() for span in find(text)]}
            for number, text in enumerate(texts)
        ]  # fmt: skip
        for table, schema in (("documents", DOCUMENT), ("annotations", ANNOTATIONS), ("decisions", DECISIONS)):
            writer = PartWriter(lake.partition(table, BATCH, source), 0, schema)
            writer.write(pa.Table.from_pylist(rows, schema=schema))
            entry = writer.close()
            entry["path"] = f"{lake.relative(lake.partition(table, BATCH, source))}/{entry['path']}"
            manifest = StageManifest(table, BATCH, source, "", "", "", {}, (FileEntry(**entry),), Balance())
            files_of(lake).write(lake.manifest(table, BATCH, source), manifest.dumps())
    return lake


def test_counts_are_those_of_the_documents_that_stay(lake: Lake) -> None:
    counts = privacy(lake, BATCH).counts
    assert counts["blog"]["phone"] == Found(2, 2)
    assert counts["blog"]["rrn"] == counts["blog"]["account"] == counts["blog"]["address"] == Found(1, 1)
    assert counts["web"] == {"phone": Found(1, 1), "email": Found(1, 1)}


def test_contexts_show_where_and_never_what(lake: Lake) -> None:
    found = privacy(lake, BATCH)
    assert set(found.contexts) == set(found.entities) == {"rrn", "phone", "account", "email", "address"}
    assert len(found.contexts["phone"]) == CONTEXTS
    assert "문의는 <전화번호>로 주시고 급하면 <이메일>로 보내" in found.contexts["phone"][0]
    funnel = Funnel(BATCH, (), {})
    shown = terminal.render(funnel, [], found) + page.render(funnel, [], "demo", "0" * 64, found).decode()
    assert "<전화번호>로" in shown and "&lt;전화번호&gt;로" in shown and "blog" in shown
    for value in (*VALUES, "010-9182-7364"):
        assert value not in shown
        assert all(piece not in shown for piece in value.split("-") if len(piece) > 3)


def test_the_same_night_shows_the_same(lake: Lake) -> None:
    assert privacy(lake, BATCH) == privacy(lake, BATCH)


def test_a_night_without_annotations_has_no_part_on_personal_data(tmp_path) -> None:
    found = privacy(Lake(str(tmp_path)), BATCH)
    assert found.counts == {} and "Personal data" not in terminal.render(Funnel(BATCH, (), {}), [], found)


def test_what_the_rules_missed_beside_a_span_is_not_shown_either() -> None:
    text = "담당 010-8273-6451 또는 내선 48213, 쪽지는 @moon_river92 <b>참고</b>"
    shown = masked(text, [{"start": 3, "end": 16, "entity": "phone"}], 3)
    assert shown == "담당 <전화번호> 또는 내선 00000, 쪽지는 @ (b)참고(/b)"
