"""A published night as an OpenLineage run event, carried by the asset event's extra.

The form is that of OpenLineage 2-0-2 (https://openlineage.io/spec/2-0-2/OpenLineage.json), so a collector can take it from
Airflow's REST API as it is. Nothing is sent anywhere.
"""

from datetime import UTC, datetime
from typing import Any

PRODUCER = "urn:malmoi"
SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
STATISTICS = "https://openlineage.io/spec/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json"
NOMINAL_TIME = "https://openlineage.io/spec/facets/1-0-1/NominalTimeRunFacet.json"


def published(night: dict[str, Any], found: dict[str, Any], run: str) -> dict[str, Any]:
    """The event of a release. ``night``: what the tasks hand on; ``found``: what publish returned; ``run``: UUID of the
    task's run. Landing files are the inputs, the release is the output; the nominal time is the day in Seoul."""
    day = {"_producer": PRODUCER, "_schemaURL": NOMINAL_TIME, "nominalStartTime": f"{night['day']}T00:00:00+09:00"}
    return {
        "eventType": "COMPLETE",
        "eventTime": datetime.now(UTC).isoformat(),
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
        "run": {"runId": run, "facets": {"nominalTime": day}},
        "job": {"namespace": "malmoi", "name": "corpus_nightly.release.publish", "facets": {}},
        "inputs": [
            {"namespace": "file", "name": f"{night['landing']}/source={source}/date={night['day']}"}
            for source in night["sources"]
        ],
        "outputs": [
            {
                "namespace": "file",
                "name": f"{night['lake']}/releases/{found['release']}",
                "outputFacets": {
                    "outputStatistics": {
                        "_producer": PRODUCER,
                        "_schemaURL": STATISTICS,
                        "rowCount": found["documents"],
                    }
                },
            }
        ],
    }
