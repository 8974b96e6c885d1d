"""A small lake with one release, made of sentences written for these tests."""

import hashlib
import random
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from malmoi.contracts.document import document_id
from malmoi.contracts.manifest import ReleaseManifest, ShardEntry
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import recipe_from_mapping
from malmoi.contracts.release import load_release, sha256_of
from malmoi.contracts.tables import SHARDS
from malmoi.contracts.tokenizers import promote
from malmoi.contracts.training import TrainingRun
from malmoi.lake.releases import Pointer, write_pointer

DAY = "2026-11-01"
RELEASE = "2026-11-01"

WHO = ["할머니는", "우리 동네 빵집은", "새로 온 선생님은", "옆집 강아지는", "도서관 사서는", "기차 안의 아이는"]
WHEN = ["아침마다", "비가 오는 날이면", "지난주 토요일에", "2026년 봄부터", "해가 지고 나서", "방학이 끝날 무렵"]
WHAT = ["따뜻한 보리차를", "오래된 지도를", "작은 텃밭을", "동화책 3권을", "골목 끝 우체통을", "낡은 라디오를"]
DOES = [
    "천천히 들여다본다.",
    "정성껏 돌보았다.",
    "이웃과 나누었다고 한다.",
    "사진으로 남겨 두었다.",
    "다시 고쳐 쓰기로 했다.",
]


def document(seed: int) -> str:
    pick = random.Random(seed)
    lines = [" ".join(pick.choice(part) for part in (WHO, WHEN, WHAT, DOES)) for _ in range(pick.randint(4, 14))]
    return f"# 이야기 {seed}\n\n" + "\n".join(lines)


def write_release(root: Path, documents: dict[str, int], shards: int = 2) -> Lake:
    """Publishes a release with so many documents a source, ``shards`` files each."""
    lake = Lake(str(root))
    entries, sources = [], {}
    number = 0
    for source, count in documents.items():
        rows = []
        for _ in range(count):
            text = document(number)
            url = f"https://{source}.example.kr/{number}"
            rows.append({name: None for name in SHARDS.names} | {
                "batch": DAY, "source": source, "doc_id": document_id(url, text), "kind": "page", "url": url,
                "site": f"{source}.example.kr", "text": text, "cluster_size": 1, "pii_replaced": 0, "softened": 0,
            })  # fmt: skip
            number += 1
        for part in range(shards):
            path = root / "data" / "shards" / f"{source}-{part:05d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            table = pa.Table.from_pylist(rows[part::shards], schema=SHARDS)
            pq.write_table(table, path, compression="zstd")
            entries.append(
                ShardEntry(lake.relative(str(path)), source, DAY, table.num_rows, path.stat().st_size, sha256_of(path))
            )
        sources[source] = {
            "documents": count,
            "chars": sum(len(row["text"]) for row in rows),
            "bytes": sum(len(row["text"].encode()) for row in rows),
            "weight": 1.0,
        }
    manifest = ReleaseManifest(
        RELEASE,
        (DAY,),
        None,
        {"name": "test", "hash": hashlib.sha256(b"test").hexdigest()},
        "0.1.0+test",
        sources,
        tuple(entries),
    )
    folder = Path(lake.release(RELEASE))
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(manifest.dumps())
    write_pointer(lake, Pointer({DAY: RELEASE}))
    return lake


def make_recipe(**train):
    return recipe_from_mapping(
        {
            "name": "test",
            "sources": {"web": {"type": "warc"}, "kin": {"type": "kin", "kind": "qa"}},
            "tokenizer": {"vocabulary": 600, "sample_mib": 1},
            "train": {"held_out_share": 0.2, "steps": 12, "sequence_tokens": 32, "batch_sequences": 4, "checkpoint_steps": 4,
                      "width": 32, "heads": 2, "layers": 1, "device": "cpu", **train},
        }
    )  # fmt: skip


def pack_release(root: Path, **train):
    """``(lake, recipe, path of tokens.json)`` of a release that is packed."""
    from malmoi.train import packing, tokenizer

    lake = write_release(root, {"web": 60, "kin": 30})
    recipe = make_recipe(**train)
    promote(lake, recipe.tokenizer, tokenizer.train(lake, load_release(lake, RELEASE), recipe))
    work = packing.plan(lake, RELEASE, recipe)
    packing.pack(work)
    return lake, recipe, work.manifest


def training_run(lake, manifest: Path, recipe, again: int = 0):
    """A saved run of the recipe's train section."""
    settings = asdict(recipe.train)
    settings["command"] = list(settings["command"])
    run = TrainingRun(lake.root, RELEASE, lake.relative(str(manifest)), sha256_of(manifest), settings, again)
    run.save()
    return run
