"""What can go wrong with one request to the web, in the terms of errors.py.

No message ever holds a query or a name and password: addresses are shown by `shown`.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from shorts_pipeline.errors import NeedsPerson, Rejected, RetryLater


class FetchFailed(RetryLater):
    """No answer, or not one we can use; another try may bring it. `status`: HTTP's, where one came."""

    def __init__(self, message: str, *, status: int | None = None, delay: timedelta | None = None) -> None:
        super().__init__(message, delay=delay)
        self.status = status


class TooLarge(FetchFailed):
    """The body, unpacked, is over the limit; it was not read to its end."""


class TookTooLong(FetchFailed):
    """The whole request took longer than its limit, however steadily it dripped."""


class Gone(Rejected):
    """The server says that the address is gone for good (410)."""


class AddressRefused(NeedsPerson):
    """An address we do not connect to: not http(s), or leading into a private network."""


def shown(address: str) -> str:
    """The address as it may stand in a log: scheme, host and path, never the query or a password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "(an unreadable address)"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"[:200]
