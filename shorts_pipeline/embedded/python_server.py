"""A server of ours in a process of its own: the YouTube sandbox, the demo's feeds."""

import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from shorts_pipeline.embedded import process
from shorts_pipeline.embedded.home import PROJECT
from shorts_pipeline.errors import RetryLater

START_SECONDS = 60.0


class PythonServer:
    """`python -m module … --port N`, on a port that stays the same from start to start."""

    def __init__(self, module: str, arguments: Sequence[str | Path], *, state: Path, log: Path) -> None:
        self._module = module
        self._arguments = arguments
        self._state = state
        self._log = log

    @property
    def port(self) -> int:
        return int(json.loads(self._state.read_text(encoding="utf-8"))["port"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def running(self) -> bool:
        """Whether our process lives and takes connections at its port."""
        record = self.record()
        return record is not None and record.find() is not None and _answers(self.port)

    def record(self) -> process.ProcessRecord | None:
        try:
            return process.ProcessRecord(**json.loads(self._state.read_text(encoding="utf-8"))["process"])
        except (FileNotFoundError, KeyError):
            return None

    def start(self) -> None:
        """Make sure it runs; an earlier one that does not answer is ended first."""
        if self.running():
            return
        self.stop(seconds=3)
        self._state.parent.mkdir(parents=True, exist_ok=True)
        port = process.free_port(self.port if self._state.exists() else None)
        child = process.spawn(
            [sys.executable, "-m", self._module, *self._arguments, "--port", str(port)],
            log=self._log,
            environment={**os.environ, "PYTHONUNBUFFERED": "1"},
            death_signal=signal.SIGTERM,
            folder=PROJECT,
        )
        record = process.record(child.pid, self._module)
        process.write_secret(self._state, json.dumps({"port": port, "process": vars(record)}))
        process.wait_until(lambda: child.poll() is not None or _answers(port), START_SECONDS)
        if child.poll() is not None or not _answers(port):
            raise RetryLater(
                f"{self._module} does not start; its log {self._log} ends with:\n{process.tail(self._log)}"
            )

    def stop(self, seconds: float = 5.0) -> None:
        record = self.record()
        if record is not None and (found := record.find()) is not None:
            process.stop(found, (signal.SIGTERM, seconds), (signal.SIGKILL, 5.0))


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
