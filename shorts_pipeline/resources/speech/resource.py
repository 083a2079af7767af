"""The voices of this machine as a resource."""

from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from shorts_pipeline.clock import Clock, FileClock
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings

if TYPE_CHECKING:
    from shorts_pipeline.resources.speech.narration import Narrator
    from shorts_pipeline.resources.speech.service import FindSecret


class SpeechResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Narrators by the persona's `tts_service`; what they spoke is kept under the media root."""

    media_root: str
    clock_file: str
    elevenlabs_url: str = "https://api.elevenlabs.io"
    clova_url: str = "https://naveropenapi.apigw.ntruss.com"

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "SpeechResource":
        chosen = settings or read_settings()
        return cls(
            media_root=str(chosen.media_root),
            clock_file=str(chosen.clock_file),
            elevenlabs_url=chosen.elevenlabs_url,
            clova_url=chosen.clova_url,
        )

    def narrator_for(
        self, tts_service: str, *, gender: str = "male", find_secret: "FindSecret | None" = None
    ) -> "Narrator":
        """The service is tried first, then the voice's fallbacks.

        `gender` is for engines whose voices do not say it themselves; `find_secret` gives a secret by its name.
        """
        from shorts_pipeline.resources.speech.chain import Chain
        from shorts_pipeline.resources.speech.health import EngineHealth

        clock: Clock = FileClock(Path(self.clock_file))
        store = MediaStore(Path(self.media_root))
        engines = {engine.name: engine for engine in self._engines(gender == "female", find_secret)}
        return Chain(str(tts_service), engines, store, EngineHealth(store, clock), gender)

    def _engines(self, woman: bool, find_secret: "FindSecret | None") -> "list[Narrator]":
        from shorts_pipeline.resources.speech.clova import Clova
        from shorts_pipeline.resources.speech.edge import EdgeTts
        from shorts_pipeline.resources.speech.elevenlabs import ElevenLabs
        from shorts_pipeline.resources.speech.espeak import Espeak
        from shorts_pipeline.resources.speech.kokoro import Kokoro
        from shorts_pipeline.resources.speech.piper import Piper
        from shorts_pipeline.resources.speech.service import no_secrets

        find = find_secret or no_secrets
        return [
            EdgeTts(woman=woman),
            ElevenLabs(find, self.elevenlabs_url),
            Clova(find, self.clova_url, woman=woman),
            Kokoro(woman=woman),
            Piper(),
            Espeak(woman=woman),
        ]
