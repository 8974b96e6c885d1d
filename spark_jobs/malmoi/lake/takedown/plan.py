"""A takedown as it will be carried out: what goes, and which near copy takes the place of what goes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from malmoi.contracts.errors import ContractError
from malmoi.contracts.manifest import parse, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.reasons import Reason
from malmoi.contracts.stages import DRY_MARK
from malmoi.lake.read import files
from malmoi.lake.takedown.find import Hit, find
from malmoi.lake.takedown.request import Request, keyed
from malmoi.stages.parts import aligned_batches


@dataclass(frozen=True)
class Promotion:
    """A document that was dropped as a near copy of one that goes, and now stays in its place."""

    batch: str
    source: str
    part: int
    doc_id: str
    replaces: str


@dataclass(frozen=True)
class Follower:
    """A further near copy of what goes; from now on it is a copy of the promoted document ``follows`` of ``night``."""

    batch: str
    source: str
    part: int
    doc_id: str
    follows: str
    night: str


@dataclass(frozen=True)
class Plan:
    """What will be done. ``tombstones``: (kind, key). Holds addresses of pages; the receipt that stays does not."""

    receipt: str
    created_at: str
    hits: tuple[Hit, ...]
    promotions: tuple[Promotion, ...] = ()
    followers: tuple[Follower, ...] = ()
    tombstones: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> tuple[Hit | Promotion | Follower, ...]:
        """Every document that goes, enters or changes whom it follows."""
        return (*self.hits, *self.promotions, *self.followers)

    @property
    def touched(self) -> list[tuple[str, str]]:
        """(batch, source) of everything that changes."""
        return sorted({(row.batch, row.source) for row in self.rows})

    @property
    def removed(self) -> frozenset[str]:
        """Ids of documents that go."""
        return frozenset(hit.doc_id for hit in self.hits)

    @property
    def nights(self) -> list[str]:
        """Nights whose corpus changes; in the others only dropped documents go."""
        return sorted({hit.batch for hit in self.hits if hit.kept} | {one.batch for one in self.promotions})

    @property
    def digest(self) -> str:
        """16 hexadecimal digits over everything in the plan: what a person who approves it approves."""
        return hashlib.sha256(self.dumps()).hexdigest()[:16]

    def dumps(self) -> bytes:
        return serialise(asdict(self))

    @classmethod
    def loads(cls, content: bytes, where: str) -> "Plan":
        value: dict[str, Any] = parse(content, where)
        value["hits"] = tuple(Hit(**hit) for hit in value["hits"])
        value["promotions"] = tuple(Promotion(**one) for one in value["promotions"])
        value["followers"] = tuple(Follower(**one) for one in value["followers"])
        value["tombstones"] = tuple((kind, key) for kind, key in value["tombstones"])
        return cls(**value)


def plan(root: str | Lake, requests: Sequence[Request], now: datetime) -> Plan:
    """Finds what the requests name. Writes nothing: this is the dry run. ``now`` goes into receipt and tombstones.

    Raises ContractError naming the first request that no document meets.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    if not requests:
        raise ContractError("takedown: name at least one address, host, author key, document id or passage")
    hits, met = find(lake, requests)
    for number, request in enumerate(requests, 1):
        if request not in met:
            raise ContractError(f"takedown, request {number} by {request.kind}: no document of the lake meets it")
    promotions, followers = _promote(lake, hits)
    keys = {(request.kind, request.key) for request in requests if request.kind != "text"}
    keys |= {("document", keyed("document", hit.doc_id)) for hit in hits}
    keys |= {("text", keyed("text", hit.text_hash)) for hit in hits if hit.text_hash and hit.kept}
    return Plan(receipt_id(requests, now), now.isoformat(), tuple(hits), promotions, followers, tuple(sorted(keys)))


def receipt_id(requests: Sequence[Request], now: datetime) -> str:
    """The day and twelve digits of a keyed hash over what was asked for."""
    names = sorted(f"{request.kind} {request.key}" for request in requests)
    return f"{now:%Y-%m-%d}-{keyed('receipt', ' '.join(names))[:12]}"


def _promote(lake: Lake, hits: Sequence[Hit]) -> tuple[tuple[Promotion, ...], tuple[Follower, ...]]:
    """For each kept hit the best of its near copies: by quality, length, age, smallest id, as dedup chooses."""
    going = {hit.doc_id: hit for hit in hits if hit.kept}
    removed = {hit.doc_id for hit in hits}
    waiting: dict[str, list[tuple[tuple[float, float, float, str], tuple[str, str, int]]]] = {}
    for place, row in _near_copies(lake):
        of, text_hash = row["duplicate_of"], row["text_hash"]
        if of not in going or row["doc_id"] in removed or text_hash == going[of].text_hash:
            continue
        signals = row["signals"] or {}
        published = row["published_at"].timestamp() if row["published_at"] else float("inf")
        rank = (-(signals.get("quality_score") or 0), -(signals.get("chars") or 0), published, row["doc_id"])
        waiting.setdefault(of, []).append((rank, place))
    promotions, followers = [], []
    for of, found in sorted(waiting.items()):
        found.sort()
        (*_, best), place = found[0]
        promotions.append(Promotion(*place, best, of))
        followers += [Follower(*where, rank[-1], best, place[0]) for rank, where in found if rank[-1] != best]
    return tuple(promotions), tuple(followers)


def _near_copies(lake: Lake) -> Iterator[tuple[tuple[str, str, int], dict]]:
    """Rows that decide dropped as near copies and nothing else, with what ranks them."""
    by_place = {
        table: {(file.batch, file.source, file.part): file.path for file in files(lake, table)}
        for table in ("clusters", "annotations", "decisions")
    }
    for place, clusters in sorted(by_place["clusters"].items()):
        if DRY_MARK in place[0] or place not in by_place["decisions"]:
            continue
        for rows in aligned_batches(
            (clusters, ["doc_id", "duplicate_of"]),
            (by_place["annotations"][place], ["text_hash", "signals", "published_at"]),
            (by_place["decisions"][place], ["reason"]),
        ):
            values = [batch.to_pylist() for batch in rows]
            for found in zip(*values, strict=True):
                row = {name: value for part in found for name, value in part.items()}
                if row["reason"] == Reason.DUPLICATE_NEAR:
                    yield place, row
