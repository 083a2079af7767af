"""The last offline voice: espeak-ng in a process of its own, sentence by sentence.

It knows a hundred languages and sounds like a robot. Installed with the extra `offline-voice`, since it is GPL
(espeak_worker.py).
"""

import importlib.util
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.language import sentences
from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed
from shorts_pipeline.resources.speech.pieces import answered, joined
from shorts_pipeline.resources.speech.words import Event, spelled

WORDS_A_MINUTE = {"ko": 185, "en": 162}
"""espeak counts Korean words as long ones: 185 gives about 5 syllables a second."""
VOICES = {"ko": "ko", "en": "en-us"}
WOMAN = "+f3"
TIME_LIMIT = 60.0
SOFTER = (
    "highpass=f=70",
    "equalizer=f=180:t=q:w=1.2:g=2.5",
    "equalizer=f=2600:t=q:w=1.4:g=-3",
    "equalizer=f=6500:t=q:w=1:g=-4",
    "lowpass=f=9000",
    "acompressor=threshold=0.12:ratio=2.5:attack=8:release=120:makeup=2.6",
    # A trace of a room: dry synthesis sounds as if it stood inside the ear.
    "aecho=0.9:0.6:23|37:0.10|0.06",
)
_OWN_VOICE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]+)*(?:\+[A-Za-z0-9]+)?")


@dataclass(frozen=True)
class Espeak:
    """Speaks with espeak-ng, as a woman where `woman` says so and the voice's name does not."""

    woman: bool = False
    name: str = "offline-espeak"

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:
        """See `Narrator.narrate`."""
        spoken = [spelled(sentence, language) for sentence in sentences(text, language)]
        if not spoken:
            raise NarrationFailed("there is nothing to say")
        answer = ask(
            {
                "voice": voice(language, voice_id, woman=self.woman),
                "rate": round(WORDS_A_MINUTE.get(language, 165) * settings.rate),
                "pitch": min(max(round(48 + 4 * settings.pitch), 0), 99),
                "range": 58,
                "sentences": [sentence.spoken for sentence in spoken],
            }
        )
        pieces = [
            answered(
                {"rate": answer["rate"], **said}, [Event(at, milliseconds / 1000) for at, milliseconds in said["words"]]
            )
            for said in answer["sentences"]
        ]
        with sound.scratch() as raw:
            words = joined(spoken, pieces, settings.pause_seconds, raw)
            sound.pleasant(raw, target, filters=SOFTER, decibels=settings.volume)
        duration = sound.judge(target, text, language, settings.rate, words)
        return Narration(target, duration, tuple(words), self.name)


def voice(language: str, voice_id: str, *, woman: bool = False) -> str:
    """espeak's own voice if one is named (`ko`, `en-us+f3`); for another engine's, one of its language."""
    own = _OWN_VOICE.fullmatch(voice_id) and voice_id.split("-")[0].split("+")[0] == language
    chosen = VOICES.get(voice_id, voice_id) if own else VOICES.get(language, language)
    return chosen + WOMAN if woman and "+" not in chosen else chosen


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """What espeak-ng's process answers (espeak_worker.py). Raises `NeedsPerson` where it is not installed."""
    folder = _installed()
    request |= {"library": str(_library(folder)), "data": str(folder / "espeak-ng-data")}
    try:
        done = subprocess.run(  # noqa: S603 - our own worker
            # -I keeps the caller's folder and variables away; the file is run by path, so that nothing else loads.
            [sys.executable, "-I", str(Path(__file__).with_name("espeak_worker.py"))],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NarrationFailed(f"espeak-ng did not answer within {TIME_LIMIT:.0f} s") from error
    if done.returncode != 0:
        raise NarrationFailed(f"espeak-ng failed: {done.stderr.decode(errors='replace')[-500:].strip()}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _installed() -> Path:
    # Looked for, not imported: the library is GPL and stays out of this process.
    found = importlib.util.find_spec("espeakng_loader")
    if found is None or found.origin is None:
        raise NeedsPerson(
            "the offline voice is not installed: run `pip install 'shorts_pipeline[offline-voice]'` (espeak-ng, GPL)"
        )
    return Path(found.origin).parent


def _library(folder: Path) -> Path:
    names = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}
    return folder / names.get(sys.platform, "libespeak-ng.so")
