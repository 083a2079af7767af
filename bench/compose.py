"""How much composing a video costs beside the encoder alone.

Run: `python bench/compose.py [--seconds 20] [--preset veryfast] [--runs 3]`

Both are done in this run, in turn: our whole composition (stills, motion, passages, headline, subtitles, music, mix,
encode) and x264 alone, with the same options, on the very frames that composition shows, read from a file. CPU-seconds
of all processes, medians. One JSON line a figure; what is measured besides goes to standard error.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from shorts_pipeline.database.documents.content_config import MusicStyle, VideoStyle
from shorts_pipeline.resources.media import MediaStore, run_ffmpeg
from shorts_pipeline.resources.speech import Word, sound
from shorts_pipeline.videos import compose as composing
from shorts_pipeline.videos import mix as mixing
from shorts_pipeline.videos import subtitle
from shorts_pipeline.videos.fonts import face
from shorts_pipeline.videos.frames import Shot, frame_count
from shorts_pipeline.videos.headline import headline
from shorts_pipeline.videos.illustrate import Story, illustrate, sources_of

TARGET = 2.0
SENTENCES = [
    "반도체 수출이 석 달 만에 160억 달러를 넘었습니다.",
    "전년보다 24.3% 늘어난 규모인데요, 메모리가 이끌었습니다.",
    "업계는 “하반기까지 강세가 이어질 것”이라고 봅니다.",
    "앞으로 메모리 가격이 어디까지 오를지 지켜볼게요.",
    "여러분의 생각은 어떤가요?",
]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--preset", default="veryfast")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-compose-") as folder:
        store = MediaStore(Path(folder))
        ours, floor = _measure(store, asked.seconds, asked.preset, asked.runs)
    ratio = ours[0] / floor[0]
    print(
        f"{asked.seconds} s at {asked.preset}: ours {ours[0]:.1f} CPU-s, {ours[1]:.1f} s wall; "
        f"x264 alone {floor[0]:.1f} CPU-s, {floor[1]:.1f} s wall; {os.cpu_count()} cores",
        file=sys.stderr,
    )
    figure = {"name": "compose_cpu_over_x264", "value": round(ratio, 3), "unit": "ratio", "target": TARGET}
    print(json.dumps({**figure, "ok": ratio <= TARGET}))
    return 0 if ratio <= TARGET else 1


def _measure(
    store: MediaStore, seconds: int, preset: str, runs: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Medians of (CPU-seconds, wall) of ours and of the floor."""
    target, ready = store.root / "video.mp4", store.root / "frames.yuv"
    quality, composing.QUALITY = composing.QUALITY, 1  # as good as the frames themselves, grain and all
    _compose(store, seconds, "ultrafast", target)
    composing.QUALITY = quality
    run_ffmpeg(["-i", target, "-an", "-f", "rawvideo", "-pix_fmt", "yuv420p", ready], seconds=300)
    ours, floor = [], []
    for _ in range(runs):
        ours.append(_timed(lambda: _compose(store, seconds, preset, target)))
        floor.append(_timed(lambda: _encode(ready, preset)))
    ready.unlink()
    return _median(ours), _median(floor)


def _encode(ready: Path, preset: str) -> None:
    """x264 with the options that compose.py gives it."""
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "1080x1920", "-framerate", "30", "-i", ready]
    options = ["-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-crf", composing.QUALITY, "-g", 60]
    run_ffmpeg([*raw, *options, "-x264-params", "8x8dct=1", "-f", "mp4", "-y", ready.with_suffix(".mp4")], seconds=600)


def _compose(store: MediaStore, seconds: int, preset: str, target: Path) -> None:
    style = VideoStyle(music=MusicStyle(enabled=True))
    letters = face("NanumGothic", store)
    story = Story("반도체 수출, 석 달 만에 160억 달러 돌파", ("반도체", "수출", "메모리"), "ko", UUID(int=3).int)
    each = seconds / len(SENTENCES)
    spoken = [_words(text, number * each, each * 0.94) for number, text in enumerate(SENTENCES)]
    stills = illustrate(story, SENTENCES, sources_of(style, story, store, letters))
    groups = subtitle.grouped(spoken, style.subtitles, letters)
    with composing.work_folder(store, "bench") as work:
        _voice(work / "voice.wav", seconds)
        music = mixing.track(style.music, store, 1)
        mixed = mixing.mix(
            work / "voice.wav", music, style.music, duration=seconds, lufs=-14.0, target=work / "mix.wav"
        )
        composition = composing.Composition(
            shots=[Shot(still, number * each, (number + 1) * each) for number, still in enumerate(stills)],
            subtitles=subtitle.ass(groups, style=style.subtitles, colours=style.colours, face=letters),
            face=letters,
            sound=mixed,
            total=frame_count(seconds, 30),
            rate=30,
            transitions=style.transitions,
            lufs=-14.0,
            overlay=headline("오늘의 테크", story.title, style.colours, letters),
        )
        composing.compose(composition, target, work=work, preset=preset)


def _words(text: str, start: float, length: float) -> list[Word]:
    words = text.split()
    each = length / len(words)
    return [Word(word, start + index * each, start + (index + 1) * each) for index, word in enumerate(words)]


def _voice(path: Path, seconds: int) -> None:
    """Something as loud as a voice: a second of noise in syllables, over and over."""
    import array
    import random

    chance = random.Random(1)
    second = [round(chance.gauss(0, 3000) * (0.2 + (at // 6000) % 2)) for at in range(48_000)]
    sound.write(path, array.array("h", [max(min(value, 32767), -32768) for value in second] * seconds), 48_000)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU-seconds of this process and its children, and seconds on the wall."""
    before, started = _cpu(), time.monotonic()
    work()
    return _cpu() - before, time.monotonic() - started


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _median(runs: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(cpu for cpu, _ in runs), statistics.median(wall for _, wall in runs)


if __name__ == "__main__":
    sys.exit(main())
