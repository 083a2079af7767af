"""Videos of every kind of text: rendered for real and measured as every video is."""

from dataclasses import replace
from pathlib import Path

import matplotlib
import pytest

from shorts_pipeline.database.documents import ContentConfig, VoiceSettings
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech import Narration
from shorts_pipeline.resources.speech.espeak import Espeak
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.render import Workshop, render
from shorts_pipeline_tests.videos.conftest import with_text

WORDS = ("The export of memory chips grew by a quarter and nobody knows how long it lasts " * 25).split()[:400]
LONG = " ".join(f"{' '.join(WORDS[at : at + 10]).capitalize()}." for at in range(0, 400, 10))


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        ("ko", "수출이 24% 늘었다는데요, 왜일까요? 메모리입니다.", "수출이 24% 늘었다"),
        ("en", "Exports grew by 24%. Why? It's memory.", "It's 50%: a\\b; 'c', [d] %{pts} {\\an8}"),
        ("ko", "좋아요 😀👍🏽 정말? 네 🎉.", "😀 이모지 🎉 제목"),
        ("ko", "딱.", "한 단어"),
    ],
    ids=["Korean", "English", "emoji", "one word"],
)
def test_it_becomes_a_video_that_passes_every_check(
    language: str, text: str, title: str, material: Material, studio: Studio, workshop: Workshop
) -> None:
    content = ContentConfig.model_validate({"language": language})
    room = replace(studio, content=content, voice_id="en" if language == "en" else "ko")
    made = render(with_text(material, text, title), room, workshop, folder="videos/test/text")
    assert made.verified.duration > 0.5
    assert made.verified.true_peak <= -1


def test_hebrew_and_arabic_are_set_from_the_right_in_a_font_that_holds_them(
    material: Material, studio: Studio, workshop: Workshop, store: MediaStore
) -> None:
    """Drawn by libass, which orders and joins the letters; the first word stands at the right and is lit first."""
    import av
    import numpy as np

    font = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    store.write_bytes("fonts/DejaVuSans.ttf", font.read_bytes())
    content = ContentConfig.model_validate({"language": "en", "video": {"subtitles": {"font": "DejaVu Sans"}}})
    room = replace(studio, content=content, name="أخبار")
    spoken = replace(workshop, narrator=SpeaksAnything())
    made = render(with_text(material, "مرحبا بالعالم الكبير.", "שלום עולם"), room, spoken, folder="videos/test/rtl")
    with av.open(str(store.path(made.video))) as container:
        frame = next(frame for frame in container.decode(video=0) if frame.time and frame.time > 0.2)
    picture = frame.to_ndarray(format="rgb24").astype(int)[1060:1310]
    lit = (picture[..., 0] > 200) & (picture[..., 1] > 160) & (picture[..., 2] < 140)
    white = picture.min(axis=2) > 225
    assert lit.sum() > 300
    assert np.nonzero(lit)[1].mean() > np.nonzero(white)[1].mean()


class SpeaksAnything:
    """A voice for languages that no engine here knows: the offline one says something else as long."""

    name = "offline"

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:  # noqa: ARG002
        words = text.split()
        stand_in = " ".join(["memory"] * len(words)) + "."
        said = Espeak().narrate(stand_in, language=language, voice_id="en", settings=settings, target=target)
        return replace(said, words=tuple(replace(word, text=w) for w, word in zip(words, said.words, strict=True)))


def test_four_hundred_words_are_cut_to_the_length_the_channel_wants(
    material: Material, studio: Studio, workshop: Workshop
) -> None:
    content = ContentConfig.model_validate({"language": "en", "target_seconds": 6})
    room = replace(studio, content=content, voice_id="en", voice_settings=VoiceSettings(rate=1.5))
    made = render(with_text(material, LONG, "Four hundred words"), room, workshop, folder="videos/test/long")
    assert made.dropped > 20
    assert made.verified.duration < 6 * 1.35 + 1


@pytest.mark.soak
def test_four_hundred_words_fill_three_minutes_at_most(material: Material, studio: Studio, workshop: Workshop) -> None:
    content = ContentConfig.model_validate({"language": "en", "target_seconds": 180})
    room = replace(studio, content=content, voice_id="en", voice_settings=VoiceSettings())
    made = render(with_text(material, LONG, "Four hundred words"), room, workshop, folder="videos/test/longest")
    assert 120 < made.verified.duration <= 180
