"""A channel that did not start here learns from its first day: from its old shorts and their figures."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from shorts_pipeline.database import (
    Channel,
    ItemJudgement,
    Performance,
    PerformanceDay,
    PublishingTime,
    RetrievalView,
    Script,
    SourceItem,
    Topic,
    Upload,
)
from shorts_pipeline.database.documents.content_config import RetrievalSettings
from shorts_pipeline.performance.completeness import missing_days, unequal_totals
from shorts_pipeline.performance.training.extend import extend_training_set
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.scripts.brief import Story
from shorts_pipeline.scripts.retrieve import retrieve
from shorts_pipeline.series.find import find_series
from shorts_pipeline.topics.choose import choose_topics
from shorts_pipeline_tests.importing.before import a_short, korean_title, korean_words, srt
from shorts_pipeline_tests.importing.conftest import SLUG, Desk
from shorts_pipeline_tests.rows import a_source

# Sixty shorts at all hours, the last one a day ago.
BEGAN = datetime(2026, 1, 3, 2, tzinfo=UTC)
APART = timedelta(hours=23)


def sixty(desk: Desk) -> list[str]:
    return desk.seed(
        [
            a_short(korean_title(number), BEGAN + number * APART, captions=[{"text": srt(korean_words(number))}])
            for number in range(60)
        ]
    )


def test_sixty_old_shorts_teach_hours_hooks_series_and_what_was_told(desk: Desk, tmp_path):
    sixty(desk)
    with desk.sessions.begin() as session:
        channel = session.scalars(select(Channel)).one()
        channel.operation_config = channel.operation_config.model_copy(
            update={
                "high_performer": channel.operation_config.high_performer.model_copy(
                    update={"least_views": 500, "least_engagement": 0.03, "least_watched": 0.4}
                )
            }
        )
    done = desk.bring_in(captions=5, history=None)
    assert (done.made, done.captions.got, done.stopped) == (60, 5, "")

    # Figures: every day since the first one, totals that are their sum, best hours of its own.
    with desk.sessions() as session:
        first = BEGAN.date() - timedelta(days=1)
        assert missing_days(session, first=first, now=desk.clock.now()) == []
        assert unequal_totals(session) == []
        assert (session.scalar(select(func.sum(PerformanceDay.views))) or 0) > 10_000
        assert session.scalar(select(func.count()).select_from(PublishingTime)) == 16
    assert (done.measured, done.older) == (True, 0)

    # Novelty: a feed brings yesterday's story under near-same and under quite other titles, and one never told.
    told = korean_title(59)
    assert desk.store.count("topics") >= 5  # only what is compared with: the last days
    with desk.sessions.begin() as session:
        source = a_source(session, channel)
        for key, title in (
            ("same", f"[속보] {told}"),
            ("near", f"{told.replace(',', '')} (종합)"),
            ("other", "포항시 자전거 도로 새로 잇기로…내년 개통"),
            ("new", "국립중앙박물관, 밤 열 시까지 문 연다"),
        ):
            session.add(
                SourceItem(source_id=source.id, item_key=key, title=title, text="", fetched_at=desk.clock.now())
            )
    chosen = choose_topics(desk.sessions, desk.store, desk.embedder, desk.redis, channel=SLUG, clock=desk.clock)
    assert (chosen.read, chosen.duplicates) == (4, 3)
    with desk.sessions() as session:
        repeated = session.execute(
            select(Topic.title_original)
            .join(ItemJudgement, ItemJudgement.topic_id == Topic.id)
            .where(ItemJudgement.outcome == "duplicate")
        ).scalars()
        assert set(repeated) == {told}

    # Retrieval: a new story is written with the hook of an old short that did well.
    story = Story(channel.id, "부산시, 자전거 도로를 다시 잇는다", "ko", "", (), ("부산", "자전거"))
    found = retrieve(
        desk.sessions, desk.store, desk.embedder, channel_id=channel.id, story=story, settings=RetrievalSettings()
    )
    hooks = [each.text for each in found if each.view is RetrievalView.HOOK]
    assert hooks
    assert all(hook.endswith("들으셨나요?") for hook in hooks)

    # Series: what keeps working is found.
    series = find_series(desk.sessions, desk.embedder, channel=SLUG, clock=desk.clock)
    assert series.new >= 1

    # Training: only what was heard, and did well, is an example.
    trained = extend_training_set(desk.sessions, MediaStore(tmp_path), channel=SLUG, clock=desk.clock)
    with desk.sessions() as session:
        added = session.scalars(
            select(Script.generation_model)
            .join(Topic, Topic.id == Script.topic_id)
            .join(Upload, Upload.youtube_video_id == Script.generation_config["youtube_video_id"].astext)
            .join(Performance, Performance.upload_id == Upload.id)
            .where(Performance.added_to_training)
        ).all()
    assert trained.added == len(added) > 0
    assert set(added) == {"imported:captions"}


def test_figures_are_fetched_once_and_older_ones_when_asked_for(desk: Desk):
    desk.seed([a_short(korean_title(number), BEGAN + number * timedelta(days=5)) for number in range(10)])
    first = desk.bring_in(history=30)
    assert (first.older, first.reach, first.first_day) == (6, 58, "2026-01-30")
    assert first.days == 30
    again = desk.bring_in(history=30)
    assert again.days == 7  # the week that YouTube restates, not what is final
    assert (desk.bring_in(history=None).days, desk.bring_in(history=None).days) == (28 + 7, 7)
    with desk.sessions() as session:
        assert session.scalar(select(func.min(PerformanceDay.day))).isoformat() == "2026-01-02"


def test_figures_that_break_off_are_kept_and_the_rest_comes_the_next_time(desk: Desk):
    desk.seed([a_short(korean_title(1), BEGAN)])
    desk.sandbox.order(match={"path": "/v2/reports", "skip": 15}, do={"status": 503})
    done = desk.bring_in(history=30)
    assert "503" in done.stopped
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PerformanceDay)) == 15
    assert desk.bring_in(history=30).stopped == ""
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PerformanceDay)) == 30
