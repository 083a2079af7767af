"""From the channel's file to the description: pictures of libraries in a real video, credited, not shown again."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.doctor import named_secrets
from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import MediaCredit, ScriptStatus, Video, VideoStatus
from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech.espeak import Espeak
from shorts_pipeline.settings import Settings, settings
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.make import Floor, make_videos
from shorts_pipeline.videos.material import NOT_AGAIN_FOR, shown_lately
from shorts_pipeline.videos.pictures.illustrate import Story, sources_of
from shorts_pipeline.videos.pictures.supply import Supply
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video
from shorts_pipeline_tests.videos.pictures.stock.libraries import KEY, Work, jpeg, running
from shorts_pipeline_tests.videos.test_make import Voices

VISUALS = {
    "visuals": ["pexels-video", "pixabay-photo", "drawn"],
    "pexels_secret": "PEXELS_TEST_KEY",
    "pixabay_secret": "PIXABAY_TEST_KEY",
}
STORY = Story("t", ("수출",), "ko", 1)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    from shorts_pipeline.resources.media import run_ffmpeg

    target = tmp_path_factory.mktemp("film") / "film.mp4"
    run_ffmpeg(
        ["-f", "lavfi", "-i", "testsrc2=size=360x640:rate=25:duration=2", "-pix_fmt", "yuv420p", target], seconds=60
    )
    return target.read_bytes()


def test_a_video_shows_pictures_of_libraries_and_says_whose_they_are(
    sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {"video": VISUALS}
    with sessions.begin() as session:
        channel = a_channel(
            session, slug="film", content_config=content, operation_config={"review": {"video": {"mode": "auto"}}}
        )
        topic = a_topic(session, channel, keywords=["수출"])
        text = "수출이 24% 늘었습니다. 왜일까요? 공장이 바쁩니다."
        a_script(session, topic, script_text=text, status=ScriptStatus.APPROVED)
    with running() as libraries:
        libraries.works = [Work(1, "film.mp4", 720, 1280, seconds=2), Work(2, "bad.jpg"), Work(3, "good.jpg")]
        libraries.files |= {"film.mp4": film, "bad.jpg": b"<html>", "good.jpg": jpeg()}
        for name, value in {
            "PEXELS_URL": f"{libraries.url}/pexels",
            "PIXABAY_URL": f"{libraries.url}/pixabay",
            "ALLOW_LOOPBACK_SOURCES": "1",
            "PEXELS_TEST_KEY": KEY,
            "PIXABAY_TEST_KEY": KEY,
        }.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        floor = Floor(sessions, MediaStore(tmp_path), Voices(Espeak()), clock, owner="test", preset="ultrafast")
        made = make_videos(floor, channel="film")
    settings.cache_clear()
    assert len(made.made) == 1
    with sessions() as session:
        video = session.scalars(select(Video)).one()
        credits = {row.identity: row for row in session.scalars(select(MediaCredit))}
    assert video.visual_sources == ["pexels-video", "pixabay-photo", "drawn"]
    assert credits.keys() == {"pexels:video:1", "pixabay:photo:3"}
    film_credit = credits["pexels:video:1"]
    assert (film_credit.author, film_credit.licence) == ("Filmer 1", "Pexels License")
    assert film_credit.address == "https://www.pexels.com/video/1/"


def test_what_the_last_videos_showed_is_known_by_one_query(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        mine, other = a_channel(session), a_channel(session)
        for number in range(NOT_AGAIN_FOR + 2):
            for channel in (mine, other):
                script = a_script(session, a_topic(session, channel))
                video = a_video(session, script, status=VideoStatus.GENERATED, video_path="v.mp4")
                video.created_at = script.created_at + timedelta(days=number)
                session.add(
                    MediaCredit(video_id=video.id, source="pexels", licence="x", identity=f"{channel.slug}:{number}")
                )
        session.flush()
        shown = shown_lately(session, mine.id, but=mine.id)
        last = session.scalar(
            select(Video.script_id).where(Video.channel_id == mine.id).order_by(Video.created_at.desc())
        )
        assert last is not None
        without_its_own = shown_lately(session, mine.id, but=last)
    newest = NOT_AGAIN_FOR + 1
    assert shown == {f"{mine.slug}:{number}" for number in range(2, newest + 1)}
    assert without_its_own == {f"{mine.slug}:{number}" for number in range(1, newest)}


def test_a_missing_key_is_told_before_anything_is_drawn(
    store: MediaStore, letters: Face, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PEXELS_TEST_KEY", raising=False)
    style = VideoStyle.model_validate(VISUALS)
    with pytest.raises(ConfigurationError, match="no secret PEXELS_TEST_KEY"):
        sources_of(style, STORY, store, letters, Supply(clock, Settings()))


@pytest.mark.parametrize(
    ("visuals", "told"),
    [
        ({"visuals": ["pexels-photo"]}, "pexels_secret"),
        ({"visuals": ["pixabay-video"]}, "pixabay_secret"),
        ({"visuals": ["generated"]}, "generated_model"),
    ],
)
def test_a_source_without_what_it_needs_is_told_when_the_file_is_applied(visuals: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        VideoStyle.model_validate(visuals)


def test_sources_stand_in_the_channels_order_and_drawn_is_always_last(
    store: MediaStore, letters: Face, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PEXELS_TEST_KEY", "PIXABAY_TEST_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, KEY)
    order = ["generated", "pixabay-photo", "local", "pexels-video", "pexels-photo", "pixabay-video"]
    style = VideoStyle.model_validate(
        {**VISUALS, "visuals": order, "visuals_folder": "x", "generated_model": "openai:gpt-image-1"}
    )
    sources = sources_of(style, STORY, store, letters, Supply(clock, Settings()))
    names = [type(source).__name__ for source in sources]
    assert names == ["Generated", "Stock", "LocalFolder", "Stock", "Stock", "Stock", "Drawn"]


def test_the_doctor_knows_the_keys_of_picture_libraries(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        a_channel(session, slug="film", content_config={"video": VISUALS})
        assert named_secrets(session).keys() >= {"PEXELS_TEST_KEY", "PIXABAY_TEST_KEY"}
