"""The document: the one record that flows through Malmoi, and its identity."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyarrow as pa

UTC = pa.timestamp("us", tz="UTC")
ORIGIN = pa.struct([("file", pa.string()), ("offset", pa.int64()), ("length", pa.int64())])
QA = pa.struct(
    [
        ("question", pa.string()),
        ("answer", pa.string()),
        ("adopted", pa.bool_()),
        ("expert", pa.bool_()),
        ("votes", pa.int32()),
        ("answer_rank", pa.int32()),
    ]
)
TURNS = pa.list_(pa.struct([("speaker", pa.string()), ("text", pa.string())]))

DOCUMENT = pa.schema(
    [
        ("batch", pa.string()),  # the day, YYYY-MM-DD, of the nightly partition
        ("source", pa.string()),
        ("doc_id", pa.string()),  # 32 hexadecimal digits, see document_id
        ("kind", pa.string()),  # one of contracts/kinds.py
        ("url", pa.string()),
        ("site", pa.string()),  # host, lower case, without "www."
        ("title", pa.string()),
        ("text", pa.string()),  # NFC, Markdown subset; empty where no main content was found
        ("author_key", pa.string()),  # keyed hash; no name is stored
        ("published_at", UTC),
        ("fetched_at", UTC),
        ("charset", pa.string()),
        ("license", pa.string()),
        ("section", pa.string()),
        ("qa", QA),
        ("turns", TURNS),
        ("origin", ORIGIN),
        ("defect", pa.string()),  # a Reason found at ingest, or null
        ("raw_bytes", pa.int64()),  # bytes of the record that the document was read from
    ]
)

_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|igshid|n_media|n_query|n_rank|n_ad_group|n_ad|NaPm|ref|spm|from)$")


@lru_cache(maxsize=64)  # a page asks for it twice
def canonical_url(url: str) -> str:
    """The address without what does not change the page: fragment, tracking parameters, default port, letter case of
    the host, parameter order. Not an URL: returned as it is."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return url.strip()
    if not host:
        return url.strip()
    if port and (parts.scheme, port) not in (("http", 80), ("https", 443)):
        host = f"{host}:{port}"
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", urlencode(query), ""))


def site_of(url: str) -> str:
    """Host of the address, lower case, without ``www.``; empty for what is no URL."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return host.removeprefix("www.")


def document_id(url: str, text: str) -> str:
    """BLAKE2b-128 over canonical URL and NFC text, 32 hexadecimal digits: never random, never positional. The text is the page's
    own as it was read, before ingest takes out what its site repeats."""
    key = f"{canonical_url(url)}\n{unicodedata.normalize('NFC', text)}"
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
