"""The lookup: who of all earlier nights may be a duplicate of a document of tonight, at the cost of tonight.

The table ``dedup_index`` is the truth; the lookup is made from it and can be removed at any time. It consists of segments
(``segment.py``): one for each night, each full month and each full year before tonight (``levels.py``), so there are a few
dozen of them however old the corpus is. A segment's name holds a hash over the index files that it was made from: after
a takedown, a rollback or another run of a night it is simply no longer the one that is asked for.

A search reads the blocks of a segment in which tonight's keys would lie, and the records that were met, nothing else
(``search.py``); nothing of the index is shuffled, joined or held in memory.
"""
