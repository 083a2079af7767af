"""Dagster on this machine: one code server that the web server and the daemon share, each a process of its own.

`dagster dev` starts a code server behind a proxy of its own and takes no notice of our services; here each part is
started again alone when it dies, and all end within seconds.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path

import psutil

from shorts_pipeline.embedded import process
from shorts_pipeline.embedded.home import PROJECT, Home
from shorts_pipeline.embedded.leftovers import VARIABLE
from shorts_pipeline.errors import RetryLater

LOCATION = "shorts_pipeline.definitions"
CODE_SECONDS = 180.0
WEB_SECONDS = 90.0
# Unix socket paths are limited to about 104 bytes.
_LONGEST_SOCKET = 90
_RESTARTS_IN_A_MINUTE = 5


class DagsterServers:
    """Code server, web server and daemon of a home."""

    def __init__(self, home: Home, environment: Mapping[str, str], *, port: int, module: str = LOCATION) -> None:
        self._home = home
        self._environment = {**os.environ, **environment, VARIABLE: str(home.path), "PYTHONUNBUFFERED": "1"}
        self._port = port
        self._module = module
        self._socket = _socket_path(home)
        self._workspace = home.dagster / "workspace.yaml"
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._restarts: list[float] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start_code(self) -> None:
        """Start the code server; it loads the definitions on its own."""
        self._socket.unlink(missing_ok=True)
        self._workspace.write_text(
            f"load_from:\n  - grpc_server:\n      socket: {self._socket}\n      location_name: {self._module}\n",
            encoding="utf-8",
        )
        self._start("code")

    def start(self) -> None:
        """Wait for the code, then start web server and daemon, and wait until the page answers."""
        self._wait("code", self._code_answers, CODE_SECONDS)
        for name in ("web", "daemon"):
            self._start(name)
        self._wait("web", self._page_answers, WEB_SECONDS)

    def look(self) -> list[str]:
        """Start again what has died; its names. Raises `RetryLater` when that happens again and again."""
        died = [name for name, child in self._children.items() if child.poll() is not None]
        for name in died:
            now = time.monotonic()
            self._restarts = [at for at in self._restarts if now - at < 60] + [now]
            if len(self._restarts) > _RESTARTS_IN_A_MINUTE:
                raise RetryLater(self._explain(name, "dies again and again"))
            if name == "code":
                self._socket.unlink(missing_ok=True)
            self._start(name)
        return died

    def stop(self) -> None:
        """The daemon first, so that nothing new begins; then the runs, which write down that they were cut off."""
        self._end("daemon", seconds=8.0)
        self._end_runs(seconds=6.0)
        # The code server waits for whoever is connected to it.
        for name in ("web", "code"):
            self._end(name, seconds=5.0)

    def _commands(self) -> dict[str, list[str | Path]]:
        python: list[str | Path] = [sys.executable, "-m"]
        return {
            "code": [*python, "dagster", "api", "grpc", "--socket", self._socket, "--module-name", self._module,
                     "--location-name", self._module, "--working-directory", PROJECT, "--log-level", "warning"],
            "web": [*python, "dagster_webserver", "--host", "127.0.0.1", "--port", str(self._port),
                    "--workspace", self._workspace, "--dagster-log-level", "warning"],
            "daemon": [*python, "dagster._daemon", "run", "--workspace", self._workspace, "--log-level", "info"],
        }  # fmt: skip

    def _start(self, name: str) -> None:
        self._children[name] = process.spawn(
            self._commands()[name],
            log=self._home.log(name),
            environment=self._environment,
            death_signal=signal.SIGTERM,
            folder=PROJECT,
        )

    def _wait(self, name: str, ready: process.Question, seconds: float) -> None:
        child = self._children[name]
        process.wait_until(lambda: child.poll() is not None or ready(), seconds, every=0.1)
        if child.poll() is not None or not ready():
            raise RetryLater(self._explain(name, "does not start"))

    def _explain(self, name: str, what: str) -> str:
        log = self._home.log(name)
        return f"Dagster's {name} server {what}; {log} ends with:\n{process.tail(log, lines=25)}"

    def _code_answers(self) -> bool:
        with closing(socket.socket(socket.AF_UNIX)) as client:
            try:
                client.connect(str(self._socket))
            except OSError:
                return False
        return True

    def _page_answers(self) -> bool:
        # Not urllib: a proxy in the environment is not asked for an address of this machine.
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=2)) as client:
            try:
                client.request("GET", "/server_info")
                return client.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    def _end(self, name: str, *, seconds: float) -> None:
        child = self._children.pop(name, None)
        if child is not None and child.poll() is None:
            process.stop(psutil.Process(child.pid), (signal.SIGTERM, seconds), (signal.SIGKILL, 3.0))

    def _end_runs(self, *, seconds: float) -> None:
        code = self._children.get("code")
        if code is None or code.poll() is not None:
            return
        runs = [one for one in psutil.Process(code.pid).children() if _is_run(one)]
        for ask in (psutil.Process.terminate, psutil.Process.kill):
            for run in runs:
                with suppress(psutil.NoSuchProcess):
                    ask(run)
            _, runs = psutil.wait_procs(runs, timeout=seconds)


def _is_run(child: psutil.Process) -> bool:
    """A run worker, and not the code server's own odd jobs."""
    try:
        return "spawn_main" in " ".join(child.cmdline())
    except psutil.Error:
        return False


def _socket_path(home: Home) -> Path:
    """In the home, or where that path is too long for a socket, in a private folder of the temporary one."""
    inside = home.dagster / "code.sock"
    if len(str(inside)) <= _LONGEST_SOCKET:
        return inside
    folder = Path(tempfile.gettempdir()) / f"shorts-{os.geteuid()}-{sha256(str(home.path).encode()).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
        raise RetryLater(f"{folder} belongs to somebody else: choose a home with a shorter path (SHORTS_HOME)")
    return folder / "code.sock"
