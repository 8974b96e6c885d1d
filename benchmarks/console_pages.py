"""Time of every console page on a large night: ``python benchmarks/console_pages.py --documents 100000``.

Makes a lake with one generated night in a temporary folder (parts of 1,000 rows, as ingest writes them) and asks the console's
app for its pages, without Airflow's login before it. Prints the median seconds of a few requests for each.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from malmoi.contracts.balance import Balance, Count
from malmoi.contracts.document import document_id
from malmoi.contracts.manifest import FileEntry, StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.signals import SIGNALS
from malmoi.contracts.tables import TABLES
from malmoi.stages.parts import PART_ROWS, PartWriter

BATCH, SOURCE = "2026-11-01", "web"
WORDS = "시장 골목 아침 버스 학교 바람 국수 할머니 우체국 나무 이야기 저녁 도서관 강가 자전거 마을".split()
TABLES_OF_A_NIGHT = ("documents", "annotations", "clusters", "decisions", "clean", "shards")
PROSE = dict.fromkeys(SIGNALS, 0.0) | {
    "chars": 600.0, "eojeol": 150.0, "lines": 10.0, "hangul_share": 0.9, "mean_eojeol_length": 3.2,
    "josa_eomi_share": 0.7, "prose_eojeol": 105.0, "sentences": 12.0, "sentence_end_share": 0.8, "variety": 0.95,
    "quality_score": 0.9, "longest_run": 9.0,
}  # fmt: skip


def rows_of(part: int, chance: random.Random) -> list[dict]:
    """One part's documents with everything that the tables hold of them; one in five is dropped."""
    rows = []
    for number in range(part * PART_ROWS, (part + 1) * PART_ROWS):
        text = " ".join(chance.choices(WORDS, k=200))
        url = f"https://site{number % 97}.example/{number}"
        quality = chance.random()
        keep = quality >= 0.28
        rows.append({
            "batch": BATCH, "source": SOURCE, "doc_id": document_id(url, text), "kind": "page", "url": url,
            "site": f"site{number % 97}.example", "title": " ".join(chance.choices(WORDS, k=4)), "text": text,
            "origin": {"file": "web.warc.gz", "offset": number * 500, "length": 500}, "raw_bytes": 500,
            "bytes": len(text.encode()), "language": "ko", "signals": PROSE | {"quality_score": quality}, "pii": [], "title_pii": [],
            "profanity": [], "softening": [], "signature": chance.randbytes(448), "keep": keep, "method": "single",
            "reason": None if keep else "low_quality", "value": None if keep else quality,
            "threshold": None if keep else 0.28, "profanity_action": "keep", "cluster_size": 1,
        })  # fmt: skip
        rows[-1]["cluster_id"] = rows[-1]["doc_id"]
    return rows


def make_night(lake: Lake, documents: int) -> str:
    """Writes the night and its manifests; returns the id of one of its documents."""
    chance = random.Random(1)
    files: dict[str, list[FileEntry]] = {table: [] for table in TABLES_OF_A_NIGHT}
    one = ""
    for part in range(documents // PART_ROWS):
        rows = rows_of(part, chance)
        one = rows[-1]["doc_id"]
        for table in TABLES_OF_A_NIGHT:
            own = [row for row in rows if row["keep"]] if table in ("clean", "shards") else rows
            if table == "clusters":
                own = [row | {"keep": True} for row in rows]
            folder, schema = lake.partition(table, BATCH, SOURCE), TABLES[table]
            writer = PartWriter(folder, part, schema)
            columns = [pa.array([row.get(name) for row in own], schema.field(name).type) for name in schema.names]
            writer.write(pa.Table.from_arrays(columns, schema=schema))
            entry = FileEntry(**writer.close())
            files[table].append(
                FileEntry(lake.relative(f"{folder}/{entry.path}"), entry.rows, entry.bytes, entry.sha256)
            )
    for table, entries in files.items():
        count = Count(sum(entry.rows for entry in entries), 0)
        manifest = StageManifest(
            table, BATCH, SOURCE, "0" * 64, "bench", "0" * 64, {}, tuple(entries), Balance(count, count)
        )
        path = Path(lake.manifest(table, BATCH, SOURCE))
        path.parent.mkdir(parents=True)
        path.write_bytes(manifest.dumps())
    return one


def pages(doc_id: str) -> dict[str, str]:
    night = f"/nights/{BATCH}"
    return {
        "nights": "/nights",
        "funnel": night,
        "documents": f"{night}/documents",
        "documents by reason": f"{night}/documents?reason=low_quality",
        "documents, last page": f"{night}/documents?start=99950",
        "search for words that are nowhere": f"{night}/documents?q=없는낱말",
        "search for an id": f"{night}/documents?q={doc_id}",
        "document": f"{night}/documents/{SOURCE}/{doc_id}",
        "cluster": f"{night}/clusters/{doc_id}",
        "quarantine": f"{night}/quarantine",
        "what if, before a change": f"{night}/whatif",
        "what if": f"{night}/whatif?source={SOURCE}&quality.min_quality_score=0.5",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="malmoi-console-") as folder:
        os.environ["AIRFLOW_HOME"], os.environ["MALMOI_LAKE"] = f"{folder}/airflow", f"{folder}/lake"
        doc_id = make_night(Lake(f"{folder}/lake"), args.documents)
        from airflow.utils import db
        from starlette.testclient import TestClient

        from malmoi_airflow.console import access
        from malmoi_airflow.console.app import create_app

        db.initdb()  # the page of all nights asks it how long they took
        app = create_app()
        app.dependency_overrides |= {access.may_see: lambda: None, access._is_editor: lambda: False}
        from airflow.api_fastapi.core_api.security import get_user

        app.dependency_overrides[get_user] = lambda: None
        client = TestClient(app)
        for name, path in pages(doc_id).items():
            seconds = []
            for _ in range(args.times):
                began = time.perf_counter()
                answer = client.get(path)
                seconds.append(time.perf_counter() - began)
                assert answer.status_code == 200, (path, answer.status_code, answer.text[-500:])
            print(f"{name:36} {statistics.median(seconds):6.2f} s", flush=True)


if __name__ == "__main__":
    main()
