"""The assets that connect the DAGs."""

from airflow.sdk import Asset

RELEASE = Asset(
    name="malmoi_release",
    uri="malmoi://lake/releases",
    group="malmoi",
    extra={"what": "an immutable release of the corpus; partition key is the night"},
)
"""Updated when a release is published. The event's extra holds its id, documents and shards."""
