"""One media root and one short rendered video for the tests of this room that only look."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from shorts_pipeline.database.documents import ContentConfig, OperationConfig, VoiceSettings
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech.espeak import Espeak
from shorts_pipeline.videos.fonts import Face, face
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.render import Workshop, render
from shorts_pipeline.videos.rendered import Rendered

SCRIPT = "수출이 24% 늘었습니다. 왜일까요?"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> MediaStore:
    """A media root that the session's tests share; each writes to its own folder."""
    return MediaStore(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="session")
def letters(store: MediaStore) -> Face:
    return face("NanumGothic", store)


@pytest.fixture(scope="session")
def studio() -> Studio:
    """A Korean channel with music, spoken offline."""
    content = ContentConfig.model_validate({"video": {"music": {"enabled": True}}})
    return Studio(
        id=UUID(int=1),
        slug="test",
        name="오늘의 테크",
        active=True,
        content=content,
        operation=OperationConfig(),
        tts_service="offline-espeak",  # so that nothing stands in for a better voice
        voice_id="ko",
        voice_gender="female",
        voice_settings=VoiceSettings(rate=1.3),
    )


@pytest.fixture(scope="session")
def material() -> Material:
    return Material(UUID(int=2), SCRIPT, "수출이 24% 늘었다", ("수출",), (), 60)


@pytest.fixture(scope="session")
def workshop(store: MediaStore) -> Workshop:
    return Workshop(store, Espeak(), "ultrafast")


@pytest.fixture(scope="session")
def rendered(material: Material, studio: Studio, workshop: Workshop) -> Rendered:
    """A real video of about three seconds."""
    return render(material, studio, workshop, folder="videos/test/sample")


@pytest.fixture
def video(rendered: Rendered, store: MediaStore, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    copy = tmp_path / "video.mp4"
    copy.write_bytes(store.path(rendered.video).read_bytes())
    return copy


def with_text(material: Material, text: str, title: str | None = None) -> Material:
    """The same material, saying something else."""
    return replace(material, text=text, title=title or material.title)
