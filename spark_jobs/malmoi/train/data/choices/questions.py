"""Questions of one family for lm-evaluation-harness, from the file beside this one."""

import json
from pathlib import Path
from typing import Any

from datasets import Dataset


def load(family: str, **_: Any) -> dict[str, Dataset]:
    """Split ``test`` with ``question``, ``choices`` and ``answer``, the place of the right choice.

    Read here and not by ``load_dataset``, which would leave a copy in the user's cache.
    """
    lines = Path(__file__).with_name(f"{family}.jsonl").read_text("utf-8").splitlines()
    return {"test": Dataset.from_list([json.loads(line) for line in lines])}
