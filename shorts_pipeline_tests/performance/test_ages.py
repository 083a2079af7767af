"""Views at equal age in their table: only of fully reported days, with the percentile within the channel."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, PerformanceAge, Upload
from shorts_pipeline.performance.reported import FIGURES_LATE
from shorts_pipeline.performance.totals import measure
from shorts_pipeline_tests.performance.channel_history import a_reported_course
from shorts_pipeline_tests.rows import a_channel, a_published_upload

MIDNIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)  # Pacific: ages end where days do


def published(session: Session, channel: Channel, *views: int | None, **over: timedelta) -> Upload:
    upload = a_published_upload(session, channel, uploaded_at=MIDNIGHT, published_at=MIDNIGHT)
    a_reported_course(session, upload, views, **over)
    return upload


def kept(sessions: sessionmaker[Session], upload: Upload) -> dict[int, tuple[int, float | None]]:
    with sessions() as session:
        rows = session.scalars(select(PerformanceAge).where(PerformanceAge.upload_id == upload.id))
        return {row.age_days: (row.views, row.percentile) for row in rows}


def test_views_at_each_age_and_the_percentile_within_the_channel_are_kept(
    sessions: sessionmaker[Session], clock: ManualClock
):
    with sessions.begin() as session:
        channel, other = a_channel(session), a_channel(session)
        old = published(session, channel, *[10] * 28)
        young = published(session, channel, *[20] * 3)
        stranger = published(session, other, *[900] * 28)
    totals = measure(sessions, channel=channel.slug, clock=clock)
    assert kept(sessions, old) == {1: (10, 25.0), 3: (30, 25.0), 7: (70, None), 28: (280, None)}
    assert kept(sessions, young) == {1: (20, 75.0), 3: (60, 75.0)}
    assert kept(sessions, stranger) == {}
    assert totals.as_metadata()["median_views_day_3"] == 45
    assert "| day 3 | 2 | 45 | | | too few to compare |" in totals.ages.trends_as_markdown()
    assert "20 (P75) | 60 (P75) | – | – |" in totals.ages.newest_as_markdown()
    assert measure(sessions, channel=channel.slug, clock=clock) == totals


def test_a_day_pulled_before_its_figures_were_complete_does_not_count(
    sessions: sessionmaker[Session], clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session)
        early = published(session, channel, 10, 10, 10, late=FIGURES_LATE - timedelta(hours=1))
    measure(sessions, channel=channel.slug, clock=clock)
    assert kept(sessions, early) == {}


def test_what_is_not_reported_is_not_nothing(sessions: sessionmaker[Session], clock: ManualClock):
    with sessions.begin() as session:
        channel = a_channel(session)
        upload = published(session, channel, 10, None, 10)
        published(session, a_channel(session), 10, 10, 10)
    measure(sessions, channel=channel.slug, clock=clock)
    assert kept(sessions, upload) == {1: (10, None)}


def test_a_day_reported_for_the_channel_that_leaves_out_an_upload_had_no_views_of_it(
    sessions: sessionmaker[Session], clock: ManualClock
):
    """YouTube leaves out what had no activity: or only uploads with views on every single day could be compared."""
    with sessions.begin() as session:
        channel = a_channel(session)
        quiet = published(session, channel, 10, None, 5)
        published(session, channel, 10, 10, 10)
    measure(sessions, channel=channel.slug, clock=clock)
    assert kept(sessions, quiet)[3] == (15, 25.0)


def test_restated_figures_change_what_is_kept_and_lost_ones_are_forgotten(
    sessions: sessionmaker[Session], clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session)
        upload = published(session, channel, 10, 10, 10)
    measure(sessions, channel=channel.slug, clock=clock)
    with sessions.begin() as session:
        session.execute(text("UPDATE performance_days SET views = 12 WHERE day = '2026-01-05'"))
        session.execute(text("DELETE FROM performance_days WHERE day = '2026-01-07'"))
    clock.move(timedelta(days=1))
    measure(sessions, channel=channel.slug, clock=clock)
    assert kept(sessions, upload) == {1: (12, None)}
