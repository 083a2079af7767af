"""What was learnt reaches what is made next: figures arrive, and hooks and hours follow them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from shorts_pipeline.database import Channel, ContentChunk, RetrievalView, Script, ScriptStatus, TopicStatus
from shorts_pipeline.database.documents.content_config import RetrievalSettings
from shorts_pipeline.performance.publishing_times import find_times
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline.performance.totals import measure
from shorts_pipeline.scripts.index import chunk_scripts
from shorts_pipeline.scripts.retrieve import retrieve
from shorts_pipeline.uploads.rows import rules_for
from shorts_pipeline.uploads.schedule import slots
from shorts_pipeline_tests.performance.channel_history import FIRST, NOON, FakeYouTube, a_measured_upload
from shorts_pipeline_tests.rows import a_script, a_topic, a_video, an_upload
from shorts_pipeline_tests.scripts.stories import CHIP, a_story

# Equally near to the next story: only figures can tell which hook to learn from.
TOLD = [
    "한별반도체의 새 칩, 들어 보셨나요?\n\n한별반도체가 인공지능 칩을 내놨어요. 전력을 덜 써요.\n\n여기까지예요.",
    "한별반도체가 또 일을 냈어요!\n\n한별반도체의 인공지능 칩이 양산에 들어가요. 내년부터예요.\n\n끝이에요.",
]
GOOD = {"views": 20_000, "likes": 1_500, "comments": 90, "shares": 40, "avg_view_percentage": 81.0}
POOR = {"views": 300, "likes": 2, "avg_view_percentage": 31.0}


@pytest.fixture
def uploads(sessions, store, embedder, channel, clock):
    """Two shorts of one matter, public and cut into chunks; nothing is known of how they did."""
    with sessions.begin() as session:
        scripts = [
            a_script(session, a_topic(session, channel, status=TopicStatus.USED), script_text=text) for text in TOLD
        ]
        for script in scripts:
            script.status = ScriptStatus.USED
        published = [
            an_upload(
                session, a_video(session, script), youtube_video_id=f"video{n}", uploaded_at=NOON, published_at=NOON
            )
            for n, script in enumerate(scripts)
        ]
    chunk_scripts(sessions, store, embedder, channel=channel.slug, clock=clock, owner="test")
    return published


@pytest.mark.parametrize("better", [0, 1])
def test_figures_that_arrive_choose_the_hook_of_the_next_script(
    sessions, store, embedder, channel, clock, uploads, better
):
    def hooks() -> list[str]:
        found = retrieve(
            sessions, store, embedder,
            channel_id=channel.id, story=a_story(CHIP, "ko"), settings=RetrievalSettings(chunks=8),
        )  # fmt: skip
        with sessions() as session:
            scripts = select(Script.script_text).join(ContentChunk, ContentChunk.script_id == Script.id)
            return [
                session.scalars(scripts.where(ContentChunk.id == one.chunk_id)).one()
                for one in found
                if one.view is RetrievalView.HOOK
            ]

    youtube = FakeYouTube()
    assert hooks() == []
    youtube.say(FIRST, uploads[better], **GOOD)
    youtube.say(FIRST, uploads[1 - better], **POOR)
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    measure(sessions, channel=channel.slug, clock=clock)
    assert hooks() == [TOLD[better]]
    # Restated a day later: what was counted were not people.
    youtube.say(FIRST, uploads[better], **POOR)
    clock.move(timedelta(days=1))
    pull_snapshots(sessions, youtube, channel=channel.slug, days=[FIRST], clock=clock)
    measure(sessions, channel=channel.slug, clock=clock)
    assert hooks() == []


def test_hours_that_did_better_are_where_the_next_short_is_planned(sessions, redis, channel, clock):
    def next_hour() -> int:
        with sessions() as session:
            rules = rules_for(session, session.get_one(Channel, channel.id))
        (slot,) = slots(rules, taken=[], now=datetime(2026, 3, 2, 15, tzinfo=UTC), count=1)
        return slot.astimezone(ZoneInfo("Asia/Seoul")).hour

    golden = next_hour()
    with sessions.begin() as session:
        for number in range(20):
            afternoon = datetime(2026, 1, 5 + number, 7, tzinfo=UTC)  # 16:00 in Seoul, no golden hour
            a_measured_upload(session, channel, at=afternoon, views=9_000 + number, likes=700)
            a_measured_upload(session, channel, at=afternoon - timedelta(hours=8), views=500 + number, likes=20)
    find_times(sessions, redis, channel=channel.slug, clock=clock)
    assert (golden, next_hour()) == (7, 16)
