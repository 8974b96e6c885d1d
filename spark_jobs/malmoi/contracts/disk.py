"""A disk that is full or read-only, said in one line."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from malmoi.contracts.errors import InfrastructureError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def disk_errors(path: str | os.PathLike) -> Iterator[None]:
    """Turns a full or read-only disk into an InfrastructureError that names the folder and the free space."""
    try:
        yield
    except OSError as error:
        folder = existing_folder(path)
        if error.errno in _FULL:
            raise InfrastructureError(
                f"{folder}: disk full, {free_mib(folder)} MiB free; free some space and run the task again, "
                "nothing that was published is touched"
            ) from None
        if error.errno in _READ_ONLY:
            raise InfrastructureError(
                f"{folder}: cannot be written to ({os.strerror(error.errno)}); make the lake writable for this user"
            ) from None
        raise


def existing_folder(path: str | os.PathLike) -> str:
    """The nearest folder above a path that exists; an object store's URL is returned as it is."""
    if "://" in str(path):
        return str(path)
    place = Path(path)
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return str(place)


def free_mib(folder: str) -> int:
    return shutil.disk_usage(folder).free >> 20
