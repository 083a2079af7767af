"""Sound: reading, joining and judging speech before anybody has to hear it."""

import array
import math
import tempfile
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shorts_pipeline.language import speaking_seconds
from shorts_pipeline.resources.media import FfmpegFailed, run_ffmpeg
from shorts_pipeline.resources.speech.narration import SAMPLE_RATE, NarrationFailed, Word

QUIET_DBFS = -50.0
SHORTEST_SHARE = 0.35
"""Of the time a text needs (language.speaking_seconds) at least this must have been spoken; else it was cut off."""
LONGEST_SHARE = 4.0
CLEAN = ("highpass=f=60",)
_SPEECH_GATE = 0.02


def samples(path: Path) -> tuple["array.array[int]", int]:
    """Mono 16-bit samples of a WAV file, and their rate. Raises `NarrationFailed` if it is not one."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise NarrationFailed(f"{path.name} is not mono 16-bit sound")
            return array.array("h", file.readframes(file.getnframes())), file.getframerate()
    except (wave.Error, EOFError, OSError) as error:
        raise NarrationFailed(f"{path.name} is not a sound file: {error}") from error


def write(path: Path, sound: "array.array[int]", rate: int) -> None:
    """Write mono 16-bit sound as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.tobytes())


def spoken_part(sound: "array.array[int]", rate: int) -> tuple[int, int]:
    """First and last sample (exclusive) of what can be heard, in steps of 5 ms; (0, 0) for silence."""
    step = max(rate // 200, 1)
    loud = max((abs(value) for value in sound), default=0) * _SPEECH_GATE
    if loud < 10:
        return 0, 0
    heard = [at for at in range(0, len(sound), step) if max(map(abs, sound[at : at + step])) > loud]
    return (heard[0], min(heard[-1] + step, len(sound))) if heard else (0, 0)


@contextmanager
def scratch(name: str = "raw.wav") -> Iterator[Path]:
    """A place for unfinished sound, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="narration-") as folder:
        yield Path(folder) / name


def pleasant(
    source: Path,
    target: Path,
    *,
    filters: Sequence[str],
    decibels: float = 0.0,
    semitones: float = 0.0,
    tempo: float = 1.0,
) -> None:
    """Shape the sound with ffmpeg's filters at the narration's rate; the whole mix gets its loudness later.

    `semitones` and `tempo` are for engines that cannot change pitch or speed (so far) themselves.
    """
    chain = [*filters, *_bent(semitones, tempo), f"volume={decibels:.2f}dB", f"aresample={SAMPLE_RATE}"]
    chain.append("alimiter=limit=0.9:level=disabled")
    options = ["-ac", "1", "-c:a", "pcm_s16le", "-f", "wav"]
    try:
        run_ffmpeg(["-i", source, "-af", ",".join(chain), *options, target], seconds=60)
    except FfmpegFailed as error:
        # What a service sent as sound may be a page of HTML.
        raise NarrationFailed(f"the sound cannot be read: {str(error)[-200:]}") from error


def sooner(word: Word, tempo: float) -> Word:
    """The word when the whole is played `tempo` times as fast."""
    return Word(word.text, round(word.start / tempo, 3), round(word.end / tempo, 3))


def _bent(semitones: float, tempo: float) -> list[str]:
    """Another pitch by playing faster or slower, and the tempo set right (and as asked) afterwards."""
    pitch = 2 ** (semitones / 12)
    filters = [f"aresample={SAMPLE_RATE}", f"asetrate={round(SAMPLE_RATE * pitch)}"] if semitones else []
    if abs(tempo / pitch - 1) > 0.005:
        filters.append(f"atempo={tempo / pitch:.4f}")
    return filters


def judge(path: Path, text: str, language: str, rate: float, words: Sequence[Word]) -> float:
    """The sound's length in seconds. Raises `NarrationFailed` for silence, truncation and words out of order."""
    sound, hertz = samples(path)
    duration = len(sound) / hertz
    loudness = _dbfs(sound)
    if loudness < QUIET_DBFS:
        raise NarrationFailed(f"the voice is silent ({loudness:.0f} dBFS)")
    expected = speaking_seconds(text, language, rate)
    if duration < expected * SHORTEST_SHARE:
        raise NarrationFailed(f"the voice was cut off: {duration:.1f} s for a text of about {expected:.1f} s")
    if duration > max(expected, 1.0) * LONGEST_SHARE:
        raise NarrationFailed(f"the voice goes on too long: {duration:.1f} s for a text of about {expected:.1f} s")
    _judge_words(words, text, duration)
    return duration


def _judge_words(words: Sequence[Word], text: str, duration: float) -> None:
    if [word.text for word in words] != text.split():
        raise NarrationFailed("the engine's words are not the text's")
    latest = 0.0
    for word in words:
        if word.start < latest - 1e-6 or word.end < word.start:
            raise NarrationFailed(f"the word {word.text!r} goes back in time")
        latest = word.start
    if words and words[-1].end > duration + 0.25:
        raise NarrationFailed(f"the voice was cut off: words go on to {words[-1].end:.1f} s of {duration:.1f} s")


def _dbfs(sound: "array.array[int]") -> float:
    step = max(len(sound) // 200_000, 1)
    picked = sound[::step]
    if not picked:
        return -120.0
    mean = math.sqrt(sum(value * value for value in picked) / len(picked))
    return 20 * math.log10(max(mean, 1e-3) / 32768)
