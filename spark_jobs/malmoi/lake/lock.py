"""One writer at a time, by a lock that the operating system drops when its holder dies.

Locks only keep writers on one file system from getting in each other's way; that a commit is right does not depend on
them, because the catalog refuses a commit whose base has moved. For a lake on an object store they lie in its scratch folder, so
that they hold between the processes that share it: elsewhere, one process at a time may publish (``corpus_nightly`` runs one
night at a time), because ``releases/current.json`` has no catalog behind it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.errors import InfrastructureError
from malmoi.contracts.paths import Lake, checked_name

WAIT_SECONDS = 600.0


@contextmanager
def locked(lake: Lake, name: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Holds the lock while the block runs. Raises InfrastructureError when another process keeps it for too long."""
    path = f"{lake.locks}/{checked_name(name)}.lock"
    with disk_errors(path):
        os.makedirs(lake.locks, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(handle, path, wait_seconds)
        yield
    finally:
        os.close(handle)


def try_lock(path: str) -> int | None:
    """Locks a file for the life of this process, or returns None where a living process holds it."""
    with disk_errors(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _acquire(handle: int, path: str, wait_seconds: float) -> None:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                holder = os.pread(handle, 32, 0).decode().strip() or "unknown"
                raise InfrastructureError(
                    f"{path}: process {holder} has held this lock for more than {wait_seconds:.0f} s; "
                    "wait for its task to end, or stop it, and run this one again"
                ) from None
            time.sleep(0.02)
        else:
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            return
