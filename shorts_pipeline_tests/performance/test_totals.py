"""Totals and high performers, by the channel's own rule; the checks that watch over them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Performance, Upload
from shorts_pipeline.performance.completeness import MissingDay, missing_days, unequal_totals
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline.performance.totals import Totals, measure
from shorts_pipeline_tests.performance.channel_history import FIRST, FakeYouTube, a_channel_with_uploads

RULE = {"high_performer": {"least_views": 1000, "least_engagement": 0.05, "least_watched": 0.6}}
GOOD = {"views": 2000, "likes": 90, "comments": 10, "shares": 10, "avg_view_percentage": 70.0}


def pulled(
    sessions: sessionmaker[Session], clock: ManualClock, figures: list[dict[str, float]]
) -> tuple[str, list[Upload]]:
    youtube = FakeYouTube()
    with sessions.begin() as session:
        channel, uploads = a_channel_with_uploads(session, len(figures), operation_config=RULE)
    for upload, said in zip(uploads, figures, strict=True):
        youtube.say(FIRST, upload, **said)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    return channel.slug, uploads


@pytest.mark.parametrize(
    ("changed", "high"),
    [
        ({}, True),
        ({"views": 999, "likes": 900}, False),
        ({"likes": 0}, False),
        ({"avg_view_percentage": 59.9}, False),
        ({"avg_view_percentage": 60.0}, True),
    ],
)
def test_a_high_performer_meets_every_part_of_the_channels_rule(
    sessions: sessionmaker[Session], clock: ManualClock, changed: dict[str, float], high: bool
):
    slug, _ = pulled(sessions, clock, [GOOD | changed])
    assert measure(sessions, channel=slug, clock=clock).high_performers == high
    with sessions() as session:
        assert session.scalars(select(Performance.is_high_performer)).one() is high


def test_a_rule_that_changed_is_followed_both_ways(sessions: sessionmaker[Session], clock: ManualClock):
    slug, _ = pulled(sessions, clock, [GOOD])
    assert measure(sessions, channel=slug, clock=clock).high_performers == 1
    with sessions.begin() as session:
        session.execute(text("""UPDATE channels SET operation_config = '{"high_performer": {"least_views": 9999}}'"""))
    assert measure(sessions, channel=slug, clock=clock).high_performers == 0


def test_totals_of_a_channel_add_up_and_name_the_best(sessions: sessionmaker[Session], clock: ManualClock):
    slug, uploads = pulled(sessions, clock, [GOOD, GOOD | {"views": 5000}, {}])
    totals = measure(sessions, channel=slug, clock=clock)
    assert (totals.uploads, totals.views) == (3, 7000)
    assert totals.best[0].title == uploads[1].title
    assert uploads[1].title in totals.best_as_markdown()
    assert measure(sessions, channel=slug, clock=clock) == totals


def test_a_channel_without_uploads_has_empty_totals(sessions: sessionmaker[Session], clock: ManualClock):
    with sessions.begin() as session:
        channel, _ = a_channel_with_uploads(session, 0)
    assert measure(sessions, channel=channel.slug, clock=clock) == Totals(channel.slug)


def test_a_day_that_was_never_asked_for_is_named(sessions: sessionmaker[Session], clock: ManualClock):
    slug, _ = pulled(sessions, clock, [GOOD, GOOD])
    now = clock.now().replace(month=2, day=5)  # Pacific February 4: the 2nd is due, the 3rd is yesterday
    with sessions() as session:
        assert missing_days(session, first=date(2026, 1, 1), now=now) == [MissingDay(slug, date(2026, 2, 2), 2)]
        assert missing_days(session, first=FIRST + timedelta(days=9), now=now) == []
    pull_snapshots(sessions, FakeYouTube(), channel=slug, days=[date(2026, 2, 2)], clock=clock)
    with sessions() as session:
        assert missing_days(session, first=date(2026, 1, 1), now=now) == []


def test_totals_that_are_not_the_sum_of_their_days_are_found_and_mended(
    sessions: sessionmaker[Session], clock: ManualClock
):
    slug, uploads = pulled(sessions, clock, [GOOD])
    with sessions.begin() as session:
        assert unequal_totals(session) == []
        session.execute(text("UPDATE performances SET views = views + 1"))
        assert unequal_totals(session) == [uploads[0].youtube_video_id]
    measure(sessions, channel=slug, clock=clock)
    with sessions() as session:
        assert unequal_totals(session) == []
