"""The offline voices: one name for a channel's file, one engine after the other behind it."""

from typing import Final

OFFLINE: Final = "offline"
KOKORO, PIPER, ESPEAK = "offline-kokoro", "offline-piper", "offline-espeak"


def offline_voices(language: str, voice_id: str, gender: str) -> tuple[str, ...]:
    """Which engines to try, the best first; a voice of Kokoro's own (jm_kumo) or espeak's (en-us+f2) decides."""
    if "+" in voice_id:
        return (ESPEAK,)
    if language == "ko" or (language == "en" and voice_id.startswith(("jf_", "jm_"))):
        return (KOKORO, ESPEAK)
    if language == "en":
        # Piper's one voice in a wheel is a man's.
        return (KOKORO, ESPEAK) if gender == "female" else (PIPER, ESPEAK)
    return (ESPEAK,)


def spoke_as_asked(engine: str, service: str) -> bool:
    """Whether the engine that spoke is the service that was asked for."""
    return engine == service or (service == OFFLINE and engine in {KOKORO, PIPER, ESPEAK})
