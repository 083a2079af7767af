"""The short that is composed: six sentences, their words in time, six stills, a voice and music."""

import array
import random
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline.database.documents.content_config import MusicStyle, VideoStyle
from shorts_pipeline.resources.media import MediaStore, run_ffmpeg
from shorts_pipeline.resources.speech import Word, sound
from shorts_pipeline.videos.composing import compose as composing
from shorts_pipeline.videos.composing import mix as mixing
from shorts_pipeline.videos.composing.frames import Shot, frame_count
from shorts_pipeline.videos.composing.music import bed
from shorts_pipeline.videos.fonts import Face, face
from shorts_pipeline.videos.pictures.illustrate import Still, Story, illustrate, sources_of
from shorts_pipeline.videos.render import overlay
from shorts_pipeline.videos.subtitles import files as subtitle_files
from shorts_pipeline.videos.subtitles import subtitle
from shorts_pipeline.videos.subtitles.behind import Behind

RATE = 30
NAME, TITLE = "오늘의 테크", "반도체 수출, 석 달 만에 160억 달러 돌파"
SENTENCES = [
    "반도체 수출이 석 달 만에 160억 달러를 넘었습니다.",
    "전년보다 24.3% 늘어난 규모인데요, 메모리가 이끌었습니다.",
    "업계는 “하반기까지 강세가 이어질 것”이라고 봅니다.",
    "다만 환율과 관세는 여전히 눈여겨봐야 할 변수입니다.",
    "앞으로 메모리 가격이 어디까지 오를지 지켜볼게요.",
    "여러분의 생각은 어떤가요?",
]


@dataclass(frozen=True)
class Short:
    """What every contender is given. `frames` are those that our composition shows, raw."""

    store: MediaStore
    seconds: int
    voice: Path
    music: Path
    frames: Path
    style: VideoStyle
    face: Face

    @property
    def story(self) -> Story:
        return Story(TITLE, ("반도체", "수출", "메모리"), "ko", 3)

    @property
    def target(self) -> Path:
        return self.store.root / "video.mp4"

    def stills(self) -> list[Still]:
        return illustrate(self.story, SENTENCES, sources_of(self.style, self.story, self.store, self.face))

    def words(self, seconds: int) -> list[list[Word]]:
        """The words of each sentence, over so many seconds."""
        each = seconds / len(SENTENCES)
        return [_words(text, number * each, each * 0.94) for number, text in enumerate(SENTENCES)]


def prepared(folder: Path, seconds: int) -> Short:
    """Voice, music and stills' story in `folder`; nothing is composed yet."""
    store = MediaStore(folder)
    style = VideoStyle(music=MusicStyle(enabled=True))
    short = Short(
        store, seconds, folder / "voice.wav", bed(store, 1), folder / "frames.yuv", style, face("NanumGothic", store)
    )
    _voice(short.voice, seconds)
    return short


def ours(short: Short, preset: str) -> None:
    """Everything from the stills to the finished file."""
    style, each = short.style, short.seconds / len(SENTENCES)
    shots = [Shot(still, number * each, (number + 1) * each) for number, still in enumerate(short.stills())]
    groups = subtitle.grouped(short.words(short.seconds), style.subtitles, short.face, end=short.seconds)
    plated = subtitle.plated(groups, style.subtitles, style.colours, short.face, Behind(shots, style.transitions))
    with composing.work_folder(short.store, "bench") as work:
        mixed = mixing.mix(
            short.voice, short.music, style.music, duration=short.seconds, lufs=-14.0, target=work / "mix.wav"
        )
        composition = composing.Composition(
            shots=shots,
            subtitles=subtitle_files.sheet(plated, style=style.subtitles, colours=style.colours, face=short.face),
            sound=mixed,
            total=frame_count(short.seconds, RATE),
            rate=RATE,
            transitions=style.transitions,
            lufs=-14.0,
            overlay=overlay(NAME, TITLE, style, short.face, short.store),
        )
        composing.compose(composition, short.target, work=work, preset=preset)


def floor(short: Short, preset: str) -> None:
    """x264 with the options that compose.py gives it, on the frames that `ours` shows."""
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "1080x1920", "-framerate", str(RATE), "-i", short.frames]
    options = ["-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-crf", composing.QUALITY, "-g", 60]
    target = short.frames.with_suffix(".mp4")
    run_ffmpeg([*raw, *options, "-x264-params", "8x8dct=1", "-f", "mp4", "-y", target], seconds=900)


def show(short: Short) -> None:
    """Write the frames of `ours` down, as good as raw: grain and all."""
    quality, composing.QUALITY = composing.QUALITY, 1
    try:
        ours(short, "ultrafast")
    finally:
        composing.QUALITY = quality
    run_ffmpeg(["-i", short.target, "-an", "-f", "rawvideo", "-pix_fmt", "yuv420p", short.frames], seconds=900)


def _words(text: str, start: float, length: float) -> list[Word]:
    words = text.split()
    each = length / len(words)
    return [Word(word, start + index * each, start + (index + 1) * each) for index, word in enumerate(words)]


def _voice(path: Path, seconds: int) -> None:
    """Something as loud as a voice: a second of noise in syllables, over and over."""
    chance = random.Random(1)
    second = [round(chance.gauss(0, 3000) * (0.2 + (at // 6000) % 2)) for at in range(48_000)]
    sound.write(path, array.array("h", [max(min(value, 32767), -32768) for value in second] * seconds), 48_000)
