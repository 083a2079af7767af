"""Which videos are Shorts of a channel that everybody can see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shorts_pipeline.importing.shorts import Skip, why_not
from shorts_pipeline.resources.youtube import ExistingVideo
from shorts_pipeline.resources.youtube.existing import seconds_of

AT = datetime(2026, 1, 5, tzinfo=UTC)
SHORT = ExistingVideo(
    id="abc", channel_id="UCme", title="짧은 영상", description="", tags=(), category_id="22", language="ko",
    published_at=AT, seconds=58, privacy="public", upload_status="processed", publish_at=None, live="none",
    streamed=False, upright=True, views=10,
)  # fmt: skip
BEFORE_THREE_MINUTES = datetime(2024, 10, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"upright": None}, None),
        ({"upright": False}, Skip.LANDSCAPE),
        ({"seconds": 180}, None),
        ({"seconds": 181}, None),
        ({"seconds": 182}, Skip.TOO_LONG),
        ({"seconds": 0}, Skip.TOO_LONG),
        ({"seconds": 61, "published_at": BEFORE_THREE_MINUTES}, None),
        ({"seconds": 62, "published_at": BEFORE_THREE_MINUTES}, Skip.TOO_LONG),
        ({"privacy": "private"}, Skip.NOT_PUBLIC),
        ({"privacy": "unlisted"}, Skip.NOT_PUBLIC),
        ({"privacy": "private", "publish_at": AT}, Skip.SCHEDULED),
        ({"live": "upcoming"}, Skip.LIVE),
        ({"streamed": True}, Skip.LIVE),
        ({"upload_status": "uploaded"}, Skip.UNFINISHED),
        ({"upload_status": "rejected"}, Skip.UNFINISHED),
        ({"channel_id": "UCother"}, Skip.FOREIGN),
    ],
)
def test_a_video_is_left_out_for_one_reason(changed, reason):
    assert why_not(replace(SHORT, **changed), youtube_channel_id="UCme") is reason


def test_the_day_asked_for_is_in():
    for since, reason in ((AT, None), (AT + timedelta(seconds=1), Skip.TOO_OLD)):
        assert why_not(SHORT, youtube_channel_id="UCme", since=since) is reason


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT58S", 58), ("PT1M", 60), ("PT2M59S", 179), ("PT1H2M3S", 3723), ("P1DT1S", 86_401), ("P0D", 0), ("", 0)],
)
def test_a_length_is_read_as_youtube_writes_it(text, seconds):
    assert seconds_of(text) == seconds
