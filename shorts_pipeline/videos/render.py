"""Render: a script to files: voice, subtitles, video, thumbnail and poster, checked and in their places.

Everything is made in a work folder or under a temporary name and moved into place once the video has been
verified. What was made from the same inputs before, and is still whole, is not made again. No row is read or written.
"""

import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from shorts_pipeline.database.documents.content_config import SubtitleStyle, VideoStyle
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.resources.media import DiskFull, MediaStore
from shorts_pipeline.resources.speech import Narrator
from shorts_pipeline.videos.composing import mix as mixing
from shorts_pipeline.videos.composing.compose import FFMPEG_LOG, Composition, Progress, compose, work_folder
from shorts_pipeline.videos.composing.effects import affected
from shorts_pipeline.videos.composing.frames import LEAST_ZOOM, Shot, frame_count
from shorts_pipeline.videos.composing.headline import Overlay, headline
from shorts_pipeline.videos.composing.watermark import watermark
from shorts_pipeline.videos.fingerprint import fingerprint
from shorts_pipeline.videos.fonts import Face, face
from shorts_pipeline.videos.material import Material, Studio
from shorts_pipeline.videos.narrate import Narrated, Voice, narrate
from shorts_pipeline.videos.pictures.illustrate import Still, Story, illustrate, sources_of
from shorts_pipeline.videos.pictures.supply import Supply
from shorts_pipeline.videos.rendered import (
    LOG,
    POSTER,
    PREVIEW,
    SRT,
    SUBTITLES,
    THUMBNAIL,
    VIDEO,
    VOICE,
    Rendered,
    note,
    unmarked,
    whole,
)
from shorts_pipeline.videos.subtitles import files as subtitle_files
from shorts_pipeline.videos.subtitles import subtitle
from shorts_pipeline.videos.subtitles.behind import Behind
from shorts_pipeline.videos.subtitles.group import Group
from shorts_pipeline.videos.thumbnail import POSTER as TALL
from shorts_pipeline.videos.thumbnail import THUMBNAIL as WIDE
from shorts_pipeline.videos.thumbnail import jpeg, thumbnail
from shorts_pipeline.videos.verify import Expected, verify

TAIL = 0.35
"""Seconds that the last picture stays after the last word."""
PREVIEW_WIDTH = 180


@dataclass(frozen=True)
class Workshop:
    """What rendering takes; without a `supply` it has no pictures of the web, `progress` is told of the encode."""

    store: MediaStore
    narrator: Narrator
    preset: str
    supply: Supply | None = None
    progress: Progress = lambda _: None


@dataclass(frozen=True)
class _Told:
    """The spoken script, and what it is about."""

    said: Narrated
    story: Story
    letters: Face
    shown: frozenset[str] = frozenset()

    @property
    def texts(self) -> list[str]:
        return [sentence.text for sentence in self.said.sentences]


def render(material: Material, studio: Studio, workshop: Workshop, *, folder: str) -> Rendered:
    """Make the video into `folder` of the media root. Raises what went wrong; ffmpeg's words are kept beside it."""
    started, worked = time.monotonic(), _cpu()
    store = workshop.store
    letters = face(studio.content.video.subtitles.font, store)
    inputs = fingerprint(material, studio, workshop.preset, letters, store)
    before = whole(folder, inputs, store)
    if before is not None and before.engine == studio.engine:
        return before
    with work_folder(store, folder.replace("/", "-")) as work:
        try:
            told = _told(material, studio, workshop, letters, work)
            if before is not None and before.engine == told.said.engine:
                return before  # the voice that was asked for is still not to be had
            made = _made(told, studio, workshop, folder, inputs, work)
        except PipelineError as error:
            _keep_log(store, folder, error, work)
            raise
    made = replace(made, wall_seconds=time.monotonic() - started, cpu_seconds=_cpu() - worked)
    note(made, store)
    return made


def _told(material: Material, studio: Studio, workshop: Workshop, letters: Face, work: Path) -> _Told:
    voice = Voice(workshop.narrator, studio.content.language, studio.voice_id, studio.voice_settings)
    said = narrate(material.text, voice, target_seconds=studio.content.target_seconds, target=work / VOICE)
    story = Story(material.title, material.keywords, studio.content.language, material.seed)
    return _Told(said, story, letters, material.shown)


def _made(told: _Told, studio: Studio, workshop: Workshop, folder: str, inputs: str, work: Path) -> Rendered:
    store, style = workshop.store, studio.content.video
    sources = sources_of(style, told.story, store, told.letters, workshop.supply)
    stills = affected(illustrate(told.story, told.texts, sources, told.shown), style.effects)
    groups = subtitle.grouped(
        [sentence.words for sentence in told.said.sentences],
        style.subtitles,
        told.letters,
        end=told.said.duration + TAIL,
    )
    composition = _composition(told, stills, groups, studio, store, work)
    small, poster = (thumbnail(told.story, told.texts, style, told.letters, canvas) for canvas in (WIDE, TALL))
    unmarked(folder, store)
    with store.writing(f"{folder}/{VIDEO}") as unseen:
        compose(composition, unseen, work=work, preset=workshop.preset, progress=workshop.progress)
        verified = verify(unseen, _expected(composition, groups, style.subtitles, told.letters))
    preview = jpeg(poster.resize((PREVIEW_WIDTH, PREVIEW_WIDTH * 16 // 9)), quality=60)
    for name, content in (
        (VOICE, (work / VOICE).read_bytes()),
        (SUBTITLES, subtitle_files.ass(composition.subtitles).encode()),
        (SRT, subtitle_files.srt(groups).encode()),
        (THUMBNAIL, jpeg(small)),
        (POSTER, jpeg(poster)),
        (PREVIEW, preview),
    ):
        store.write_bytes(f"{folder}/{name}", content)
    store.path(f"{folder}/{LOG}").unlink(missing_ok=True)
    return Rendered(
        folder=folder,
        fingerprint=inputs,
        verified=verified,
        engine=told.said.engine,
        sources=tuple(dict.fromkeys(still.source for still in stills)),
        credits=tuple(still.credit for still in stills if still.credit is not None),
        dropped=told.said.dropped,
        preview=preview,
    )


def _keep_log(store: MediaStore, folder: str, error: PipelineError, work: Path) -> None:
    """Why it failed and what ffmpeg said, beside where the video would be."""
    said = work / FFMPEG_LOG
    heard = f"\n\nffmpeg said:\n{said.read_text()}" if said.is_file() else ""
    with suppress(DiskFull, OSError):  # the error itself is on its way
        store.write_bytes(f"{folder}/{LOG}", f"{error}{heard}".encode())


def _expected(composition: Composition, groups: Sequence[Group], style: SubtitleStyle, letters: Face) -> Expected:
    return Expected(
        duration=composition.total / composition.rate,
        rate=composition.rate,
        lufs=composition.lufs,
        moves=composition.transitions.zoom >= LEAST_ZOOM,
        subtitles=tuple(subtitle.bounds(group, style, letters) for group in groups),
    )


def _composition(
    told: _Told, stills: Sequence[Still], groups: Sequence[Group], studio: Studio, store: MediaStore, work: Path
) -> Composition:
    style, letters = studio.content.video, told.letters
    total = frame_count(told.said.duration + TAIL, style.frame_rate)
    duration = total / style.frame_rate
    music = mixing.track(style.music, store, told.story.seed)
    shots = _shots(told.said, stills, duration)
    plated = subtitle.plated(groups, style.subtitles, style.colours, letters, Behind(shots, style.transitions))
    return Composition(
        shots=shots,
        subtitles=subtitle_files.sheet(plated, style=style.subtitles, colours=style.colours, face=letters),
        sound=mixing.mix(
            work / VOICE, music, style.music, duration=duration, lufs=style.loudness_lufs, target=work / "mix.wav"
        ),
        total=total,
        rate=style.frame_rate,
        transitions=style.transitions,
        lufs=style.loudness_lufs,
        overlay=overlay(studio.name, told.story.title, style, letters, store),
    )


def overlay(name: str, title: str, style: VideoStyle, letters: Face, store: MediaStore) -> Overlay:
    """What stands on every frame: the channel's mark, where it has one, its name and the title."""
    mark = watermark(style.watermark, store, style.subtitles.position) if style.watermark else None
    pieces = headline(name, title, style.colours, letters, kept=mark[1] if mark else None)
    return Overlay((*pieces, mark[0]) if mark else tuple(pieces))


def _shots(said: Narrated, stills: Sequence[Still], duration: float) -> list[Shot]:
    """A still from the beginning of its sentence to that of the next."""
    starts = [0.0, *(sentence.words[0].start for sentence in said.sentences[1:])]
    ends = [*starts[1:], duration]
    return [Shot(still, start, end) for still, start, end in zip(stills, starts, ends, strict=True)]


def _cpu() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
