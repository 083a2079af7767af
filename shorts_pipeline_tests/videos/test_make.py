"""Approved scripts become videos once; failures are recorded; a person may have one made again."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import dagster as dg
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import (
    Channel,
    ChannelStatus,
    JobLog,
    JobStatus,
    MediaCredit,
    ReviewQueue,
    ReviewStatus,
    Script,
    ScriptStatus,
    StageAttempt,
    Topic,
    Video,
    VideoStatus,
)
from shorts_pipeline.operations.attempts import MOST_ATTEMPTS
from shorts_pipeline.operations.work import AllFailed
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.media import MediaResource, MediaStore
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.speech import Narrator, SpeechResource
from shorts_pipeline.resources.speech.espeak import Espeak
from shorts_pipeline.review.gates import submit
from shorts_pipeline.selection import Selection
from shorts_pipeline.videos import make as making
from shorts_pipeline.videos.assets import videos
from shorts_pipeline.videos.checks import video_files_valid
from shorts_pipeline.videos.make import Floor, make_videos
from shorts_pipeline.videos.material import Studio
from shorts_pipeline.videos.pictures.illustrate import Credit
from shorts_pipeline.videos.rendered import Rendered
from shorts_pipeline.videos.results import Made
from shorts_pipeline.videos.save import licence_gaps
from shorts_pipeline_tests.resources.speech.voices import Mute
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video
from shorts_pipeline_tests.videos.conftest import SCRIPT

AUTO = {"review": {"video": {"mode": "auto"}}}


class Voices:
    """Always the same narrator."""

    def __init__(self, narrator: Narrator) -> None:
        self.narrator = narrator

    def narrator_for(self, tts_service: str, *, gender: str = "male", find_secret: object = None) -> Narrator:
        assert callable(find_secret)
        assert (tts_service, gender) == ("offline", "male")
        return self.narrator


def add(session: Session, channel: Channel, **over: Any) -> Script:
    topic = a_topic(session, channel, keywords=["수출"])
    return a_script(session, topic, **{"script_text": SCRIPT, "status": ScriptStatus.APPROVED, **over})


@pytest.fixture
def script_id(sessions: sessionmaker[Session]) -> UUID:
    """The approved script of an automatic channel called `film`."""
    with sessions.begin() as session:
        channel = a_channel(session, slug="film", operation_config=AUTO)
        return add(session, channel).id


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, rendered: Rendered, store: MediaStore) -> list[str]:
    """Rendering gives copies of the session's sample, since what is under test is what stands around it."""
    folders: list[str] = []

    def copy(_material: object, studio: Studio, workshop: Any, *, folder: str) -> Rendered:
        folders.append(folder)
        for file in store.path(rendered.folder).iterdir():
            workshop.store.write_bytes(f"{folder}/{file.name}", file.read_bytes())
        return replace(rendered, folder=folder, engine=studio.engine)

    monkeypatch.setattr(making, "render", copy)
    return folders


def make(
    sessions: sessionmaker[Session],
    tmp_path: Path,
    clock: ManualClock,
    *,
    narrator: Narrator | None = None,
    **over: Any,
) -> Made:
    floor = Floor(
        sessions,
        MediaStore(tmp_path / "media"),
        Voices(narrator or Espeak()),
        clock=clock,
        owner="test",
        preset="ultrafast",
    )
    return make_videos(floor, channel="film", **over)


def only_video(sessions: sessionmaker[Session]) -> Video:
    with sessions() as session:
        return session.scalars(select(Video)).one()


def test_an_approved_script_becomes_an_approved_video_through_the_asset(
    sessions: sessionmaker[Session], script_id: UUID, tmp_path: Path, own_database_url: str, redis_url: str
) -> None:
    resources = {
        "postgres": PostgresResource(url=own_database_url),
        "media": MediaResource(root=str(tmp_path), render_preset="ultrafast"),
        "speech": SpeechResource(media_root=str(tmp_path), clock_file=str(tmp_path / "clock")),
        "redis": RedisResource(url=redis_url),
        "clock": ClockResource(file=str(tmp_path / "clock")),
    }
    instance = dg.DagsterInstance.ephemeral()
    instance.add_dynamic_partitions("channels", ["film"])
    assets = [videos, video_files_valid]
    run = dg.materialize(assets, partition_key="film", instance=instance, resources=resources)
    assert run.success
    assert all(check.passed for check in run.get_asset_check_evaluations())
    video = only_video(sessions)
    assert video.status is VideoStatus.APPROVED
    assert video.video_path == f"videos/film/{video.id}/video.mp4"
    assert (tmp_path / video.video_path).stat().st_size == video.file_size_bytes
    assert (video.tts_service, video.visual_sources, video.resolution) == ("offline-kokoro", ["drawn"], "1080x1920")
    metadata = run.asset_materializations_for_node("videos")[0].metadata
    assert metadata["made"].value == 1
    assert float(str(metadata["cpu_seconds_per_video_second"].value)) > 0
    assert "data:image/jpeg;base64," in str(metadata["posters"].value)
    with sessions() as session:
        script = session.get_one(Script, script_id)
        assert script.status is ScriptStatus.USED
        assert session.scalar(select(func.count()).select_from(StageAttempt)) == 0
        assert session.scalars(select(JobLog.status)).all() == [JobStatus.COMPLETED]


def test_making_twice_makes_nothing_twice(
    sessions: sessionmaker[Session], script_id: UUID, tmp_path: Path, clock: ManualClock, quick: list[str]
) -> None:
    assert len(make(sessions, tmp_path, clock).made) == 1
    assert make(sessions, tmp_path, clock).made == ()
    assert len(quick) == 1


def test_only_approved_scripts_are_filmed_best_topic_first(
    sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock, quick: list[str]
) -> None:
    with sessions.begin() as session:
        channel = a_channel(session, slug="film", operation_config=AUTO)
        scripts = [add(session, channel), add(session, channel)]
        session.get_one(Topic, scripts[1].topic_id).score_total = 99
        add(session, channel, status=ScriptStatus.GENERATED)
        filmed = add(session, channel)
        a_video(session, filmed, status=VideoStatus.IN_REVIEW)
    made = make(sessions, tmp_path, clock)
    assert [video.script_id for video in made.made] == [scripts[1].id, scripts[0].id]


def test_a_script_edited_after_its_approval_is_asked_about_before_it_is_filmed(
    sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock, quick: list[str]
) -> None:
    with sessions.begin() as session:
        channel = a_channel(session, slug="film", operation_config=AUTO)
        script = add(session, channel, status=ScriptStatus.GENERATED)
        submit(session, [about(script, channel, mode="auto")], now=clock.now())
        session.execute(update(Script).values(script_text="누군가 고친 말이에요."))
    assert make(sessions, tmp_path, clock).made == ()
    with sessions() as session:
        assert session.scalars(select(Script.status)).all() == [ScriptStatus.IN_REVIEW]


def test_a_manual_gate_lets_the_video_wait_with_its_risk(
    sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock, quick: list[str]
) -> None:
    with sessions.begin() as session:
        add(session, a_channel(session, slug="film"), quality_issues=["the hook is weak"])
    assert make(sessions, tmp_path, clock).made[0].waiting
    assert only_video(sessions).status is VideoStatus.IN_REVIEW
    with sessions() as session:
        review = session.scalars(select(ReviewQueue)).one()
    assert (review.status, review.risk_reasons) == (ReviewStatus.PENDING, ["quality: the hook is weak"])
    assert review.expires_at == clock.now() + timedelta(hours=48)


def test_a_voice_that_stood_in_is_told_to_whoever_reviews_the_video(
    sessions: sessionmaker[Session],
    tmp_path: Path,
    clock: ManualClock,
    quick: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoken = making.render
    monkeypatch.setattr(making, "render", lambda *a, **b: replace(spoken(*a, **b), engine="offline-espeak"))
    with sessions.begin() as session:
        add(session, a_channel(session, slug="film"))
    assert make(sessions, tmp_path, clock).made[0].waiting
    with sessions() as session:
        (reason,) = session.scalars(select(ReviewQueue)).one().risk_reasons
    assert reason == "quality: spoken by offline-espeak, since offline-kokoro could not be had"


def test_a_failure_is_recorded_and_the_next_run_takes_up_the_same_row(
    sessions: sessionmaker[Session],
    script_id: UUID,
    tmp_path: Path,
    clock: ManualClock,
    quick: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(making, "render", lambda *_, **__: 1 / 0)
        with pytest.raises(AllFailed):
            make(sessions, tmp_path, clock)
    begun = only_video(sessions)
    assert begun.status is VideoStatus.GENERATING
    assert begun.error_message is not None
    assert "ZeroDivisionError" in begun.error_message
    assert make(sessions, tmp_path, clock).made == ()
    clock.move(timedelta(hours=1))
    assert make(sessions, tmp_path, clock).made[0].video_id == begun.id
    assert only_video(sessions).error_message is None


def test_after_the_last_attempt_the_video_has_failed_and_costs_no_more(
    sessions: sessionmaker[Session], script_id: UUID, tmp_path: Path, clock: ManualClock
) -> None:
    mute = Mute()
    for _ in range(MOST_ATTEMPTS + 2):
        try:
            make(sessions, tmp_path, clock, narrator=mute)
        except AllFailed:
            clock.move(timedelta(days=1))
    assert mute.asked == MOST_ATTEMPTS
    video = only_video(sessions)
    assert (video.status, video.error_message) == (VideoStatus.FAILED, "the line is dead")
    log = tmp_path / "media" / "videos" / "film" / str(video.id) / "render.log"
    assert log.read_text() == "the line is dead"


def test_one_bad_script_does_not_stop_the_others(
    sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock
) -> None:
    with sessions.begin() as session:
        channel = a_channel(session, slug="film", operation_config=AUTO)
        bad = add(session, channel, script_text="…")
        session.get_one(Topic, bad.topic_id).score_total = 99
        good = add(session, channel)
    made = make(sessions, tmp_path, clock)
    assert [video.script_id for video in made.made] == [good.id]
    assert [failure.reason for failure in made.failed] == ["the script says nothing"]
    with sessions() as session:
        assert set(session.scalars(select(Video.status))) == {VideoStatus.FAILED, VideoStatus.APPROVED}


def test_a_person_may_have_a_video_made_again_and_is_asked_again(
    sessions: sessionmaker[Session], script_id: UUID, tmp_path: Path, clock: ManualClock, quick: list[str]
) -> None:
    first = make(sessions, tmp_path, clock).made[0].video_id
    again = make(sessions, tmp_path, clock, selection=Selection(only=(first,), force=True))
    assert [video.video_id for video in again.made] == [first]
    assert quick == [f"videos/film/{first}"] * 2
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(ReviewQueue)) == 1


def test_a_video_whose_inputs_have_not_changed_is_not_rendered_again_and_nobody_is_asked_again(
    sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock
) -> None:
    with sessions.begin() as session:
        script = add(session, a_channel(session, slug="film"), script_text="왜일까요?").id
    first = make(sessions, tmp_path, clock).made[0]
    video = only_video(sessions)
    file = tmp_path / "media" / first.path
    made_at = file.stat().st_mtime_ns
    again = make(sessions, tmp_path, clock, selection=Selection(only=(script,), force=True))
    assert (again.made[0].reused, again.made[0].waiting) == (True, True)
    assert again.as_metadata()["reused"] == 1
    assert file.stat().st_mtime_ns == made_at
    assert only_video(sessions).render_fingerprint == video.render_fingerprint
    assert video.render_fingerprint is not None
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(ReviewQueue)) == 1
    file.write_bytes(file.read_bytes()[:-1])
    mended = make(sessions, tmp_path, clock, selection=Selection(only=(script,), force=True))
    assert not mended.made[0].reused
    assert file.stat().st_size == video.file_size_bytes


def test_what_is_on_its_way_to_youtube_is_not_made_again(
    sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock, quick: list[str]
) -> None:
    with sessions.begin() as session:
        channel = a_channel(session, slug="film")
        video = a_video(session, add(session, channel, status=ScriptStatus.USED), status=VideoStatus.PUBLISHED)
    assert make(sessions, tmp_path, clock, selection=Selection(only=(video.id,), force=True)).made == ()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    sessions: sessionmaker[Session], script_id: UUID, tmp_path: Path, clock: ManualClock
) -> None:
    made = make(sessions, tmp_path, clock, selection=Selection(dry_run=True))
    assert len(made.planned) == 1
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Video)) == 0


def test_a_paused_channel_is_left_alone(
    sessions: sessionmaker[Session], script_id: UUID, tmp_path: Path, clock: ManualClock
) -> None:
    with sessions.begin() as session:
        session.scalars(select(Channel)).one().status = ChannelStatus.PAUSED
    assert make(sessions, tmp_path, clock).note == "the channel is not active"


def test_borrowed_pictures_are_credited(sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock) -> None:
    from PIL import Image

    pictures = tmp_path / "media" / "pictures"
    pictures.mkdir(parents=True)
    Image.linear_gradient("L").resize((300, 500)).convert("RGB").save(pictures / "one.jpg")
    (pictures / "one.txt").write_text("Kim\nCC BY 4.0\nhttps://example.com/a")
    content = {"video": {"visuals": ["local", "drawn"], "visuals_folder": "pictures"}}
    with sessions.begin() as session:
        add(session, a_channel(session, slug="film", operation_config=AUTO, content_config=content))
    make(sessions, tmp_path, clock)
    assert only_video(sessions).visual_sources == ["local", "drawn"]
    with sessions() as session:
        credit = session.scalars(select(MediaCredit)).one()
    assert (credit.author, credit.licence) == ("Kim", "CC BY 4.0")


def test_a_licence_that_asks_for_a_name_nobody_gave_is_told_to_the_reviewer() -> None:
    whole = Credit("local", "Kim", "CC BY 4.0", "https://example.com/a")
    nameless, unknown = replace(whole, author=None), replace(whole, licence=" ", address=None, identity="local:a.jpg")
    own = Credit("local", None, "the channel's own", None)
    assert licence_gaps([whole, own, Credit("pexels", None, "Pexels License", None)]) == []
    assert licence_gaps([nameless, unknown]) == [
        "CC BY 4.0 asks for an author, and none is known of https://example.com/a",
        "no licence is known of local:a.jpg",
    ]


def test_a_video_whose_file_is_gone_or_changed_is_found(
    sessions: sessionmaker[Session], script_id: UUID, tmp_path: Path, clock: ManualClock, quick: list[str]
) -> None:
    from shorts_pipeline.videos.files_check import broken_files

    make(sessions, tmp_path, clock)
    store = MediaStore(tmp_path / "media")
    file = store.path(only_video(sessions).video_path or "")
    with sessions() as session:
        assert broken_files(session, store) == []
        file.write_bytes(file.read_bytes()[:-100])
        assert "bytes instead of" in broken_files(session, store)[0].fault
        file.unlink()
        assert "missing" in broken_files(session, store)[0].fault
