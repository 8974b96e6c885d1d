"""Personal data in Korean text: where it stands, and what to write in its place."""

from malmoi.text.pii.again import again
from malmoi.text.pii.leak_scan import leaks
from malmoi.text.pii.policy import digest, persons, replace, replacements
from malmoi.text.pii.rules import find
from malmoi.text.pii.span import Span

__all__ = ["Span", "again", "digest", "find", "leaks", "persons", "replace", "replacements"]
