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


def asked_engine(service: str, language: str, voice_id: str, gender: str) -> str:
    """The engine that speaks for a service unless another has to stand in."""
    return offline_voices(language, voice_id, gender)[0] if service == OFFLINE else service
