"""The offline voice's own process: reads what to say as JSON, speaks with espeak-ng, answers with JSON.

espeak-ng is GPL: it is loaded here, in a process of its own, and nowhere else. Nothing of the pipeline is
imported, and nothing here is imported by it.

Asked on standard input: {"library", "data", "voice", "rate", "pitch", "range", "sentences": [text, ...]}.
Answers on standard output: {"rate": Hz, "sentences": [{"pcm": base64 of mono 16-bit, "words": [[char, ms], ...]}]}.
Or asked: {"library", "data", "voice", "clauses": [text, ...]}; answers {"phonemes": [IPA, ...]}.
"""

import base64
import ctypes
import json
import sys
from typing import Any

RETRIEVAL, UTF8 = 1, 1
RATE, PITCH, RANGE = 1, 3, 4
LIST_END, WORD = 0, 1
IPA = 2


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


def speak(request: dict[str, Any]) -> dict[str, Any]:
    """Speak every sentence on its own, so that its bounds are exact; or say how clauses would be spoken."""
    library = ctypes.CDLL(request["library"])
    hertz = library.espeak_Initialize(RETRIEVAL, 0, request["data"].encode(), 0)
    if hertz <= 0:
        raise SystemExit("espeak-ng did not start")
    if library.espeak_SetVoiceByName(request["voice"].encode()) != 0:
        raise SystemExit(f"espeak-ng has no voice {request['voice']!r}")
    if "clauses" in request:
        return {"phonemes": [_phonemes(library, text) for text in request["clauses"]]}
    for parameter, name in ((RATE, "rate"), (PITCH, "pitch"), (RANGE, "range")):
        library.espeak_SetParameter(parameter, int(request[name]), 0)
    return {"rate": hertz, "sentences": [_sentence(library, text) for text in request["sentences"]]}


def _phonemes(library: ctypes.CDLL, text: str) -> str:
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    rest, found = ctypes.c_char_p(text.encode()), []
    while rest.value:
        found.append((library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA) or b"").decode())
    return " ".join(part.strip() for part in found)


def _sentence(library: ctypes.CDLL, text: str) -> dict[str, Any]:
    sound, words = bytearray(), []

    def receive(samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            sound.extend(ctypes.string_at(samples, count * 2))
        index = 0
        while events[index].type != LIST_END:
            if events[index].type == WORD:
                words.append([events[index].text_position - 1, events[index].audio_position])
            index += 1
        return 0

    callback = _Callback(receive)
    library.espeak_SetSynthCallback(callback)
    data = text.encode() + b"\0"
    library.espeak_Synth(data, len(data), 0, 1, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return {"pcm": base64.b64encode(bytes(sound)).decode(), "words": words}


if __name__ == "__main__":
    json.dump(speak(json.load(sys.stdin)), sys.stdout)
