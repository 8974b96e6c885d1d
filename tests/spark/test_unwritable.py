"""A worker that may not write says so in one line, and the job ends with it instead of trying eight times."""

import pyarrow as pa
import pytest
from pyspark.sql import Row

from malmoi.contracts.errors import InfrastructureError
from malmoi.contracts.tables import ANNOTATIONS, CLUSTERS
from malmoi.spark.jobs import dedup
from malmoi.spark.units import Unit, reported, result_batch, results
from malmoi.stages.parts import PartWriter

NOT_WRITABLE = "/sys/malmoi"
"""Nobody, root included, makes a folder there."""


def test_dedup_hands_the_line_of_a_worker_to_the_driver(tmp_path):
    part = PartWriter(str(tmp_path), 0, ANNOTATIONS)
    part.write(pa.Table.from_pylist([{"doc_id": "a", "bytes": 3}], schema=pa.schema(list(map(nullable, ANNOTATIONS)))))
    unit = Unit("web", 0, {"annotations": str(tmp_path / part.close()["path"]), "folder": NOT_WRITABLE})

    nothing = pa.schema(
        [("row", pa.int64()), *((name, CLUSTERS.field(name).type) for name in dedup._VERDICT)]
    ).empty_table()
    found = [
        row for result in reported(dedup._write_part(unit, nothing)) for row in result_batch(0, result).to_pylist()
    ]

    with pytest.raises(InfrastructureError, match="/sys: cannot be written to"):
        results([unit], [Row(**row) for row in found])


def nullable(field: pa.Field) -> pa.Field:
    return field.with_nullable(True)
