"""The closed set of DAG tags."""

from enum import StrEnum


class Tag(StrEnum):
    """Every DAG has exactly one of the first group, and any of the second."""

    NIGHTLY = "nightly"
    TRAINING = "training"
    MODELS = "models"
    UPKEEP = "upkeep"

    SPARK = "spark"
    GPU = "gpu"
    PRIVACY = "privacy"
