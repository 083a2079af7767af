"""A sender to be killed: has everything imported, and for each line it reads forks a process that refreshes a channel.

Prints the child's pid, then `died` or `ended` when it is over. The clock is a file's.
"""

import os
import sys
import time
from pathlib import Path

from shorts_pipeline.clock import FileClock
from shorts_pipeline.database.session import make_engine, make_sessions
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.youtube import YouTube, YouTubeResource, sending
from shorts_pipeline.uploads.refresh import refresh


def send(database_url: str, sandbox_url: str, media_root: str, channel: str, clock_file: str) -> None:
    sending.PIECE_BYTES = 256 * 1024
    assert YouTube.__init__.__kwdefaults__ is not None
    YouTube.__init__.__kwdefaults__["sleep"] = lambda seconds: time.sleep(min(seconds, 0.05))
    refresh(
        make_sessions(make_engine(database_url)),
        channel=channel,
        youtube=YouTubeResource(sandbox_url=sandbox_url),
        media=MediaStore(Path(media_root)),
        redis=None,
        clock=FileClock(Path(clock_file)),
    )


def main() -> None:
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                send(*sys.argv[1:])
                code = 0
            finally:
                os._exit(code)
        print(pid, flush=True)  # noqa: T201
        _, status = os.waitpid(pid, 0)
        print("died" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
