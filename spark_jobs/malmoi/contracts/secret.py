"""The key behind every keyed hash: author keys, tombstones, side tables. It comes from the environment, never from a file
of the project."""

import os

from malmoi.contracts.errors import ContractError

SECRET_VARIABLE = "MALMOI_SECRET"
MIN_CHARS = 16


def secret() -> bytes:
    """The key. Raises ContractError when it is missing or too short; the same corpus needs the same key every night."""
    value = os.environ.get(SECRET_VARIABLE, "")
    if len(value) < MIN_CHARS:
        raise ContractError(
            f"{SECRET_VARIABLE} is not set or shorter than {MIN_CHARS} characters: it keys the hashes of authors and "
            "takedowns; `make ui` and `make stack` generate one"
        )
    return value.encode()
