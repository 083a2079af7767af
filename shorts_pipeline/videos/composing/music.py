"""Music: a soft bed made of sines, so that nothing in it is anybody's. Same seed, same bed.

Four chords of a slow minor-to-major turn, each swelling into the next over a bass; it loops without a click.
"""

import wave
from pathlib import Path

from shorts_pipeline.resources.media import MediaStore

RATE = 48_000
CHORD_SECONDS = 4.0
_CHORDS = ((0, 3, 7, 10), (-4, 0, 3, 7), (3, 7, 10, 14), (-2, 2, 5, 9))
_ROOTS = (196.00, 174.61, 207.65, 185.00)
VERSION = 1


def bed(store: MediaStore, seed: int) -> Path:
    """The bed of a seed (16 s, loops), made the first time."""
    relative = f"music/bed-{VERSION}-{seed % len(_ROOTS)}.wav"
    if not store.exists(relative):
        with store.writing(relative) as temporary:
            _write(temporary, _ROOTS[seed % len(_ROOTS)])
    return store.path(relative)


def _write(path: Path, root: float) -> None:
    import numpy as np

    length = int(CHORD_SECONDS * RATE)
    total = length * len(_CHORDS)
    whole = np.zeros(total, dtype=np.float64)
    time = np.arange(2 * length) / RATE
    # Each chord swells in over its first half and out over the next chord's: their sum is even.
    swell = np.sin(np.pi * time / (2 * CHORD_SECONDS)) ** 2
    for turn, chord in enumerate(_CHORDS):
        tone = np.zeros(2 * length)
        for step in chord:
            pitch = root * 2 ** (step / 12)
            for partial, strength in ((1, 1.0), (2, 0.22), (3, 0.07)):
                beat = np.sin(2 * np.pi * pitch * partial * 1.0015 * time)
                tone += strength * (np.sin(2 * np.pi * pitch * partial * time) + beat) / 2
        tone += 1.4 * np.sin(2 * np.pi * root / 2 * 2 ** (chord[0] / 12) * time)
        at = (turn * length + np.arange(2 * length)) % total
        np.add.at(whole, at, tone * swell)
    whole *= 0.25 / np.abs(whole).max()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((whole * 32767).astype("<i2").tobytes())
