"""The chain: the persona's engine first, then its fallbacks; what was spoken once is not spoken again.

`offline` is a chain of its own (offline.py). A fallback speaks with its usual voice and its usual secret: the
persona's are those of its first engine.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson, PipelineError
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech.health import EngineHealth
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed, Narrator, Word
from shorts_pipeline.resources.speech.offline import OFFLINE, offline_voices

RULES = 2
"""Raised when a change of ours makes the same request sound different: what was cached before is then not used."""
_NOT_HEARD = {"fallbacks", "secret"}


@dataclass(frozen=True)
class Chain:
    """A narrator made of engines, tried in order: `first`, then what the voice settings name as fallbacks."""

    first: str
    engines: Mapping[str, Narrator]
    store: MediaStore
    health: EngineHealth
    gender: str = "male"

    @property
    def name(self) -> str:
        return self.first

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:
        """See `Narrator.narrate`; `engine` of the result says who spoke. Raises with every engine's reason."""
        failures: list[tuple[str, PipelineError]] = []
        for name, voice, chosen in self._asked(language, voice_id, settings):
            key = _key(name, text, language, f"{voice}/{self.gender}", chosen)
            if (kept := self._kept(key, name)) is None:
                try:
                    kept = self._speak(name, key, text, language, voice, chosen)
                except (NarrationFailed, NeedsPerson) as error:
                    failures.append((name, error))
                    continue
            shutil.copyfile(kept.path, target)
            return Narration(target, kept.duration, kept.words, kept.engine)
        raise _summed_up(failures)

    def _asked(self, language: str, voice_id: str, settings: VoiceSettings) -> Iterator[tuple[str, str, VoiceSettings]]:
        """Engines in order, each with the voice and the settings it is asked for."""
        usual = settings.model_copy(update={"secret": None})
        for service in dict.fromkeys((self.first, *settings.fallbacks)):
            voice = voice_id if service == self.first else ""
            engines = offline_voices(language, voice, self.gender) if service == OFFLINE else (service,)
            for name in engines:
                yield name, voice, settings if service == self.first else usual

    def _speak(
        self, name: str, key: str, text: str, language: str, voice_id: str, settings: VoiceSettings
    ) -> Narration:
        engine = self.engines.get(name)
        if engine is None:
            raise NeedsPerson(f"no engine {name!r}: set the persona's tts_service to one of {', '.join(self.engines)}")
        if (until := self.health.rests_until(name)) is not None:
            raise NarrationFailed(f"failed lately and rests until {until:%H:%M:%S} UTC")
        try:
            with self.store.writing(f"{key}.wav") as temporary:
                said = engine.narrate(text, language=language, voice_id=voice_id, settings=settings, target=temporary)
        except NarrationFailed as error:
            self.health.failed(name, error.delay)
            raise
        self.health.worked(name)
        path = self.store.path(f"{key}.wav")
        known = _as_json(said, path.stat().st_size)
        self.store.write_bytes(f"{key}.json", json.dumps(known, ensure_ascii=False).encode())
        return Narration(path, said.duration, said.words, said.engine)

    def _kept(self, key: str, name: str) -> Narration | None:
        """What was spoken before. The words are written last: with them, the sound is whole."""
        sound, words = self.store.path(f"{key}.wav"), self.store.path(f"{key}.json")
        try:
            known = json.loads(words.read_text(encoding="utf-8"))
            heard = tuple(Word(text, start, end) for text, start, end in known["words"])
            whole = sound.stat().st_size == known["bytes"]
            return Narration(sound, float(known["duration"]), heard, name) if whole else None
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def _key(engine: str, text: str, language: str, voice: str, settings: VoiceSettings) -> str:
    heard = settings.model_dump(mode="json", exclude=_NOT_HEARD)
    asked = json.dumps([RULES, engine, text, language, voice, heard], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(asked.encode()).hexdigest()
    return f"speech/{digest[:2]}/{digest}"


def _as_json(said: Narration, size: int) -> dict[str, Any]:
    return {"duration": said.duration, "bytes": size, "words": [[w.text, w.start, w.end] for w in said.words]}


def _summed_up(failures: Sequence[tuple[str, PipelineError]]) -> PipelineError:
    told = "; ".join(f"{name}: {error}" for name, error in failures)
    only_a_person = all(isinstance(error, NeedsPerson) for _, error in failures)
    return (NeedsPerson if only_a_person else NarrationFailed)(f"no voice could be had: {told}")
