"""A server of voices on this machine: speaks as ElevenLabs and CLOVA Voice do, and fails as they do; the voice hums.

Every request is answered by the next of its `troubles` (the last one again and again); None is a good answer.
"""

import base64
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from shorts_pipeline.resources.media import run_ffmpeg
from shorts_pipeline_tests.resources.speech.voices import hum

SECONDS_A_CHARACTER = {"elevenlabs": 0.08, "clova": 0.16}


class Trouble(StrEnum):
    """What may be wrong with an answer."""

    BAD_KEY = "401"
    FORBIDDEN = "403"
    TOO_MANY = "429"
    QUOTA = "the quota is used up"
    NO_VOICE = "an unknown voice"
    DOWN = "503"
    SLOW = "nothing for a while"
    DRIPPING = "a byte now and then"
    TRUNCATED = "the sound ends early"
    BROKEN_OFF = "the connection breaks in the middle"
    EMPTY = "no sound"
    SILENT = "a sound of nothing"
    HTML = "a page"
    WRONG_JSON = "JSON of another shape"
    REDIRECT = "to elsewhere"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class VoiceServer:
    """Where it listens, what it was asked, what it answers."""

    base: str = ""
    troubles: list[Trouble | None] = field(default_factory=lambda: [None])
    asked: list[Asked] = field(default_factory=list)

    def next_trouble(self) -> Trouble | None:
        return self.troubles.pop(0) if len(self.troubles) > 1 else self.troubles[0]


@contextmanager
def voice_server(*troubles: Trouble | None) -> Iterator[VoiceServer]:
    """A running server."""
    server = VoiceServer(troubles=list(troubles) or [None])
    handler = type("Handler", (_Handler,), {"voices": server})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    server.base = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    http.shutdown()
    http.server_close()
    thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    voices: VoiceServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        clova = "/tts-premium/" in self.path
        body = {name: values[0] for name, values in parse_qs(raw.decode()).items()} if clova else json.loads(raw)
        self.voices.asked.append(Asked(self.path, dict(self.headers), body))
        trouble = self.voices.next_trouble()
        if trouble is Trouble.SLOW:
            time.sleep(2)
        if trouble is Trouble.REDIRECT:
            self._send(302, b"", "text/plain", {"Location": self.voices.base + "/elsewhere"})
        elif trouble is Trouble.HTML:
            self._send(200, b"<html><body>Welcome to the hotel's network</body></html>", "text/html")
        elif trouble in _REFUSALS["clova" if clova else "elevenlabs"]:
            status, told = _REFUSALS["clova" if clova else "elevenlabs"][trouble]
            extra = {"Retry-After": "120"} if trouble is Trouble.TOO_MANY else {}
            self._send(status, json.dumps(told).encode(), "application/json", extra)
        elif clova:
            self._clova(trouble, body["text"])
        else:
            self._elevenlabs(trouble, body["text"])

    def _clova(self, trouble: Trouble | None, text: str) -> None:
        if trouble is Trouble.WRONG_JSON:
            self._send(200, b'{"ok": true}', "application/json")
            return
        sound = _wav(len(text) * SECONDS_A_CHARACTER["clova"], trouble)
        self._send(200, sound, "audio/wav", trouble=trouble)

    def _elevenlabs(self, trouble: Trouble | None, text: str) -> None:
        each = SECONDS_A_CHARACTER["elevenlabs"]
        sound = b"" if trouble is Trouble.EMPTY else _mp3(len(text) * each, trouble)
        told: dict[str, Any] = {
            "audio_base64": base64.b64encode(sound).decode(),
            "alignment": {
                "characters": list(text),
                "character_start_times_seconds": [round(at * each, 3) for at in range(len(text))],
                "character_end_times_seconds": [round((at + 1) * each, 3) for at in range(len(text))],
            },
            "normalized_alignment": None,
        }
        if trouble is Trouble.WRONG_JSON:
            told = {"audio": told["audio_base64"]}
        self._send(200, json.dumps(told).encode(), "application/json", trouble=trouble)

    def _send(
        self,
        status: int,
        body: bytes,
        kind: str,
        extra: dict[str, str] | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if trouble is Trouble.BROKEN_OFF:
                self.wfile.write(body[: len(body) // 2])
                self.connection.close()
            elif trouble is Trouble.DRIPPING:
                for at in range(40):
                    self.wfile.write(body[at : at + 1])
                    time.sleep(0.1)
            else:
                self.wfile.write(body)
        except OSError:
            pass  # the client has had enough

    def log_message(self, *_: object) -> None:
        """Not a word."""


def _wav(seconds: float, trouble: Trouble | None) -> bytes:
    if trouble is Trouble.EMPTY:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.wav"
        hum(file, seconds, loud=0.00001 if trouble is Trouble.SILENT else 0.3, rate=24_000)
        sound = file.read_bytes()
    return sound[: len(sound) // 4] if trouble is Trouble.TRUNCATED else sound


def _mp3(seconds: float, trouble: Trouble | None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        wav, mp3 = Path(folder) / "a.wav", Path(folder) / "a.mp3"
        hum(wav, seconds, loud=0.00001 if trouble is Trouble.SILENT else 0.3, rate=24_000)
        run_ffmpeg(["-i", wav, "-b:a", "64k", mp3], seconds=20)
        sound = mp3.read_bytes()
    return sound[: len(sound) // 4] if trouble is Trouble.TRUNCATED else sound


_REFUSALS: dict[str, dict[Trouble | None, tuple[int, dict[str, Any]]]] = {
    "elevenlabs": {
        Trouble.BAD_KEY: (401, {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}),
        Trouble.FORBIDDEN: (403, {"detail": {"status": "missing_permissions", "message": "text_to_speech"}}),
        Trouble.QUOTA: (401, {"detail": {"status": "quota_exceeded", "message": "This request exceeds your quota"}}),
        Trouble.TOO_MANY: (429, {"detail": {"status": "too_many_concurrent_requests", "message": "…"}}),
        Trouble.NO_VOICE: (404, {"detail": {"status": "voice_not_found", "message": "…"}}),
        Trouble.DOWN: (503, {"detail": "down"}),
    },
    "clova": {
        Trouble.BAD_KEY: (401, {"error": {"errorCode": "200", "message": "Authentication Failed"}}),
        Trouble.FORBIDDEN: (403, {"error": {"errorCode": "210", "message": "Permission Denied"}}),
        Trouble.QUOTA: (429, {"error": {"errorCode": "400", "message": "Quota Exceeded"}}),
        Trouble.TOO_MANY: (429, {"error": {"errorCode": "420", "message": "Rate Limited"}}),
        Trouble.NO_VOICE: (400, {"errorCode": "VS02", "errorMessage": "Unsupported speaker."}),
        Trouble.DOWN: (503, {"error": {"errorCode": "500", "message": "Endpoint Error"}}),
    },
}
