"""Which code made a result: the release of Malmoi and a hash over its source tree."""

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0"
_TREE = Path(__file__).resolve().parents[1]


@cache
def code_version() -> str:
    """``VERSION+HASH``: twelve hexadecimal digits of SHA-256 over every source and data file of the package.

    Two checkouts with the same files agree, whatever their history; an edited rule is another version.
    """
    digest = hashlib.sha256()
    for path in sorted(_TREE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(_TREE).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{VERSION}+{digest.hexdigest()[:12]}"
