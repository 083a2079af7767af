"""edge-tts against a server that speaks its protocol; the voice is a tone."""

import asyncio
import json
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.media import run_ffmpeg
from shorts_pipeline.resources.speech import Narration, NarrationFailed
from shorts_pipeline.resources.speech.edge import EdgeTts

TEXT = "Chips are booming. What comes next?"
HEARD = [("Chips", 0.1, 0.4), ("are", 0.5, 0.2), ("booming", 0.7, 0.5), ("What", 1.8, 0.2), ("comes", 2.0, 0.3)]


class Server:
    """One websocket end point; `behaviour` says what it does with a request."""

    def __init__(self, audio: bytes) -> None:
        self.audio, self.behaviour, self.port = audio, "speak", 0
        self.configuration = self.asked = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.behaviour == "forbid":
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.configuration = (await socket.receive()).data
        message = await socket.receive()
        self.asked = str(message.data)
        if self.behaviour == "hang":
            await asyncio.sleep(3)
        assert message.type is WSMsgType.TEXT
        for text, start, length in HEARD if self.behaviour == "speak" else []:
            event = {"Offset": int(start * 1e7), "Duration": int(length * 1e7), "text": {"Text": text}}
            body = json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": event}]})
            await socket.send_str(f"X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{body}")
        header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
        await socket.send_bytes(len(header).to_bytes(2, "big") + header + self.audio)
        await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")
        return socket


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("tone") / "tone.mp3"
    tone = ["-f", "lavfi", "-i", "sine=frequency=220:duration=3", "-ar", "24000", "-b:a", "48k"]
    run_ffmpeg([*tone, file], seconds=20)
    return file.read_bytes()


@pytest.fixture
def server(tone: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    served, loop, ready = Server(tone), asyncio.new_event_loop(), threading.Event()

    async def start() -> None:
        application = web.Application()
        application.router.add_get("/", served.answer)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        found: Any = site._server
        served.port = found.sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(5)
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", f"ws://127.0.0.1:{served.port}/?x=1")
    yield served
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def say(tmp_path: Path, *, seconds: float = 10, voice: str = "en-US-AriaNeural") -> Narration:
    return EdgeTts(seconds).narrate(
        TEXT, language="en", voice_id=voice, settings=VoiceSettings(rate=1.1, pitch=1.0), target=tmp_path / "a.wav"
    )


def test_word_times_are_asked_for_and_mapped_to_the_written_words(server: Server, tmp_path: Path) -> None:
    said = say(tmp_path)
    assert '"wordBoundaryEnabled":"true"' in server.configuration
    assert [word.text for word in said.words] == TEXT.split()
    assert [word.start for word in said.words[:4]] == pytest.approx([0.1, 0.5, 0.7, 1.8])
    assert said.words[2].end == pytest.approx(1.2)
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(said.words))
    assert said.duration == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("behaviour", ["forbid", "hang", "no words"])
def test_what_edge_does_in_the_field_is_a_failure_that_the_chain_knows(
    server: Server, behaviour: str, tmp_path: Path
) -> None:
    server.behaviour = behaviour
    with pytest.raises(NarrationFailed, match="edge-tts") as failure:
        say(tmp_path, seconds=1)
    assert "127.0.0.1" not in str(failure.value)


@pytest.mark.parametrize("kept", [0, 400, 4_000])
def test_sound_that_is_missing_or_cut_off_is_refused(server: Server, kept: int, tmp_path: Path) -> None:
    server.audio = server.audio[:kept]
    with pytest.raises(NarrationFailed):
        say(tmp_path)


def test_a_page_instead_of_sound_is_refused(server: Server, tmp_path: Path) -> None:
    server.audio = b"<html><body>Sign in to the network</body></html>" * 20
    with pytest.raises(NarrationFailed, match="cannot be read"):
        say(tmp_path)


def test_as_a_fallback_it_speaks_with_its_usual_voice(server: Server, tmp_path: Path) -> None:
    say(tmp_path, voice="")
    assert "en-US, GuyNeural" in server.asked or "en-US-GuyNeural" in server.asked


def test_without_a_network_it_fails_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "ws://127.0.0.1:1/?x=1")
    with pytest.raises(NarrationFailed, match="edge-tts"):
        say(tmp_path)


def test_a_voice_it_does_not_know_needs_a_person(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="voice_id"):
        say(tmp_path, voice="nobody")
