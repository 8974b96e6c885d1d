"""Takedown: a page, a host, an author or a passage leaves everything that was published, and never comes back.

``plan.plan`` finds what a request names and writes nothing; ``execute.execute`` carries a plan out and can be repeated after
a kill; ``tombstones.Tombstones`` tells ingest what must not come back.
"""
