"""The lake's plain files, on a folder or an object store, behind one small interface.

On a folder a file appears by rename, complete or not at all. On an object store an object appears whole by itself, so a
write is one PUT and a move is copy and delete.
"""

import hashlib
import os
import shutil
import uuid
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from malmoi.contracts.disk import disk_errors
from malmoi.contracts.paths import Lake

_CHUNK = 1 << 20


class Files(Protocol):
    """What the lake needs of a file system. Paths are the lake's absolute paths or URLs. ``mark`` changes whenever a file is
    replaced."""

    def read(self, path: str) -> bytes: ...
    def open(self, path: str) -> BinaryIO: ...
    def write(self, path: str, content: bytes) -> None: ...
    def move(self, source: str, target: str) -> None: ...
    def exists(self, path: str) -> bool: ...
    def size(self, path: str) -> int: ...
    def modified(self, path: str) -> float: ...
    def mark(self, path: str) -> str: ...
    def listing(self, folder: str) -> list[str]: ...
    def remove(self, path: str) -> None: ...
    def remove_tree(self, folder: str) -> None: ...


def files_of(lake: Lake) -> Files:
    return ObjectFiles(lake.root) if lake.is_object_store else FolderFiles()


def sha256(files: Files, path: str) -> str:
    """SHA-256 of a file's content, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with files.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class FolderFiles:
    """A folder on a POSIX file system."""

    def read(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def open(self, path: str) -> BinaryIO:
        return open(path, "rb")

    def write(self, path: str, content: bytes) -> None:
        with disk_errors(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            unfinished = f"{os.path.dirname(path)}/.{os.path.basename(path)}.{uuid.uuid4().hex}"
            try:
                with open(unfinished, "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(unfinished, path)
            except BaseException:
                Path(unfinished).unlink(missing_ok=True)
                raise

    def move(self, source: str, target: str) -> None:
        with disk_errors(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(source, target)

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def size(self, path: str) -> int:
        return os.path.getsize(path)

    def modified(self, path: str) -> float:
        return os.path.getmtime(path)

    def mark(self, path: str) -> str:
        stat = os.stat(path)
        return f"{stat.st_ino} {stat.st_mtime_ns} {stat.st_size}"

    def listing(self, folder: str) -> list[str]:
        return sorted(os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)

    def remove(self, path: str) -> None:
        with disk_errors(path):
            Path(path).unlink(missing_ok=True)

    def remove_tree(self, folder: str) -> None:
        with disk_errors(folder):
            shutil.rmtree(folder, ignore_errors=not os.path.isdir(folder))


class ObjectFiles:
    """An object store through fsspec, for example ``s3://`` (s3fs). Credentials and endpoint come from its environment."""

    def __init__(self, root: str):
        import fsspec

        self._fs: Any = fsspec.url_to_fs(root, use_listings_cache=False)[0]
        self._scheme = root.split("://", 1)[0]

    def read(self, path: str) -> bytes:
        return self._fs.cat_file(path)

    def open(self, path: str) -> BinaryIO:
        return self._fs.open(path, "rb")

    def write(self, path: str, content: bytes) -> None:
        self._fs.pipe_file(path, content)

    def move(self, source: str, target: str) -> None:
        self._fs.copy(source, target)
        self._fs.rm_file(source)

    def exists(self, path: str) -> bool:
        return self._fs.exists(path)

    def size(self, path: str) -> int:
        return self._fs.size(path)

    def modified(self, path: str) -> float:
        return self._fs.modified(path).timestamp()

    def mark(self, path: str) -> str:
        return str(self._fs.ukey(path))

    def listing(self, folder: str) -> list[str]:
        return sorted(f"{self._scheme}://{path}" for path in self._fs.find(folder))

    def remove(self, path: str) -> None:
        if self._fs.exists(path):
            self._fs.rm_file(path)

    def remove_tree(self, folder: str) -> None:
        if self._fs.exists(folder):
            self._fs.rm(folder, recursive=True)
