"""The tokenizer of a release as an Airflow task."""

from typing import Any

from malmoi_airflow.stage import StageOperator
from malmoi_airflow.training import tasks


class TokenizerOperator(StageOperator):
    """Returns the id of the tokenizer in use for the recipe; learns one from the release where there is none.

    The sample of a release with more than ``large_mib`` of text is read by Spark (the stage ``sample``), that of a smaller one
    in the task's own process, which is done before a Spark session has started. The tokenizer is the same.

    :param work: what ``choose_release`` returned (templated)
    :param large_mib: text from which on a release is large, in MiB
    """

    def __init__(self, *, work: Any, large_mib: int = 1024, **kwargs: Any):
        super().__init__(stages=["sample"], night=work, **kwargs)
        self.large_mib = large_mib

    def execute(self, context: Any) -> str:
        if tasks.tokenizer_of(self.night) is None and tasks.text_mib(self.night) > self.large_mib:
            self.run_spark(context)
        return tasks.train_tokenizer(self.night)
