"""What all workers do: answer one JSON line after the other, and end when nobody asks.

Loaded by the workers, by path: it may import nothing but the standard library.
"""

import json
import os
import select
from collections.abc import Callable
from typing import Any

IDLE_SECONDS = 60.0


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer every line on standard input with one on standard output. An error is an answer too."""
    # Libraries write to standard output; only answers may.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    waiting = b""
    while select.select([0], [], [], IDLE_SECONDS)[0]:
        chunk = os.read(0, 1 << 16)
        if not chunk:
            return
        waiting += chunk
        while b"\n" in waiting:
            line, _, waiting = waiting.partition(b"\n")
            out.write(_answered(answer, line) + "\n")
            out.flush()


def _answered(answer: Callable[[dict[str, Any]], dict[str, Any]], line: bytes) -> str:
    try:
        return json.dumps(answer(json.loads(line)))
    except Exception as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}"[:500]})
