"""Importing, with the true Google client on the sandbox."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from shorts_pipeline.database import (
    Channel,
    ContentChunk,
    JobLog,
    JobStatus,
    JobType,
    QuotaLedger,
    ReviewQueue,
    ReviewStatus,
    ReviewType,
    Script,
    ScriptStatus,
    Topic,
    TopicStatus,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)
from shorts_pipeline.database.only_one import only_one
from shorts_pipeline.errors import ConfigurationError, NeedsPerson, RetryLater
from shorts_pipeline.importing.shorts import Skip
from shorts_pipeline.operations.job_log import begin
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.scripts.candidates import still_needed
from shorts_pipeline.selection import Selection
from shorts_pipeline.topics.titles import headline
from shorts_pipeline.uploads import quota
from shorts_pipeline.uploads.refresh import refresh
from shorts_pipeline.videos.files_check import broken_files
from shorts_pipeline_tests.importing.before import a_short, korean_title
from shorts_pipeline_tests.importing.conftest import SLUG, Desk
from shorts_pipeline_tests.rows import a_channel, a_published_upload, a_topic

LONG_AGO = datetime(2026, 1, 5, 11, tzinfo=UTC)
TEXT = (
    "부산시가 바닷가 쓰레기를 로봇으로 치우기로 했습니다. 해운대에서 먼저 여섯 대가 일합니다.\n"
    "주민들은 밤에도 조용해서 좋다고 말합니다. 내년에는 스무 대로 늘어납니다.\n\n"
    "구독과 좋아요 부탁드립니다!\nhttps://example.com/more\n#부산 #로봇 #shorts"
)


def shorts(count: int, *, apart: timedelta = timedelta(hours=12), **over: Any) -> list[dict[str, Any]]:
    return [a_short(korean_title(number), LONG_AGO + number * apart, **over) for number in range(count)]


def test_a_channels_shorts_become_topics_scripts_videos_and_uploads_that_are_done(desk: Desk):
    [youtube_id] = desk.seed(
        [a_short("부산, 로봇이 바다를 치운다 🤖 #shorts #부산", LONG_AGO, description=TEXT, tags=["부산"])]
    )
    done = desk.bring_in()
    assert (done.made, done.stopped) == (1, "")
    [topic], [script], [video], [upload] = map(desk.rows, (Topic, Script, Video, Upload))
    assert (topic.title_original, topic.status) == ("부산, 로봇이 바다를 치운다", TopicStatus.USED)
    assert topic.published_at == topic.created_at == LONG_AGO
    assert {"로봇", "부산"} <= set(topic.keywords)
    assert (topic.language, topic.source_url) == ("ko", f"sandbox:{youtube_id}")
    assert (script.status, script.generation_model) == (ScriptStatus.USED, "imported:description")
    assert script.script_text.startswith("부산시가 바닷가 쓰레기를 로봇으로 치우기로 했습니다.")
    assert not any(word in script.script_text for word in ("구독", "http", "#"))
    assert (script.quality_score_style, script.quality_score_hook) == (None, None)
    assert (video.status, video.video_path, video.duration_seconds) == (VideoStatus.PUBLISHED, None, 45.0)
    assert (upload.upload_status, upload.youtube_video_id) == (UploadStatus.PUBLISHED, youtube_id)
    assert (upload.title, upload.tags) == ("부산, 로봇이 바다를 치운다 🤖 #shorts #부산", ["부산"])
    assert upload.published_at == upload.uploaded_at == LONG_AGO
    assert upload.description == TEXT


def test_an_english_channels_shorts_come_in_with_their_own_words(desk: Desk, make_channel):
    make_channel("chips", content_config={"language": "en"})
    text = (
        "Memory chips are getting expensive again. Prices rose 40 percent since June, and phone makers are nervous. "
        "Here is what that means for your next laptop. Follow us on Instagram!\nhttps://example.com"
    )
    desk.seed([a_short("Why memory chips cost more #tech", LONG_AGO, description=text, language="en-US")], "chips")
    assert desk.bring_in("chips").made == 1
    [topic], [script] = desk.rows(Topic), desk.rows(Script)
    assert (topic.title_original, topic.language) == ("Why memory chips cost more", "en")
    assert script.script_text.split("\n\n")[0] == "Memory chips are getting expensive again."
    assert "Instagram" not in script.script_text


def test_three_hundred_videos_come_in_over_six_pages_and_cost_thirteen_units(desk: Desk):
    desk.seed([a_short(f"{number}번째 이야기, {korean_title(number % 60)}", LONG_AGO + timedelta(hours=4) * number)
               for number in range(300)])  # fmt: skip
    heard: list[tuple[str, int, int]] = []
    done = desk.bring_in(tell=lambda *said: heard.append(said))
    assert (done.made, done.looked_at, desk.counts()) == (300, 300, (300, 300, 300, 300))
    assert heard == [("videos", count, 300) for count in range(50, 301, 50)]
    assert done.units == 1 + 6 + 6
    assert desk.sandbox.state()["quota"]["spent"]["units"] == done.units
    [row] = desk.rows(QuotaLedger)
    assert (row.project, row.spent, row.reserved) == ("sandbox", done.units, 0)


def test_what_is_no_public_short_is_left_out_with_its_reason(desk: Desk):
    at = LONG_AGO
    desk.seed(
        [
            a_short("삭제된 영상", at, deleted=True),
            a_short("비공개 영상", at, privacy="private"),
            a_short("일부 공개 영상", at, privacy="unlisted"),
            a_short("생방송", at, live="was"),
            a_short("긴 영상", at, duration=600),
            a_short("가로 영상", at, width=1920, height=1080),
            a_short("옛날 3분 영상", datetime(2023, 5, 1, tzinfo=UTC), duration=150),
            a_short("정사각형 영상", at, width=1080, height=1080),
            a_short("3분 영상", at, duration=180),
        ]
    )
    done = desk.bring_in()
    assert done.skipped == Counter(
        {Skip.GONE: 1, Skip.NOT_PUBLIC: 2, Skip.LIVE: 1, Skip.TOO_LONG: 2, Skip.LANDSCAPE: 1}
    )
    assert {row.title for row in desk.rows(Upload)} == {"정사각형 영상", "3분 영상"}


def test_a_second_run_makes_no_new_rows_and_brings_in_what_is_new(desk: Desk):
    desk.seed(shorts(5))
    desk.bring_in()
    before = desk.counts(), len(desk.rows(ContentChunk))
    again = desk.bring_in()
    assert (again.made, again.skipped) == (0, Counter({Skip.IMPORTED: 5}))
    assert (desk.counts(), len(desk.rows(ContentChunk))) == before
    assert again.units == 2  # the channel and one page: what is here needs no further look
    desk.seed([a_short("새로 올라온 이야기", LONG_AGO + timedelta(days=40))])
    assert desk.bring_in().made == 1


def test_what_was_uploaded_from_here_is_left_alone(desk: Desk):
    [theirs, ours] = desk.seed(shorts(2))
    with desk.sessions.begin() as session:
        channel = session.scalars(select(Channel)).one()
        a_published_upload(session, channel, youtube_video_id=ours, title="우리가 올린 것")
    done = desk.bring_in()
    assert (done.made, done.skipped[Skip.MADE_HERE]) == (1, 1)
    assert {row.youtube_video_id: row.title for row in desk.rows(Upload)} == {
        ours: "우리가 올린 것",
        theirs: korean_title(0),
    }


def test_a_video_whose_upload_was_killed_before_it_was_noted_is_left_to_its_sender(desk: Desk):
    with desk.sessions.begin() as session:
        channel = session.scalars(select(Channel)).one()
        lost = a_published_upload(session, channel, youtube_video_id=None, upload_status=UploadStatus.UPLOADING)
    stranger = "00000000-0000-4000-8000-000000000000"
    desk.seed([a_short("우리 것", LONG_AGO, file_name=f"{lost.id}-{'a' * 16}.mp4"),
               a_short("남이 만든 것", LONG_AGO, file_name=f"{stranger}-{'a' * 16}.mp4")])  # fmt: skip
    done = desk.bring_in()
    assert (done.made, done.skipped) == (1, Counter({Skip.MADE_HERE: 1}))


def test_a_channel_without_a_video_has_no_playlist_and_that_is_no_error(desk: Desk):
    desk.sandbox.order(match={"path": "/youtube/v3/playlistItems"}, do={"status": 404, "reason": "playlistNotFound"})
    assert (desk.bring_in().made, desk.bring_in().stopped) == (0, "")


def test_two_shorts_of_one_title_are_two_scripts_of_one_topic(desk: Desk):
    desk.seed([a_short("오늘의 동네 소식", LONG_AGO), a_short("오늘의 동네 소식!", LONG_AGO + timedelta(days=1))])
    assert desk.bring_in().joined == 1
    assert desk.counts() == (1, 2, 2, 2)
    assert sorted(row.script_version for row in desk.rows(Script)) == [1, 2]
    desk.seed([a_short("오늘의  동네 소식", LONG_AGO + timedelta(days=2))])
    assert (desk.bring_in().joined, desk.counts()) == (1, (1, 3, 3, 3))


@pytest.mark.parametrize("title", ["🔥🔥", "#shorts", "ㅋㅋㅋ"])
def test_a_title_that_says_nothing_is_brought_in_all_the_same(desk: Desk, title: str):
    desk.seed([a_short(title, LONG_AGO), a_short(title, LONG_AGO + timedelta(days=1))])
    assert desk.bring_in().made == 2
    assert all(row.title_normalized and row.title_original for row in desk.rows(Topic))
    assert [row.title for row in desk.rows(Upload)] == [title, title]


def test_a_topic_that_waits_is_ended_where_the_channel_has_told_it(desk: Desk):
    desk.seed(shorts(1))
    desk.bring_in()
    told = desk.rows(Topic)[0]
    with desk.sessions.begin() as session:
        channel = a_channel(session, slug="waiting")
        same = {"title_original": told.title_original, "title_normalized": told.title_normalized}
        waits = a_topic(session, channel, **same, content_hash=told.content_hash)
        session.add(ReviewQueue(review_type=ReviewType.TOPIC, target_id=waits.id, channel_id=channel.id))
        other = "부산시, 빈집을 도서관으로 바꾼다"
        desk.seed([*shorts(1), a_short(other, LONG_AGO)], "waiting")
    with desk.sessions.begin() as session:
        line = headline(other)
        names = {"title_original": line.title, "title_normalized": line.normalized, "content_hash": line.content_hash}
        approved = a_topic(session, session.get_one(Channel, channel.id), **names, status=TopicStatus.APPROVED)
    assert desk.bring_in("waiting").joined == 2
    with desk.sessions() as session:
        assert session.get_one(Topic, waits.id).status is TopicStatus.REJECTED
        assert session.get_one(Topic, approved.id).status is TopicStatus.USED
        review = session.scalars(select(ReviewQueue)).one()
        assert (review.status, review.reviewed_by) == (ReviewStatus.REJECTED, "rule:import")


def test_a_killed_import_goes_on_where_it_stopped(desk: Desk):
    desk.seed([a_short(f"{number}번 소식 {korean_title(number % 60)}", LONG_AGO + timedelta(hours=number))
               for number in range(120)])  # fmt: skip

    class Killed(BaseException):
        """As a signal would."""

    def kill(_: str, count: int, __: int) -> None:
        if count == 50:
            raise Killed

    with pytest.raises(Killed):
        desk.bring_in(tell=kill)
    assert desk.counts() == (50, 50, 50, 50)
    assert desk.rows(JobLog)[0].status is JobStatus.CANCELLED
    assert (desk.bring_in().made, desk.counts()) == (70, (120, 120, 120, 120))


def test_what_a_killed_process_left_running_in_the_job_log_is_ended_by_the_next(desk: Desk):
    desk.seed(shorts(2))
    begin(
        desk.sessions,
        JobType.COLLECT,
        clock=desk.clock,
        channel_id=desk.rows(Channel)[0].id,
        metadata={"run_id": "killed", "step": "import"},
    )
    desk.bring_in()
    ends = {row.run_metadata["run_id"] == "killed": (row.status, row.error_message) for row in desk.rows(JobLog)}
    assert ends == {True: (JobStatus.FAILED, "its process was killed"), False: (JobStatus.COMPLETED, None)}


def test_two_imports_at_once_are_one(desk: Desk):
    desk.seed(shorts(2))
    with only_one(desk.sessions, f"import:{desk.rows(Channel)[0].id}"), pytest.raises(RetryLater, match="under way"):
        desk.bring_in()
    assert desk.bring_in().made == 2


def test_a_limit_brings_in_the_newest_and_the_next_run_goes_on(desk: Desk):
    desk.seed(shorts(7))
    assert desk.bring_in(limit=3).made == 3
    assert {row.title for row in desk.rows(Upload)} == {korean_title(number) for number in (4, 5, 6)}
    assert desk.bring_in(limit=3).made == 3
    assert (desk.bring_in(limit=3).made, desk.counts()[3]) == (1, 7)


def test_nothing_older_than_asked_for_comes_in(desk: Desk):
    desk.seed(shorts(6, apart=timedelta(days=10)))
    done = desk.bring_in(since=LONG_AGO + timedelta(days=30))
    assert (done.made, done.skipped[Skip.TOO_OLD]) == (3, 3)


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(desk: Desk):
    desk.seed([*shorts(3), a_short("긴 영상", LONG_AGO, duration=900)])
    done = desk.bring_in(dry_run=True, captions=5, history=30)
    assert (done.made, done.skipped[Skip.TOO_LONG], desk.counts()) == (3, 1, (0, 0, 0, 0))
    assert desk.rows(JobLog) == []


def test_a_spent_quota_stops_it_keeps_what_there_is_and_says_when_to_go_on(desk: Desk, monkeypatch):
    desk.seed([a_short(f"{number}번 소식 {korean_title(number % 60)}", LONG_AGO + timedelta(hours=number))
               for number in range(120)])  # fmt: skip
    monkeypatch.setitem(quota.LIMITS, "units", 4)
    done = desk.bring_in()
    assert (done.made, desk.counts()[3]) == (50, 50)
    assert "is spent" in done.stopped
    assert "after 2026-03-02 08:00 UTC" in done.stopped  # midnight in California
    monkeypatch.undo()
    desk.clock.move(timedelta(days=1))
    assert desk.bring_in().made == 70


def test_a_quota_that_google_says_is_spent_stops_it_too(desk: Desk):
    desk.seed(shorts(2))
    desk.sandbox.order(match={"path": "/youtube/v3/videos"}, do={"status": 403, "reason": "quotaExceeded"})
    done = desk.bring_in()
    assert (done.made, "quotaExceeded" in done.stopped) == (0, True)


def test_a_line_that_breaks_keeps_what_came_before(desk: Desk):
    desk.seed([a_short(f"{number}번 소식 {korean_title(number % 60)}", LONG_AGO + timedelta(hours=number))
               for number in range(60)])  # fmt: skip
    desk.sandbox.order(match={"path": "/youtube/v3/playlistItems", "skip": 1}, do={"status": 503})
    done = desk.bring_in()
    assert (done.made, "503" in done.stopped) == (50, True)
    assert desk.bring_in().made == 10


def test_an_imported_short_is_never_sent_described_or_counted_as_todays(desk: Desk, tmp_path):
    desk.seed(shorts(3))
    desk.bring_in()
    before = [(row.title, row.description, row.upload_status) for row in desk.rows(Upload)]
    media = MediaStore(tmp_path / "media")
    calls = Counter(desk.sandbox.state()["calls"])
    refreshed = refresh(
        desk.sessions, channel=SLUG, youtube=desk.youtube, media=media, redis=desk.redis, clock=desk.clock,
        selection=Selection(force=True),
    )  # fmt: skip
    assert (refreshed.planned.planned, refreshed.published.video_ids) == (0, [])
    assert Counter(desk.sandbox.state()["calls"]) == calls
    assert [(row.title, row.description, row.upload_status) for row in desk.rows(Upload)] == before
    with desk.sessions() as session:
        channel = session.scalars(select(Channel)).one()
        assert broken_files(session, media) == []
        assert still_needed(session, channel.id, 2, desk.clock.now()) == 4
    assert desk.redis.get(f"channel:{channel.id}:daily:2026-03-02") == "0"
    latest = (LONG_AGO + timedelta(days=1)).isoformat()
    assert desk.redis.get(f"channel:{channel.id}:last_upload") == latest


def test_a_channel_without_an_account_is_told_which_command(desk: Desk, make_channel):
    make_channel("real", operation_config={"publish": {"publish_to": "youtube"}})
    with pytest.raises(NeedsPerson, match="run `shorts youtube connect real`"):
        desk.bring_in("real")
    with pytest.raises(ConfigurationError, match="no channel 'nobody'"):
        desk.bring_in("nobody")
    with desk.sessions.begin() as session:
        session.execute(update(Channel).values(status="paused"))
    with pytest.raises(NeedsPerson, match="shorts channels resume"):
        desk.bring_in()
