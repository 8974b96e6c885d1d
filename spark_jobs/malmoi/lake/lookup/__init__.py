"""The lookup: what tonight asks of all earlier nights, at the cost of tonight.

Dedup asks which earlier document one of tonight may duplicate (``segment.py``, ``search.py``, from the table ``dedup_index``),
ingest on which earlier pages of a site a block stood (``pages.py``, from the table ``blocks``). The tables are the truth; the
lookup is made from them and can be removed at any time. It consists of segments: of nights, tens of days, months and
years before tonight (``levels.py``), some thirty however old the corpus is. A segment's name holds a
hash over the files that it was made from: after a takedown, a rollback or another run of a night it is simply no longer the one
that is asked for.

A search reads the blocks of a segment in which tonight's keys would lie, and the records that were met, nothing else; before that
a Bloom filter (``bloom.py``) has sent away all but one or two in a hundred keys that a segment lacks. Nothing of a table is
shuffled, joined or held in memory.
"""
