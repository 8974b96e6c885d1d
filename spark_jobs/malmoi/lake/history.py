"""What earlier nights looked like, from their stage manifests."""

from malmoi.contracts.balance import Balance
from malmoi.contracts.files import files_of
from malmoi.contracts.manifest import StageManifest
from malmoi.contracts.paths import Lake
from malmoi.contracts.stages import DRY_MARK, sources_of


def partitions(root: str | Lake, table: str) -> list[tuple[str, str]]:
    """(batch, source) of every recorded manifest of a table, in order."""
    lake = root if isinstance(root, Lake) else Lake(root)
    found = []
    for path in files_of(lake).listing(f"{lake.manifests}/{table}"):
        batch, source = lake.relative(path).split("/")[-2:]
        if source.startswith("source=") and source.endswith(".json"):
            found.append((batch.removeprefix("batch="), source.removeprefix("source=").removesuffix(".json")))
    return sorted(found)


def manifests(root: str | Lake, table: str, batch: str) -> dict[str, StageManifest]:
    """Recorded manifests of one table and batch, by source."""
    lake = root if isinstance(root, Lake) else Lake(root)
    return {source: read_manifest(lake, table, batch, source) for source in sources_of(lake, table, batch)}


def read_manifest(lake: Lake, table: str, batch: str, source: str) -> StageManifest:
    path = lake.manifest(table, batch, source)
    return StageManifest.loads(files_of(lake).read(path), path)


def trailing(root: str | Lake, table: str, batch: str, nights: int) -> dict[str, list[Balance]]:
    """Balances of a table's stage over at most ``nights`` nights before a batch, by source, oldest first."""
    lake = root if isinstance(root, Lake) else Lake(root)
    day = batch.split(DRY_MARK)[0]
    past = [(night, source) for night, source in partitions(lake, table) if night < day and DRY_MARK not in night]
    recent = sorted({night for night, _ in past})[-nights:] if nights else []
    balances: dict[str, list[Balance]] = {}
    for night, source in past:
        if night in recent:
            balances.setdefault(source, []).append(read_manifest(lake, table, night, source).balance)
    return balances
