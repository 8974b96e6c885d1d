"""XML files read element by element in bounded memory; plain, gzip or bzip2.

Expat (2.4.1 and later) itself stops the attacks that grow a small file into a large tree.
"""

import bz2
import gzip
import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from malmoi.contracts.reasons import Fault
from malmoi.sources.records import BadRecord, Origin

_BLOCK = 1 << 16


def elements(
    path: str, name: str, tags: tuple[str, ...], max_bytes: int
) -> Iterator[tuple[Origin, Element] | BadRecord]:
    """Each element with one of the local names, once it is complete, and about where it lies in the decompressed text.

    An element of more than ``max_bytes`` ends the file, as does broken XML: what follows cannot be told apart.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    path_to_here: list[Element] = []
    position = begun = 0
    try:
        with _open(path) as file:
            while block := file.read(_BLOCK):
                parser.feed(block)
                for event, element in cast(Iterator[tuple[str, Element]], parser.read_events()):
                    local = element.tag.rsplit("}", 1)[-1]
                    if event == "start":
                        path_to_here.append(element)
                        begun = position if local in tags else begun
                        continue
                    path_to_here.pop()
                    if local in tags:
                        yield Origin(name, begun, position + len(block) - begun), element
                        if path_to_here:
                            path_to_here[-1].clear()
                position += len(block)
                if position - begun > max_bytes and any(e.tag.rsplit("}", 1)[-1] in tags for e in path_to_here):
                    yield BadRecord(
                        Origin(name, begun, position - begun), Fault.RECORD_TOO_LARGE, "an element", position - begun
                    )
                    return
            parser.close()
    except ParseError as error:
        yield BadRecord(Origin(name, begun, 0), Fault.BROKEN_RECORD, f"XML: {error}"[:120], _left(path, position))
    except (EOFError, OSError, zlib.error) as error:
        yield BadRecord(Origin(name, position, 0), Fault.TRUNCATED_FILE, str(error)[:120], _left(path, position))


def _left(path: str, position: int) -> int:
    return os.path.getsize(path) if position == 0 else 0


def _open(path: str) -> BinaryIO:
    if path.endswith(".bz2"):
        return cast(BinaryIO, bz2.open(path, "rb"))
    return cast(BinaryIO, gzip.open(path, "rb")) if path.endswith(".gz") else open(path, "rb")
