"""How well the offline voices are understood, by machines that listen, and what they cost.

Run: `python bench/narration.py [--half tuned|held] [--language ko|en] [--voice NAME] [--show]` (extra `bench`)

One JSON line a figure: `name value unit target ok`. The sentences (`bench/spoken/`) are in two halves written before
the rules: rules and voices were chosen on one, the other only reports. Korean is compared on Hangul letters, English on
words, both sides spelled out by the same rules. The listeners are small: their own errors are in the figures, which
tell voices apart and do not say how a person hears them. `--show` prints what was heard; never use it on the half
that is held. 1 is returned when a target is missed.
"""

import argparse
import json
import math
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil
from listening import Listener, errors, listeners

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.resources.speech import Narration, Narrator, sound
from shorts_pipeline.resources.speech.espeak import Espeak
from shorts_pipeline.resources.speech.kokoro import Kokoro
from shorts_pipeline.resources.speech.piper import Piper

HERE = Path(__file__).parent / "spoken"
VOICES: dict[str, dict[str, Narrator]] = {
    "ko": {"kokoro_woman": Kokoro(woman=True), "kokoro_man": Kokoro(), "espeak": Espeak()},
    "en": {"piper": Piper(), "kokoro_woman": Kokoro(woman=True), "espeak": Espeak()},
}
TARGETS = {"ko_kokoro_woman_vosk_error": 0.30, "ko_kokoro_woman_whisper_error": 0.30, "en_piper_whisper_error": 0.15}
DEAREST = 0.8
"""CPU-seconds a second of sound: Kokoro took .55 to .69 by itself, .99 on two cores under seven times their load."""
PAUSE = 0.4
QUIETEST_JOIN_DBFS = -40.0


@dataclass(frozen=True)
class Heard:
    """What the listeners made of a voice, and what it took."""

    errors: dict[str, float]
    seconds: float
    cpu_seconds: float
    megabytes: float


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tuned", "held"), default="held")
    parser.add_argument("--language", choices=("ko", "en"))
    parser.add_argument("--voice")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    fine = True
    for language, voices in VOICES.items():
        if given.language in (None, language):
            lines = (HERE / f"{language}_{given.half}.txt").read_text(encoding="utf-8").splitlines()
            ears = listeners(language)
            for name, voice in voices.items():
                if given.voice in (None, name):
                    fine &= _told(f"{language}_{name}", _heard(voice, language, lines, ears, show=given.show))
                    fine &= _joins(f"{language}_{name}", voice, language, lines[:4])
    return 0 if fine else 1


def _heard(voice: Narrator, language: str, lines: Sequence[str], ears: Sequence[Listener], *, show: bool) -> Heard:
    wrong, right = dict.fromkeys((ear.name for ear in ears), 0), 0
    seconds = cpu = 0.0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "a.wav"
        _narrated(voice, language, "안녕하세요." if language == "ko" else "Good morning.", target)
        for line in lines:
            before = _cpu()
            seconds += _narrated(voice, language, line, target).duration
            cpu += _cpu() - before
            for ear in ears:
                heard = ear.hear(target)
                mistakes, length = errors(line, heard, language)
                wrong[ear.name] += mistakes
                if show:
                    print(f"{ear.name}: {mistakes}/{length} {line} | {heard}", file=sys.stderr)
            right += length
    return Heard({name: count / right for name, count in wrong.items()}, seconds, cpu, _peak())


def _narrated(voice: Narrator, language: str, text: str, target: Path, pause: float = PAUSE) -> Narration:
    settings = VoiceSettings(pause_seconds=pause)
    return voice.narrate(text, language=language, voice_id="", settings=settings, target=target)


def _told(name: str, heard: Heard) -> bool:
    fine = True
    for ear, error in heard.errors.items():
        fine &= _print(f"{name}_{ear}_error", error, "share", TARGETS.get(f"{name}_{ear}_error"))
    fine &= _print(f"{name}_cpu_a_second", heard.cpu_seconds / heard.seconds, "CPU-s a second of sound", DEAREST)
    _print(f"{name}_peak", heard.megabytes, "MB in the voice's own process", None)
    return fine


def _joins(name: str, voice: Narrator, language: str, lines: Sequence[str]) -> bool:
    """Four sentences in one narration: the pauses as asked, nothing clicks, nothing clips."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "a.wav"
        said = _narrated(voice, language, " ".join(lines), target)
        pcm, rate = sound.samples(target)
    ends, at = [], 0
    for line in lines:
        at += len(line.split())
        ends.append(at)
    pauses = [said.words[end].start - said.words[end - 1].end for end in ends[:-1]]
    edges = [round(moment * rate) for end in ends[:-1] for moment in (said.words[end - 1].end, said.words[end].start)]
    jump = max(_jump(pcm[max(edge - rate // 500, 0) : edge + rate // 500]) for edge in edges)
    fine = _print(f"{name}_pause_off", max(abs(pause - PAUSE) for pause in pauses), "seconds", 0.02)
    fine &= _print(f"{name}_join", _dbfs(jump), "dBFS, largest step at a join", QUIETEST_JOIN_DBFS)
    return fine and _print(f"{name}_peak_level", _dbfs(max(map(abs, pcm))), "dBFS", -0.1)


def _jump(pcm: Sequence[int]) -> int:
    return max((abs(b - a) for a, b in pairwise(pcm)), default=0)


def _dbfs(level: int) -> float:
    return 20 * math.log10(max(level, 1) / 32_768)


def _workers() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _cpu() -> float:
    """CPU-seconds of this process, of what it has reaped and of the voices' processes that live."""
    mine = psutil.Process().cpu_times()
    alive = [child.cpu_times() for child in _workers()]
    return sum(mine[:4]) + sum(times.user + times.system for times in alive)


def _peak() -> float:
    found = [0.0]
    for child in _workers():
        status = Path(f"/proc/{child.pid}/status")
        lines = status.read_text() if status.exists() else ""
        found += [int(kilobytes) / 1024 for kilobytes in re.findall(r"VmHWM:\s+(\d+)", lines)]
    return max(found)


def _print(name: str, value: float, unit: str, target: float | None) -> bool:
    ok = target is None or value <= target
    print(json.dumps({"name": f"narration_{name}", "value": round(value, 3), "unit": unit, "target": target, "ok": ok}))
    sys.stdout.flush()
    return ok


if __name__ == "__main__":
    sys.exit(main())
