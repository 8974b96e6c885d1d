"""The sections of a recipe that are small: sources, dedup, shards, gate, retention."""

from dataclasses import dataclass

from malmoi.contracts.kinds import KINDS
from malmoi.contracts.optout import SIGNALS
from malmoi.contracts.recipe.fields import choice, number, text, words

SOURCE_TYPES = ("warc", "jsonl", "kin", "blog", "feed", "mediawiki", "nikl", "parquet", "wet", "html")


@dataclass(frozen=True)
class Source:
    """One source: what its landing files are and how much of it the training mix takes."""

    type: str = choice(of=SOURCE_TYPES, help="format of the landing files")
    kind: str = choice("page", of=KINDS, help="kind of document where the page itself does not say")
    path: str = text(
        "source={source}/date={date}/*",
        help="landing files under the landing folder; {source} and {date} are filled in",
    )
    license: str = text("", help="licence of the source where the page states none; empty: unknown")
    weight: float = number(1.0, low=0, high=100, help="sampling weight in the training blend")
    required: bool = text(False, help="true: no release without this source")
    text_field: str = text("text", help="jsonl, parquet: the field that holds the text")
    html_field: str = text(
        "html", help="jsonl, parquet: the field that holds HTML, used where the text field is absent"
    )


@dataclass(frozen=True)
class Ingest:
    """Reading landing files."""

    max_record_mib: int = number(32, low=1, high=1024, help="a larger record goes to quarantine unread")
    max_page_seconds: float = number(10.0, low=0.1, high=600, help="a page that takes longer goes to quarantine")
    max_text_chars: int = number(
        1_000_000, low=1_000, high=50_000_000, help="longer text is cut off by the too_long rule, never parsed further"
    )
    min_answer_chars: int = number(
        20, low=1, high=100_000, help="KiN: an answer with fewer characters after cleaning is not good enough"
    )
    max_green_pages: int = number(
        3,
        low=0,
        high=1_000_000,
        help="a block on more pages of one site, tonight or on nights before, goes where a page begins or ends; 0: pages are read one by one",
    )
    max_yellow_pages: int = number(
        50, low=1, high=1_000_000, help="a block on more pages of one site goes wherever it stands"
    )
    opt_outs: tuple[str, ...] = words(
        ("noai", "tdm"),
        of=SIGNALS,
        help="signals against training that are obeyed: such a page is not fetched, and one that is there is dropped",
    )
    site_rules: str = text("sites.toml", help="file with CSS rules per site, beside the recipe")


@dataclass(frozen=True)
class Dedup:
    """Duplicates, tonight and against every night before. Formulas: datasketch's MinHash LSH."""

    shingle_chars: int = number(5, low=2, high=64, help="length of a shingle on NFC text without spaces")
    bands: int = number(28, low=1, high=256, help="LSH bands")
    rows: int = number(4, low=1, high=64, help="MinHash values a band")
    seed: int = number(1, low=0, high=2**31 - 1, help="seed of the permutations; another seed needs a new index")
    min_similarity: float = number(
        0.6, low=0.1, high=1.0, help="estimated Jaccard from which a pair counts as near duplicate"
    )
    max_bucket_documents: int = number(
        1_000, low=2, high=1_000_000, help="a fuller bucket is split by the next band, then chained instead of paired"
    )
    against_earlier_nights: bool = text(True, help="false: tonight is compared with itself only")


@dataclass(frozen=True)
class Shards:
    """Size of a shard file."""

    max_documents: int = number(50_000, low=1, high=10_000_000, help="documents in one shard")
    max_mib: int = number(256, low=1, high=4096, help="bytes of text in one shard, in MiB")


@dataclass(frozen=True)
class Gate:
    """What a night must show before it is published."""

    leak_scan_documents: int = number(
        2_000, low=0, high=10_000_000, help="documents of the release that the independent scan reads again"
    )
    max_duplicate_share: float = number(0.9, low=0, high=1, help="share of a source's documents that may be duplicates")
    max_quarantine_share: float = number(
        0.2, low=0, high=1, help="share of a source's records that may be in quarantine"
    )
    min_keep_share: float = number(0.0, low=0, high=1, help="share of a source's documents that must stay")
    allow_missing_sources: bool = text(False, help="true: a night is released without a source that failed")
    min_text_yield: float = number(
        0.0, low=0, high=1, help="bytes of text that stay per byte of extracted text, for each source"
    )
    drift_nights: int = number(7, low=0, high=365, help="trailing nights that drop rates are compared with; 0: off")
    min_drift_nights: int = number(3, low=1, high=365, help="fewer trailing nights: drift is not judged")
    max_drop_rate_change: float = number(
        0.25,
        low=0,
        high=1,
        help="a reason's drop rate may differ by this from its trailing mean, beside sampling noise",
    )
    canaries: tuple[str, ...] = words(
        help="strings planted in the landing files, of at least 6 characters, that must never be in a release"
    )


@dataclass(frozen=True)
class Retention:
    """How long what is not published stays."""

    raw_days: int = number(90, low=0, high=36_500, help="landing files")
    rejected_days: int = number(30, low=0, high=36_500, help="documents that were dropped")
    superseded_days: int = number(14, low=0, high=36_500, help="attempts and snapshots that no release needs")
