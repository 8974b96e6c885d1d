"""Carries a takedown out: tombstones first, then every table, then new releases, then nothing of the old is left.

The plan lies in ``receipts/ID.plan.json`` until the receipt is written. Every step can be repeated, so an interrupted
takedown is finished by executing the same plan (``unfinished`` lists them).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from malmoi.contracts.errors import ContractError
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import ReleaseManifest, ShardEntry, parse, serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.recipe import Recipe
from malmoi.contracts.tables import TABLES
from malmoi.contracts.version import code_version
from malmoi.lake import history, releases, vacuum
from malmoi.lake.lock import locked
from malmoi.lake.lookup import levels
from malmoi.lake.takedown import registry
from malmoi.lake.takedown.edit import Redact, SourceEdit
from malmoi.lake.takedown.plan import Plan, receipt_id
from malmoi.lake.takedown.plan import plan as make_plan
from malmoi.lake.takedown.request import Request
from malmoi.stages.parts import read_batches
from malmoi.stages.publish import COUNTING_TABLES, counts
from malmoi.stages.reading import COLUMNS, read_shards

FORMAT = 1
_SECOND = timedelta(seconds=1)


def execute(root: str | Lake, plan: Plan, recipe: Recipe, redact: Redact | None = None) -> dict:
    """Removes what the plan names and returns the receipt. Done already: returns the receipt that stands.

    ``recipe`` gives the redaction of promoted documents. Afterwards only releases in force are left of the nights that
    changed, and no snapshot of any table holds the old rows.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    store, path = files_of(lake), _receipt_path(lake, plan.receipt)
    with locked(lake, "takedown"):
        if store.exists(path):
            return parse(store.read(path), path)
        store.write(_plan_path(lake, plan.receipt), plan.dumps())
        created_at = datetime.fromisoformat(plan.created_at)
        registry.append(lake, plan.receipt, plan.tombstones, created_at)
        for batch, source in plan.touched:
            SourceEdit(lake, batch, source, plan, recipe, redact or _stage_redact()).run()
        renewed = _publish(lake, plan)
        _purge(lake, plan)
        receipt = _receipt(plan, renewed)
        store.write(path, serialise(receipt))
        store.remove(_plan_path(lake, plan.receipt))
    return receipt


def execute_approved(root: str | Lake, requests: Sequence[Request], now: datetime, digest: str, recipe: Recipe) -> dict:
    """Executes the plan that a person approved: ``now`` and ``digest`` are those of the dry run. Returns the receipt.

    May be repeated after a kill. Raises ContractError when the requests name other documents than at the dry run.
    """
    lake = root if isinstance(root, Lake) else Lake(root)
    store, receipt = files_of(lake), receipt_id(requests, now)
    if store.exists(path := _receipt_path(lake, receipt)):
        return parse(store.read(path), path)
    if store.exists(path := _plan_path(lake, receipt)):
        found = Plan.loads(store.read(path), path)
    else:
        found = make_plan(lake, requests, now)
    if found.digest != digest:
        raise ContractError(
            f"takedown {receipt}: what was approved is not what would be removed now ({len(found.hits):,} documents); "
            "a night was run in between: look at a new dry run and approve that"
        )
    return execute(lake, found, recipe)


def unfinished(root: str | Lake) -> list[Plan]:
    """Plans whose execution was interrupted."""
    lake = root if isinstance(root, Lake) else Lake(root)
    paths = [path for path in files_of(lake).listing(lake.receipts) if path.endswith(".plan.json")]
    return [Plan.loads(files_of(lake).read(path), path) for path in paths]


def receipts(root: str | Lake) -> list[dict]:
    """Every receipt, oldest first."""
    lake = root if isinstance(root, Lake) else Lake(root)
    paths = files_of(lake).listing(lake.receipts)
    done = [path for path in paths if path.endswith(".json") and not path.endswith(".plan.json")]
    return [parse(files_of(lake).read(path), path) for path in done]


def _receipt_path(lake: Lake, receipt: str) -> str:
    return f"{lake.receipts}/{receipt}.json"


def _plan_path(lake: Lake, receipt: str) -> str:
    return f"{lake.receipts}/{receipt}.plan.json"


def _stage_redact() -> Redact:
    from malmoi.stages.redact import redact

    return redact


def _publish(lake: Lake, plan: Plan) -> dict[str, str]:
    """A new release for every night whose corpus changed and that has one. Returns old id -> new id."""
    renewed = {}
    for batch in plan.nights:
        old = releases.read_pointer(lake).nights.get(batch)
        if old is None:
            continue
        draft = _renewed(lake, releases.load(lake, old), batch)
        if draft is None:
            raise ContractError(f"release {old}: nothing of {batch} is left after the takedown; withdraw the night")
        report = serialise({"receipt": plan.receipt, "supersedes": old})
        new = releases.publish(lake, draft, {"takedown.json": report, "stages.json": _stages(lake, batch)}).manifest
        if new.release != old:
            renewed[old] = new.release
    return renewed


def _renewed(lake: Lake, old: ReleaseManifest, batch: str) -> ReleaseManifest | None:
    """The release of a night from what its tables hold now; only changed shards differ from the old one."""
    manifests = {table: history.manifests(lake, table, batch) for table in COUNTING_TABLES}
    sources = [source for source in sorted(old.sources) if source in manifests["shards"]]
    shards = [
        ShardEntry(file.path, source, batch, file.rows, file.bytes, file.sha256)
        for source in sources
        for file in manifests["shards"][source].files
    ]
    batches = (rows for shard in shards for rows in read_batches(lake.join(shard.path), COLUMNS))
    totals = read_shards(batches, 0, ()).totals
    if not totals:
        return None
    return replace(
        old,
        code_version=code_version(),
        shards=tuple(shards),
        sources={source: {**old.sources[source], **vars(total)} for source, total in sorted(totals.items())},
        dropped={source: counts(manifests, source, "dropped") for source in sources},
        quarantined={source: counts(manifests, source, "quarantined") for source in sources},
    )


def _stages(lake: Lake, batch: str) -> bytes:
    """Manifests of all tables of a night, as publish keeps them beside a release."""
    found = [
        manifest.to_json() | {"table": table}
        for table in TABLES
        for manifest in history.manifests(lake, table, batch).values()
    ]
    return serialise(found)


def _purge(lake: Lake, plan: Plan) -> None:
    """Nothing that was replaced stays: older releases of the nights, their tokens, snapshots and files."""
    nights = {hit.batch for hit in plan.hits}
    in_force = set(releases.read_pointer(lake).nights.values())
    store = files_of(lake)
    with locked(lake, "releases"):
        gone = [
            release
            for release in releases.list_releases(lake)
            if release not in in_force and nights.intersection(releases.load(lake, release).batches)
        ]
        vacuum.drop_releases(lake, gone)
        vacuum.drop_stale_tags(lake)
        for release in gone:
            store.remove_tree(f"{lake.tokens}/{release}")
    now = datetime.now(UTC) + _SECOND
    for table in TABLES:
        with locked(lake, table):
            vacuum.expire(lake, table, now)
            vacuum.remove_orphans(lake, table, now)
    levels.remove_stale(lake)


def _receipt(plan: Plan, renewed: dict[str, str]) -> dict:
    """What was done, without what was asked for: keyed hashes and document ids only."""
    return {
        "format": FORMAT,
        "receipt": plan.receipt,
        "created_at": plan.created_at,
        "requests": [list(one) for one in plan.tombstones if one[0] in ("url", "host", "author")],
        "documents": [
            {"batch": hit.batch, "source": hit.source, "doc_id": hit.doc_id, "was_in_corpus": hit.kept, "why": hit.why}
            for hit in plan.hits
        ],
        "promoted": [{"batch": one.batch, "source": one.source, "doc_id": one.doc_id} for one in plan.promotions],
        "releases": renewed,
        "tombstones": len(plan.tombstones),
        "landing_records": _landing(plan),
    }


def _landing(plan: Plan) -> Sequence[dict]:
    """Raw records that retention has still to remove, by file and offset."""
    return [{"file": hit.file, "offset": hit.offset} for hit in plan.hits if hit.file]
