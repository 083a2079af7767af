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


class SpeechResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Narrators by the persona's `tts_service`; what they spoke is kept under the media root."""

    media_root: str
    clock_file: str

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "SpeechResource":
        chosen = settings or read_settings()
        return cls(media_root=str(chosen.media_root), clock_file=str(chosen.clock_file))

    def narrator_for(self, tts_service: str, *, gender: str = "male") -> "Narrator":
        """`offline` speaks offline; any other service is tried first and then the voice's fallbacks.

        `gender` is for engines whose voices do not say it themselves.
        """
        from shorts_pipeline.resources.speech.chain import Chain
        from shorts_pipeline.resources.speech.edge import EdgeTts
        from shorts_pipeline.resources.speech.espeak import Espeak
        from shorts_pipeline.resources.speech.health import EngineHealth

        clock: Clock = FileClock(Path(self.clock_file))
        store = MediaStore(Path(self.media_root))
        engines: list[Narrator] = [EdgeTts(), Espeak(woman=gender == "female")]
        by_name = {engine.name: engine for engine in engines}
        return Chain(str(tts_service), by_name, store, EngineHealth(store, clock), gender)
