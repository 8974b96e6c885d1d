"""Takedown: a page, a host, an author or a passage leaves everything that was published, and never comes back.

``plan`` finds what a request names and writes nothing; ``execute`` carries a plan out and can be repeated after a kill;
``Tombstones`` tells ingest what must not come back.
"""

from malmoi.lake.takedown.execute import execute, execute_approved, receipts, unfinished
from malmoi.lake.takedown.plan import Plan, plan
from malmoi.lake.takedown.request import KINDS, Request
from malmoi.lake.takedown.tombstones import Tombstones

__all__ = ["KINDS", "Plan", "Request", "Tombstones", "execute", "execute_approved", "plan", "receipts", "unfinished"]
