"""A worker: one of our programs in a process of its own that answers JSON lines.

What it loads (GPL code, a model of 90 MB, a second thread pool beside torch's) never enters this process, its memory
goes back when it ends, and when it crashes or hangs a narration fails and nothing else. It is started by the first
question, kept for the next ones, ends by itself when nobody asks (worker_loop.py), and with the process that asks.
"""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from shorts_pipeline.resources.speech.narration import NarrationFailed

_CHUNK = 1 << 20
_TAIL = 500
_ONE_THREAD_EACH = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class Worker:
    """The process that runs `program` (a file beside this one); `name` is what messages call it."""

    def __init__(self, program: str, name: str) -> None:
        self._program, self._name = Path(__file__).parent / program, name
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._owner = 0

    def ask(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """One answer. Raises `NarrationFailed` if there is none within `seconds`."""
        line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            try:
                answer = self._answer(line, seconds)
            except BrokenPipeError:
                # It had just ended because nobody asked for a while.
                answer = self._once_more(line, seconds)
        if "error" in answer:
            raise NarrationFailed(f"{self._name} failed: {answer['error']}")
        return answer

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, self._errors):
            if stream is not None:
                # What it was not told any more may still stand in the pipe's buffer.
                with suppress(BrokenPipeError):
                    stream.close()

    def _once_more(self, line: bytes, seconds: float) -> dict[str, Any]:
        self.end()
        try:
            return self._answer(line, seconds)
        except BrokenPipeError as error:
            self.end()
            raise NarrationFailed(f"{self._name} ends as soon as it is asked") from error

    def _answer(self, line: bytes, seconds: float) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(line)
        process.stdin.flush()
        try:
            answer: dict[str, Any] = json.loads(self._read_line(process, seconds))
        except ValueError as error:
            self.end()
            raise NarrationFailed(f"{self._name} gave an answer that is no JSON") from error
        return answer

    def _running(self) -> "subprocess.Popen[bytes]":
        # A forked child has its parent's pipes: it may not use them.
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.end()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        self._process = subprocess.Popen(  # noqa: S603 - our own worker
            # -I keeps the caller's folder and variables away; the file is run by path, so that nothing else loads.
            [sys.executable, "-I", str(self._program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=os.environ | _ONE_THREAD_EACH,
        )
        self._owner = os.getpid()
        return self._process

    def _read_line(self, process: "subprocess.Popen[bytes]", seconds: float) -> bytes:
        assert process.stdout is not None
        deadline, found = time.monotonic() + seconds, bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not found.endswith(b"\n"):
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    self.end()
                    raise NarrationFailed(f"{self._name} did not answer within {seconds:.0f} s")
                chunk = os.read(process.stdout.fileno(), _CHUNK)
                if not chunk:
                    raise self._died(process)
                found += chunk
        return bytes(found)

    def _died(self, process: "subprocess.Popen[bytes]") -> Exception:
        code = process.wait()
        told = ""
        if self._errors is not None:
            self._errors.seek(0)
            told = self._errors.read()[-_TAIL:].decode(errors="replace").strip()
        self.end()
        # Code 0: it ended since nobody had asked, just before this question.
        return BrokenPipeError() if code == 0 else NarrationFailed(f"{self._name} ended with {code}: {told}")
