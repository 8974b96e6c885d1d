"""Errors of Scrapy and Twisted as outcomes."""

import logging

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.python.failure import Failure

from malmoi.fetch.hosts import Refused
from malmoi.fetch.outcomes import Outcome
from malmoi.fetch.private import PrivateAddress

log = logging.getLogger("malmoi.fetch")

_OUTCOMES: tuple[tuple[type[BaseException], Outcome], ...] = (
    (HttpError, Outcome.HTTP_ERROR),
    (StopDownload, Outcome.NOT_HTML),
    (DownloadTimeoutError, Outcome.TIMEOUT),
    (DownloadCancelledError, Outcome.TOO_LARGE),  # Scrapy's word for a body above DOWNLOAD_MAXSIZE
    (ResponseDataLossError, Outcome.BROKEN),
    (CannotResolveHostError, Outcome.UNREACHABLE),
    (DownloadConnectionRefusedError, Outcome.UNREACHABLE),
    (ConnectError, Outcome.UNREACHABLE),
    (ConnectionDone, Outcome.BROKEN),
    (ConnectionLost, Outcome.BROKEN),
    (DownloadFailedError, Outcome.BROKEN),
    (PrivateAddress, Outcome.PRIVATE),
    (OSError, Outcome.BROKEN),
)


def outcome_of(failure: Failure) -> Outcome:
    """What a failed request counts as."""
    error = failure.value
    if isinstance(error, Refused):
        return error.outcome
    for kind, outcome in _OUTCOMES:
        if isinstance(error, kind):
            return outcome
    if isinstance(error, IgnoreRequest):
        return Outcome.REDIRECTS if "redirections" in str(error) else Outcome.TOO_LARGE
    log.warning("%s while fetching a page", type(error).__name__)
    return Outcome.FAILED
