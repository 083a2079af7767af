"""The Piper voice's own process: an English sentence in, sound and the time of every word out.

Piper is GPL: it is imported here, in a process of its own, and nowhere else. Nothing of the pipeline is imported, and
nothing here is imported by it.

Asked: {"model": path, "slowness", "text"}.
Answers: {"rate": Hz, "pcm": base64 of mono 16-bit, "words": [sample at which each spoken word begins]}.
"""

import base64
import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

# At the end: nothing of this folder may hide a library.
sys.path.append(str(Path(__file__).parent))

import onnxruntime
from model_outputs import with_output  # type: ignore[import-not-found]
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig
from worker_loop import serve  # type: ignore[import-not-found]

DURATIONS = "/Ceil_output_0"
THREADS = 2


@lru_cache(maxsize=1)
def _voice(path: str) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        with_output(Path(path).read_bytes(), DURATIONS), sess_options=options, providers=["CPUExecutionProvider"]
    )
    settings = json.loads(Path(path + ".json").read_text(encoding="utf-8"))
    return PiperVoice(session=session, config=PiperConfig.from_dict(settings))


def speak(request: dict[str, Any]) -> dict[str, Any]:
    """Speak one sentence."""
    voice, sound, words = _voice(request["model"]), b"", []
    asked = SynthesisConfig(length_scale=voice.config.length_scale * request["slowness"])
    for chunk in voice.synthesize(request["text"], syn_config=asked, include_alignments=True):
        at, inside = len(sound) // 2, False
        for one in chunk.phoneme_alignments or ():
            letter = any(character.isalpha() for character in one.phoneme)
            if letter and not inside:
                words.append(at)
            inside = letter or (inside and one.phoneme != " ")
            at += int(one.num_samples)
        sound += chunk.audio_int16_bytes
    return {"rate": voice.config.sample_rate, "pcm": base64.b64encode(sound).decode(), "words": words}


if __name__ == "__main__":
    serve(speak)
