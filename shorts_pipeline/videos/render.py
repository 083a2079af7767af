"""Render: a script to files: voice, subtitles, video, thumbnail and poster, checked and in their places.

Everything is made in a work folder or under a temporary name and moved into place once the video has been
verified. No row is read or written here.
"""

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shorts_pipeline.errors import PipelineError
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech import Narrator
from shorts_pipeline.videos import mix as mixing
from shorts_pipeline.videos import subtitle
from shorts_pipeline.videos.compose import Composition, compose, work_folder
from shorts_pipeline.videos.effects import affected
from shorts_pipeline.videos.fonts import Face, face
from shorts_pipeline.videos.frames import LEAST_ZOOM, Shot, frame_count
from shorts_pipeline.videos.headline import headline
from shorts_pipeline.videos.illustrate import Credit, Still, Story, illustrate, sources_of
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.narrate import Narrated, Voice, narrate
from shorts_pipeline.videos.supply import Supply
from shorts_pipeline.videos.thumbnail import POSTER, THUMBNAIL, jpeg, thumbnail
from shorts_pipeline.videos.verify import Expected, Verified, verify

TAIL = 0.35
"""Seconds that the last picture stays after the last word."""
VOICE = "narration.wav"
PREVIEW_WIDTH = 180


@dataclass(frozen=True)
class Rendered:
    """The finished files in their folder, what was measured and what it took. Paths are relative to the media root."""

    folder: str
    verified: Verified
    engine: str
    sources: tuple[str, ...]
    credits: tuple[Credit, ...]
    dropped: int
    preview: bytes
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def video(self) -> str:
        return f"{self.folder}/video.mp4"

    @property
    def thumbnail(self) -> str:
        return f"{self.folder}/thumbnail.jpg"

    @property
    def audio(self) -> str:
        return f"{self.folder}/{VOICE}"

    @property
    def subtitles(self) -> str:
        return f"{self.folder}/subtitles.ass"


@dataclass(frozen=True)
class Workshop:
    """What rendering takes; without a `supply` it has no pictures of the web."""

    store: MediaStore
    narrator: Narrator
    preset: str
    supply: Supply | None = None


def render(material: Material, studio: Studio, workshop: Workshop, *, folder: str) -> Rendered:
    """Make the video into `folder` of the media root. Raises what went wrong; ffmpeg's words are kept beside it."""
    started, worked = time.monotonic(), _cpu()
    store = workshop.store
    try:
        with work_folder(store, folder.replace("/", "-")) as work:
            made = _render(material, studio, workshop, folder, work)
    except PipelineError as error:
        store.write_bytes(f"{folder}/render.log", str(error).encode())
        raise
    return replace(made, wall_seconds=time.monotonic() - started, cpu_seconds=_cpu() - worked)


def _render(material: Material, studio: Studio, workshop: Workshop, folder: str, work: Path) -> Rendered:
    store, style = workshop.store, studio.content.video
    letters = face(style.subtitles.font, store)
    voice = Voice(workshop.narrator, studio.content.language, studio.voice_id, studio.voice_settings)
    said = narrate(material.text, voice, target_seconds=studio.content.target_seconds, target=work / VOICE)
    texts = [sentence.text for sentence in said.sentences]
    story = Story(material.title, material.keywords, studio.content.language, material.seed)
    sources = sources_of(style, story, store, letters, workshop.supply)
    stills = affected(illustrate(story, texts, sources, material.shown), style.effects)
    groups = subtitle.grouped([sentence.words for sentence in said.sentences], style.subtitles, letters)
    composition = _composition(said, stills, groups, studio, story, letters, store, work)
    small, poster = (thumbnail(story, texts, style, letters, canvas) for canvas in (THUMBNAIL, POSTER))
    with store.writing(f"{folder}/video.mp4") as unseen:
        compose(composition, unseen, work=work, preset=workshop.preset)
        verified = verify(unseen, _expected(composition))
    store.write_bytes(f"{folder}/{VOICE}", (work / VOICE).read_bytes())
    store.write_bytes(f"{folder}/subtitles.ass", composition.subtitles.encode())
    store.write_bytes(f"{folder}/subtitles.srt", subtitle.srt(groups).encode())
    store.write_bytes(f"{folder}/thumbnail.jpg", jpeg(small))
    store.write_bytes(f"{folder}/poster.jpg", jpeg(poster))
    store.path(f"{folder}/render.log").unlink(missing_ok=True)
    return Rendered(
        folder=folder,
        verified=verified,
        engine=said.engine,
        sources=tuple(dict.fromkeys(still.source for still in stills)),
        credits=tuple(still.credit for still in stills if still.credit is not None),
        dropped=said.dropped,
        preview=jpeg(poster.resize((PREVIEW_WIDTH, PREVIEW_WIDTH * 16 // 9)), quality=60),
    )


def _expected(composition: Composition) -> Expected:
    return Expected(
        duration=composition.total / composition.rate,
        rate=composition.rate,
        lufs=composition.lufs,
        moves=composition.transitions.zoom >= LEAST_ZOOM,
    )


def _composition(
    said: Narrated,
    stills: Sequence[Still],
    groups: Sequence[subtitle.Group],
    studio: Studio,
    story: Story,
    letters: Face,
    store: MediaStore,
    work: Path,
) -> Composition:
    style = studio.content.video
    total = frame_count(said.duration + TAIL, style.frame_rate)
    duration = total / style.frame_rate
    music = mixing.track(style.music, store, story.seed)
    return Composition(
        shots=_shots(said, stills, duration),
        subtitles=subtitle.ass(groups, style=style.subtitles, colours=style.colours, face=letters),
        face=letters,
        sound=mixing.mix(
            work / VOICE, music, style.music, duration=duration, lufs=style.loudness_lufs, target=work / "mix.wav"
        ),
        total=total,
        rate=style.frame_rate,
        transitions=style.transitions,
        lufs=style.loudness_lufs,
        overlay=headline(studio.name, story.title, style.colours, letters),
    )


def _shots(said: Narrated, stills: Sequence[Still], duration: float) -> list[Shot]:
    """A still from the beginning of its sentence to that of the next."""
    starts = [0.0, *(sentence.words[0].start for sentence in said.sentences[1:])]
    ends = [*starts[1:], duration]
    return [Shot(still, start, end) for still, start, end in zip(stills, starts, ends, strict=True)]


def _cpu() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
