"""Packing a release as an Airflow task."""

from typing import Any

from malmoi.contracts.errors import InputError
from malmoi_airflow.stage import StageOperator
from malmoi_airflow.training.tasks import tokens_of


class PackOperator(StageOperator):
    """Runs the stage ``pack`` of a release with ``spark-submit``; returns the path of ``tokens.json`` in the lake.

    A release that is packed already for the same tokenizer and held-out rule is left as it is, and no Spark is started.

    :param work: what ``choose_release`` returned (templated)
    """

    def __init__(self, *, work: Any, **kwargs: Any):
        super().__init__(stages=["pack"], night=work, **kwargs)

    def execute(self, context: Any) -> str:
        try:
            return tokens_of(self.night)
        except InputError:
            self.run_spark(context)
        return tokens_of(self.night)
