"""Ingest as a Spark job: one unit is one landing file, or several small ones."""

import os
from collections.abc import Iterator
from functools import cache

from malmoi.contracts.document import DOCUMENT
from malmoi.contracts.landing import landing_stats
from malmoi.contracts.reasons import Reason
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.secret import secret
from malmoi.contracts.tables import BLOCKS, QUARANTINE
from malmoi.lake.takedown.tombstones import Tombstones
from malmoi.spark.crumbs import Crumbs
from malmoi.spark.jobs.common import run_sources
from malmoi.spark.night import Night
from malmoi.spark.tally import Tally
from malmoi.spark.units import Unit
from malmoi.stages.parts import PartWriter, RollingWriter

STAGE = "ingest"
UNIT_BYTES = 8 << 20
"""Landing files are joined in name order up to this size; a larger file is a unit by itself."""
ROWS_A_BATCH = 200


def run(night: Night) -> None:
    from malmoi.lake.takedown import registry

    recipe = night.recipe_of(STAGE)
    earlier = cache(lambda: _segments(night, recipe))

    def plan(source: str) -> list[Unit]:
        stats = landing_stats(night.landing, source, recipe.sources[source], night.day)
        sizes = {name: stat.st_size for name, stat in stats.items()}
        return [
            Unit(source, part, {"files": files, "earlier": earlier()}, sum(sizes[name] for name in files))
            for part, files in enumerate(groups(sizes))
        ]

    work = _work(night.landing, night.batch, recipe, secret(), registry.load(night.lake))
    run_sources(night, STAGE, plan, work)


def _segments(night: Night, recipe: Recipe) -> list[str]:
    """Folders of what the nights before know of sites' blocks, where the recipe asks for it."""
    from malmoi.lake.lookup import levels, pages

    if not recipe.ingest.max_green_pages:
        return []
    lookup = pages.lookup_of(recipe.ingest)
    return levels.prepare(night.lake, levels.parts_before(night.lake, lookup.table, night.batch), night.batch, lookup)


def groups(sizes: dict[str, int]) -> list[list[str]]:
    """Files in name order, joined while they stay within UNIT_BYTES."""
    found: list[list[str]] = []
    room = 0
    for name, size in sorted(sizes.items()):
        if not found or size > room:
            found.append([])
            room = UNIT_BYTES
        found[-1].append(name)
        room -= size
    return found


def _work(landing: str, batch: str, recipe: Recipe, author_secret: bytes, buried: Tombstones):
    def work(unit: Unit, crumbs: Crumbs) -> Iterator[dict | None]:
        from malmoi.lake.lookup.pages import EarlierPages
        from malmoi.stages.ingest import Ingested, blocks_batch, documents_batch, ingest

        def is_poison(number: int) -> bool:
            if number in crumbs.skipped:
                return True
            crumbs.at(number, number + 1)
            return False

        folders = unit.inputs["folders"]
        documents = RollingWriter(folders["documents"], unit.part, DOCUMENT)
        blocks = RollingWriter(folders["blocks"], unit.part, BLOCKS)
        aside = PartWriter(folders["quarantine"], unit.part, QUARANTINE)
        tally, remembered, set_aside, bad = Tally(), Tally(), Tally(), []
        kept: list[Ingested] = []

        def write() -> None:
            documents.write(documents_batch(item.document for item in kept if item.document is not None))
            blocks.write(blocks_batch(kept))
            kept.clear()

        earlier = EarlierPages(unit.inputs["earlier"])
        paths = [os.path.join(landing, name) for name in unit.inputs["files"]]
        source = recipe.sources[unit.source]
        for item in ingest(paths, landing, batch, unit.source, source, recipe, author_secret, is_poison, earlier):
            if item.document is not None and buried.match(item.document):
                tally.drop(Reason.TAKEN_DOWN.value, item.raw_bytes)
            elif item.document is not None:
                kept.append(item)
                remembered.keep(len(item.blocks or b""))
                tally.keep(item.raw_bytes)
            elif item.quarantine is not None:
                bad.append(item.quarantine)
                tally.quarantine(item.quarantine["fault"], item.raw_bytes)
                set_aside.keep(item.raw_bytes)
            else:
                tally.drop(str(item.skipped), item.raw_bytes)
            if len(kept) >= ROWS_A_BATCH:
                write()
                yield None
        write()
        aside.write_rows(bad)
        yield {
            "documents": {"files": documents.close(), "balance": tally.balance()},
            "blocks": {"files": blocks.close(), "balance": remembered.balance()},
            "quarantine": {"files": [aside.close()], "balance": set_aside.balance()},
        }

    return work
