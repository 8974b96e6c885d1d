"""What can become of an address: a closed list, which the summary of a run counts."""

from enum import StrEnum


class Outcome(StrEnum):
    """One address of one run ends as exactly one of these."""

    STORED = "stored"  # in the landing folder
    UNCHANGED = "unchanged"  # the server says that it is as it was
    KNOWN = "known"  # fetched lately; not asked for
    OPTED_OUT = "opted_out"  # a signal that the recipe obeys: noted in the WARC, no text kept
    ROBOTS = "robots"  # robots.txt forbids it, or could not be had
    HOST_LEFT = "host_left"  # the host wants a longer pause than the recipe allows
    PRIVATE = "private"  # an address within a private network
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    REDIRECTS = "redirects"
    BROKEN = "broken"  # the answer ends early or cannot be decoded
    UNREACHABLE = "unreachable"  # no such host, or no connection
    HTTP_ERROR = "http_error"
    FAILED = "failed"  # anything else; the log has the class of the error


SERVED = frozenset((Outcome.STORED, Outcome.UNCHANGED, Outcome.KNOWN, Outcome.OPTED_OUT))
"""Outcomes of addresses with which all is well."""
