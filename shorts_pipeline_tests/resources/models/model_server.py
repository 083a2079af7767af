"""A server of language models on this machine: speaks as OpenAI, Anthropic and Google do, and fails as they do.

`ModelServer()` answers every request with the next of its `answers` (the last one again and again): an object as the
structured answer, a `Trouble`, or a function of the request that makes either. What was asked stands in `asked`.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKENS_IN, TOKENS_OUT = 120, 40


class Trouble(StrEnum):
    """What may be wrong with an answer."""

    SLOW = "slow"
    TRUNCATED = "cut off by the limit of tokens"
    REFUSED = "refused by the filter"
    DECLINED = "refused in words"
    NO_JSON = "no JSON"
    WRONG_JSON = "JSON of another shape"
    GONE = "the connection breaks in the middle"
    OVERLOADED = "503"
    TOO_MANY = "429"
    BAD_KEY = "401"
    NO_MODEL = "404"
    EMPTY = "nothing"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """Everything that was said to the model."""
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def data(self) -> Any:
        """The JSON between the marks of the data."""
        found = re.search(r"\\n(\[.*\]|\{.*\})\\n</data-", self.text)
        return json.loads(json.loads(f'"{found.group(1)}"')) if found else None


Reply = dict[str, Any] | Trouble | Callable[[Asked], "dict[str, Any] | Trouble"]


@dataclass
class ModelServer:
    """What the server answers and what it was asked; `base` is the address for a setting (`openai@{base}:name`)."""

    answers: list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def setting(self, provider: str = "openai", name: str = "test-model") -> str:
        """The setting that leads here."""
        root = self.base if provider == "openai" else self.base.removesuffix("/v1")
        return f"{provider}@{root}:{name}"

    def next(self, asked: Asked) -> Reply:
        """The reply to this request; what a function makes of it, be it a trouble."""
        self.asked.append(asked)
        reply = self.answers[min(len(self.asked), len(self.answers)) - 1]
        return reply(asked) if callable(reply) else reply


@contextmanager
def model_server(*answers: Reply) -> Iterator[ModelServer]:
    """A running server, gone afterwards."""
    state = ModelServer(list(answers))
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    http.daemon_threads = True
    state.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        http.shutdown()
        http.server_close()
        thread.join(5)


def _handler(state: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            reply = state.next(asked)
            if reply is Trouble.SLOW:
                state.released.wait(30)
            status = {Trouble.OVERLOADED: 503, Trouble.TOO_MANY: 429, Trouble.BAD_KEY: 401, Trouble.NO_MODEL: 404}
            if isinstance(reply, Trouble) and reply in status:
                return self._send(
                    status[reply], {"error": {"message": reply.value, "type": "x", "code": status[reply]}}
                )
            content = json.dumps(_wire(self.path, reply, asked), ensure_ascii=False).encode()
            if reply is Trouble.GONE:
                self._head(200, len(content))
                self.wfile.write(content[: len(content) // 2])
                self.close_connection = True
                return None
            return self._send(200, _wire(self.path, reply, asked))

        def _send(self, status: int, value: dict[str, Any]) -> None:
            content = json.dumps(value, ensure_ascii=False).encode()
            try:
                self._head(status, len(content))
                self.wfile.write(content)
            except OSError:  # the client did not wait
                self.close_connection = True

        def _head(self, status: int, length: int) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


def _wire(path: str, reply: Reply, asked: Asked) -> dict[str, Any]:
    """The answer in the provider's own shape."""
    if path.endswith("/chat/completions"):
        return _openai(reply, asked)
    if path.endswith("/messages"):
        return _anthropic(reply, asked)
    return _google(reply, asked)


def _text(reply: Reply, asked: Asked) -> str:
    if reply is Trouble.NO_JSON:
        return "I would love to help, but here is a poem instead."
    if reply is Trouble.WRONG_JSON:
        return '{"unexpected": [1, 2, 3]}'
    if reply is Trouble.TRUNCATED:
        return '{"items": [{"number": 1, "ti'
    if isinstance(reply, Trouble):
        return ""
    return json.dumps(reply, ensure_ascii=False)


def _openai(reply: Reply, asked: Asked) -> dict[str, Any]:
    refused = reply is Trouble.DECLINED
    reason = {Trouble.TRUNCATED: "length", Trouble.REFUSED: "content_filter"}
    message = {
        "role": "assistant",
        "content": None if refused else _text(reply, asked),
        "refusal": "I'm sorry, I can't help with that." if refused else None,
    }
    return {
        "id": "answer-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.body["model"],
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": reason.get(reply, "stop") if isinstance(reply, Trouble) else "stop",
            }
        ],
        "usage": {"prompt_tokens": TOKENS_IN, "completion_tokens": TOKENS_OUT, "total_tokens": TOKENS_IN + TOKENS_OUT},
    }


def _anthropic(reply: Reply, asked: Asked) -> dict[str, Any]:
    fine = not isinstance(reply, Trouble) or reply is Trouble.WRONG_JSON
    tools = asked.body.get("tools") or []
    text = _text(reply, asked)
    if fine and tools:
        content: list[dict[str, Any]] = [
            {"type": "tool_use", "id": "toolu_1", "name": tools[0]["name"], "input": json.loads(text)}
        ]
    else:
        content = [{"type": "text", "text": text}] if text else []
    reason = {Trouble.TRUNCATED: "max_tokens", Trouble.REFUSED: "refusal", Trouble.DECLINED: "refusal"}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": asked.body["model"],
        "content": content,
        "stop_reason": reason.get(reply, "end_turn") if isinstance(reply, Trouble) else "tool_use",
        "stop_sequence": None,
        "usage": {"input_tokens": TOKENS_IN, "output_tokens": TOKENS_OUT},
    }


def _google(reply: Reply, asked: Asked) -> dict[str, Any]:
    reason = {Trouble.TRUNCATED: "MAX_TOKENS", Trouble.REFUSED: "SAFETY", Trouble.DECLINED: "SAFETY"}
    text = _text(reply, asked)
    return {
        "candidates": [
            {
                "content": {"role": "model", "parts": [{"text": text}] if text else []},
                "finishReason": reason.get(reply, "STOP") if isinstance(reply, Trouble) else "STOP",
                "index": 0,
            }
        ],
        "usageMetadata": {
            "promptTokenCount": TOKENS_IN,
            "candidatesTokenCount": TOKENS_OUT,
            "totalTokenCount": TOKENS_IN + TOKENS_OUT,
        },
        "modelVersion": "test-model",
    }
