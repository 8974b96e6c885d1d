"""The lake's Iceberg tables through pyiceberg.

The catalog is a SQLite file in the lake, or what ``MALMOI_CATALOG`` names: an SQLAlchemy URL of a PostgreSQL database
(``postgresql+psycopg2://...``) or the address of a REST catalog (``https://...``).
"""

import os
from functools import cache
from typing import Any

import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError, NoSuchTableError, TableAlreadyExistsError
from pyiceberg.table import Table
from sqlalchemy.exc import DBAPIError

from malmoi.contracts import tables
from malmoi.contracts.disk import disk_errors, existing_folder, free_mib
from malmoi.contracts.errors import ContractError, InfrastructureError
from malmoi.contracts.paths import Lake
from malmoi.contracts.tables import TABLES
from malmoi.lake.lock import locked

CATALOG_VARIABLE = "MALMOI_CATALOG"
NAMESPACE = "malmoi"
BUSY_SECONDS = 60
"""How long a SQLite catalog waits for another writer."""

VERSION_PROPERTY = "malmoi.schema-version"
NAME_MAPPING = "schema.name-mapping.default"
PROPERTIES = {
    "format-version": "2",
    VERSION_PROPERTY: str(tables.SCHEMA_VERSION),
    # Iceberg's metadata must not hold what a takedown removes: bounds of texts, addresses and author keys stay out.
    "write.metadata.metrics.default": "counts",
    "write.metadata.metrics.column.batch": "full",
    "write.metadata.metrics.column.source": "full",
    # Metadata files stay few, however many nights there are.
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "50",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    # commit.py retries by itself, from the table as it then is.
    "commit.retry.num-retries": "0",
}


class LakeTables:
    """The tables of one lake. A table is created when it is first asked for."""

    def __init__(self, lake: Lake, catalog: Catalog):
        self.lake = lake
        self._catalog = catalog

    def table(self, name: str) -> Table:
        """The table as it is now, to write to; created where it is missing, brought up to date where an older version
        made it. Raises ContractError for a name that is no table."""
        found = self.find(name)
        if found is None:
            return self._create(name)
        return found if _version(found) == tables.SCHEMA_VERSION else self._migrate(name)

    def find(self, name: str) -> Table | None:
        """The table as it is now, or None where nothing was ever committed to it."""
        if name not in TABLES:
            raise ContractError(f"no table {name!r}; the lake has {', '.join(TABLES)}")
        with catalog_errors(self.lake):
            try:
                table = self._catalog.load_table((NAMESPACE, name))
            except NoSuchTableError:
                return None
        self._check_place(table)
        if _version(table) > tables.SCHEMA_VERSION:
            raise ContractError(
                f"table {name}: schema version {_version(table)}, this Malmoi knows versions up to {tables.SCHEMA_VERSION}; "
                "a newer version wrote it: update Malmoi"
            )
        return table

    def _create(self, name: str) -> Table:
        with locked(self.lake, "catalog"), catalog_errors(self.lake), disk_errors(self.lake.warehouse):
            try:
                self._catalog.create_namespace(NAMESPACE)
            except NamespaceAlreadyExistsError:
                pass
            try:
                self._create_table(name, TABLES[name])
            except TableAlreadyExistsError:
                pass  # another process was faster
            return self._catalog.load_table((NAMESPACE, name))

    def _create_table(self, name: str, schema: pa.Schema) -> None:
        place = f"{self.lake.warehouse}/{name}"
        with self._catalog.create_table_transaction((NAMESPACE, name), schema, place, properties=PROPERTIES) as change:
            if "batch" in schema.names:
                with change.update_spec() as spec:
                    spec.add_identity("batch")
                    spec.add_identity("source")
            change.set_properties({NAME_MAPPING: change.table_metadata.schema().name_mapping.model_dump_json()})

    def _migrate(self, name: str) -> Table:
        """Adds the columns that the table lacks; its files stay as they are and read as nulls there."""
        with locked(self.lake, "catalog"), catalog_errors(self.lake):
            table = self._catalog.load_table((NAMESPACE, name))
            with table.transaction() as change:
                with change.update_schema() as update:
                    update.union_by_name(TABLES[name])
                change.set_properties({VERSION_PROPERTY: str(tables.SCHEMA_VERSION)})
            with table.transaction() as change:
                change.set_properties({NAME_MAPPING: table.schema().name_mapping.model_dump_json()})
            return table

    def _check_place(self, table: Table) -> None:
        """A catalog that serves two lakes under one name would mix them."""
        if not table.location().startswith(self.lake.warehouse + "/"):
            raise ContractError(
                f"the catalog's tables lie in {table.location()}, not in {self.lake.warehouse}: "
                f"it belongs to another lake; give this one a catalog of its own ({CATALOG_VARIABLE})"
            )


def _version(table: Table) -> int:
    return int(table.properties.get(VERSION_PROPERTY, 1))


def open_lake(root: str | Lake) -> LakeTables:
    """Opens a lake's tables. Raises InfrastructureError when the catalog cannot be reached."""
    lake = root if isinstance(root, Lake) else Lake(root)
    address = os.environ.get(CATALOG_VARIABLE) or _sqlite(lake)
    return LakeTables(lake, _catalog(lake, address, _object_store() if lake.is_object_store else (), os.getpid()))


def _sqlite(lake: Lake) -> str:
    if lake.is_object_store:
        raise ContractError(f"{lake.root}: an object store holds no SQLite file; set {CATALOG_VARIABLE} to a database")
    return f"sqlite:///{lake.catalog}?timeout={BUSY_SECONDS}"


def _object_store() -> tuple[tuple[str, str], ...]:
    """Endpoint and region as the AWS variables say; credentials are found by the client itself."""
    variables = {
        "s3.endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
        "s3.region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    }
    found = ((name, next(filter(None, map(os.environ.get, names)), None)) for name, names in variables.items())
    return tuple((name, value) for name, value in found if value)


@cache
def _catalog(lake: Lake, address: str, store: tuple[tuple[str, str], ...], process: int) -> Catalog:
    """One catalog a process: a forked one must not share its parent's database connections."""
    kind = "rest" if address.startswith(("http://", "https://")) else "sql"
    properties: dict[str, Any] = {"type": kind, "uri": address, "warehouse": lake.warehouse, **dict(store)}
    if not lake.is_object_store and not os.path.exists(lake.catalog):
        with disk_errors(lake.root):
            os.makedirs(lake.root, exist_ok=True)
        with locked(lake, "catalog"), catalog_errors(lake):
            return load_catalog("malmoi", **properties)
    with catalog_errors(lake):
        return load_catalog("malmoi", **properties)


class catalog_errors:
    """Turns a database's refusal into one line: full disk, read-only file, no connection."""

    def __init__(self, lake: Lake):
        self._lake = lake

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, DBAPIError):
            return
        said = str(error.orig).splitlines()[0]
        where = f"catalog of {self._lake.root}"
        if "full" in said:
            folder = existing_folder(self._lake.root)
            raise InfrastructureError(
                f"{where}: disk full, {free_mib(folder)} MiB free in {folder}; free some space"
            ) from None
        if "readonly" in said or "unable to open" in said:
            raise InfrastructureError(f"{where}: cannot be written to ({said}); make the lake writable") from None
        raise InfrastructureError(
            f"{where}: {said}; check the database that {CATALOG_VARIABLE} names, or restore the lake's catalog file"
        ) from None
