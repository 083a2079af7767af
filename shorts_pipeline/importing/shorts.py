"""Shorts: which of a channel's videos are its history here, and why the others are not. Pure."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from shorts_pipeline.resources.youtube import ExistingVideo

MOST: Final = timedelta(seconds=180)
"""A Short's greatest length, for videos uploaded since `LONGER_SINCE`; before it was `MOST_BEFORE`."""
MOST_BEFORE: Final = timedelta(seconds=60)
LONGER_SINCE: Final = datetime(2024, 10, 15, tzinfo=UTC)
# YouTube tells whole seconds, rounded: a Short of 59.9 s may be told as 61.
ROUNDING: Final = timedelta(seconds=1)


class Skip(StrEnum):
    """Why a video is not brought in."""

    GONE = "deleted, or hidden by YouTube"
    SCHEDULED = "scheduled, not public yet"
    NOT_PUBLIC = "private or unlisted"
    LIVE = "a live stream or premiere"
    UNFINISHED = "not processed by YouTube"
    TOO_LONG = "longer than a Short"
    LANDSCAPE = "wider than high"
    FOREIGN = "of another YouTube channel"
    TOO_OLD = "older than asked for"
    MADE_HERE = "made here"
    IMPORTED = "imported before"
    ELSEWHERE = "belongs to another channel here"


def why_not(video: ExistingVideo, *, youtube_channel_id: str, since: datetime | None = None) -> Skip | None:
    """Why the video is no Short of this channel that everybody can see; None: it is one.

    Whether it is vertical or square is known by its player's size; where YouTube does not tell it, by its length alone.
    """
    if video.channel_id != youtube_channel_id:
        return Skip.FOREIGN
    if video.streamed or video.live != "none":
        return Skip.LIVE
    if video.privacy == "private" and video.publish_at is not None:
        return Skip.SCHEDULED
    if video.privacy != "public":
        return Skip.NOT_PUBLIC
    if video.upload_status != "processed":
        return Skip.UNFINISHED
    if not 0 < video.seconds <= longest(video.published_at).total_seconds():
        return Skip.TOO_LONG
    if video.upright is False:
        return Skip.LANDSCAPE
    return Skip.TOO_OLD if since is not None and video.published_at < since else None


def longest(published_at: datetime) -> timedelta:
    """How long a Short of that time may be, as YouTube tells lengths."""
    return (MOST if published_at >= LONGER_SINCE else MOST_BEFORE) + ROUNDING
