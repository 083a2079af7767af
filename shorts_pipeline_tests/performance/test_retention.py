"""What may not be kept goes, and nothing else does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, ChannelStatus, Credential, PerformanceAge, PerformanceDay, Upload
from shorts_pipeline.performance.completeness import missing_days
from shorts_pipeline.performance.retention import Forgotten, forget
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline_tests.performance.channel_history import FIRST, FakeYouTube, a_channel_with_uploads

ON_YOUTUBE: dict[str, Any] = {"publish": {"publish_to": "youtube"}}
DAY = timedelta(days=1)
FIGURES = ("performance_ages", "performance_days", "performance_months", "performances")
Made = tuple[Channel, list[Upload], FakeYouTube]


@pytest.fixture
def measured(sessions: sessionmaker[Session], clock: ManualClock) -> Callable[..., Made]:
    """A channel with two shorts that have figures, and an authorisation that was last verified `verified` ago."""

    def make(*, verified: timedelta | None = None, **operation: Any) -> Made:
        youtube = FakeYouTube()
        with sessions.begin() as session:
            channel, uploads = a_channel_with_uploads(session, 2, operation_config=operation)
            if verified is not None:
                at = clock.now() - verified
                session.add(
                    Credential(channel_id=channel.id, purpose=channel.slug, encrypted_token="sealed", checked_at=at)
                )
        for upload in uploads:
            youtube.say(FIRST, upload, views=5)
        pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
        with sessions.begin() as session:
            for upload in uploads:
                session.add(PerformanceAge(upload_id=upload.id, age_days=1, views=5, computed_at=clock.now()))
        return channel, uploads, youtube

    return make


def rows(sessions: sessionmaker[Session]) -> dict[str, int]:
    """How many rows every table has."""
    with sessions() as session:
        names = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return {name: session.scalars(text(f"SELECT count(*) FROM {name}")).one() for name in sorted(names)}


def less(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: before[name] - after[name] for name in before if before[name] != after[name]}


def remove(sessions: sessionmaker[Session], upload: Upload, clock: ManualClock) -> None:
    with sessions.begin() as session:
        session.execute(update(Upload).where(Upload.id == upload.id).values(removed_at=clock.now()))


def test_a_removed_videos_figures_go_and_nothing_else(
    sessions: sessionmaker[Session], measured: Callable[..., Made], clock: ManualClock
):
    _, (gone, kept), _ = measured()
    remove(sessions, gone, clock)
    before = rows(sessions)
    assert forget(sessions, now=clock.now()) == Forgotten(removed_videos=1, days=1)
    assert less(before, rows(sessions)) == dict.fromkeys(FIGURES, 1)
    with sessions() as session:
        assert session.scalars(select(PerformanceDay.upload_id)).all() == [kept.id]
    assert forget(sessions, now=clock.now()) == Forgotten()


def test_a_removed_video_is_not_asked_about_again_and_its_days_are_not_missing(
    sessions: sessionmaker[Session], measured: Callable[..., Made], clock: ManualClock
):
    channel, (gone, kept), youtube = measured()
    remove(sessions, gone, clock)
    youtube.calls.clear()
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    assert youtube.calls == [(FIRST, 1)]
    with sessions() as session:
        missing = missing_days(session, first=FIRST + DAY, now=clock.now())
    assert {one.uploads for one in missing} == {1}
    assert kept.removed_at is None


def test_a_channel_may_keep_the_figures_of_removed_videos(
    sessions: sessionmaker[Session], measured: Callable[..., Made], clock: ManualClock
):
    _, (gone, _), _ = measured(retention={"youtube_removed": "keep"})
    remove(sessions, gone, clock)
    before = rows(sessions)
    assert forget(sessions, now=clock.now()) == Forgotten()
    assert rows(sessions) == before


@pytest.mark.parametrize(
    ("verified", "expected"),
    [
        (timedelta(days=1), "kept"),
        (timedelta(days=24), "soon"),
        (timedelta(days=30), "soon"),
        (timedelta(days=30, seconds=1), "gone"),
        (None, "gone"),
    ],
)
def test_figures_are_kept_as_long_as_the_authorisation_is_verified(
    sessions: sessionmaker[Session],
    measured: Callable[..., Made],
    clock: ManualClock,
    verified: timedelta | None,
    expected: str,
):
    channel, _, _ = measured(verified=verified, **ON_YOUTUBE)
    before = rows(sessions)
    forgotten = forget(sessions, now=clock.now())
    gone = dict.fromkeys(FIGURES, 2) if expected == "gone" else {}
    assert less(before, rows(sessions)) == gone
    assert forgotten.unverified == ([channel.slug] if expected == "gone" else [])
    assert forgotten.verify_soon == ([channel.slug] if expected == "soon" else [])


def test_how_long_is_the_channels_setting_and_so_is_what_becomes_of_them(
    sessions: sessionmaker[Session], measured: Callable[..., Made], clock: ManualClock
):
    strict, _, _ = measured(verified=timedelta(days=11), retention={"youtube_verified_days": 10}, **ON_YOUTUBE)
    measured(verified=timedelta(days=99), retention={"youtube_unverified": "keep"}, **ON_YOUTUBE)
    assert forget(sessions, now=clock.now()).unverified == [strict.slug]
    assert rows(sessions)["performance_days"] == 2


def test_what_the_sandbox_invented_needs_no_authorisation(
    sessions: sessionmaker[Session], measured: Callable[..., Made], clock: ManualClock
):
    measured()
    measured(**ON_YOUTUBE)
    with sessions.begin() as session:
        session.execute(update(Upload).values(youtube_url="sandbox:" + Upload.youtube_video_id))
    assert forget(sessions, now=clock.now()) == Forgotten()
    assert rows(sessions)["performance_days"] == 4


@pytest.mark.parametrize("status", [ChannelStatus.PAUSED, ChannelStatus.ARCHIVED])
def test_an_idle_channel_is_left_alone(
    sessions: sessionmaker[Session], measured: Callable[..., Made], clock: ManualClock, status: ChannelStatus
):
    _, (gone, _), _ = measured(**ON_YOUTUBE)
    remove(sessions, gone, clock)
    with sessions.begin() as session:
        session.execute(update(Channel).values(status=status))
    assert forget(sessions, now=clock.now()) == Forgotten()
    with sessions() as session:
        assert session.scalars(select(func.count()).select_from(PerformanceDay)).one() == 2
