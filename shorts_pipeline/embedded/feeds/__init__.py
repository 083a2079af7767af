"""The demo's web: invented stories, served on this machine under the addresses they stand for.

Four feeds, and sources of every other kind beside them: an API, a listing, two boards, search terms of two countries.

The stories were written for this project; every name and figure in them is invented. Several are told by more than
one feed and in both languages, two themes run through many of them, and some are noise that a channel filters.
"""

from shorts_pipeline.embedded.feeds.documents import ADDRESSES, REFERENCE
from shorts_pipeline.embedded.feeds.server import RunningFeeds, serve

__all__ = ["ADDRESSES", "REFERENCE", "RunningFeeds", "serve"]
