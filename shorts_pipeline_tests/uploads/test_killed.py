"""Real processes, really killed."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from shorts_pipeline.database import UploadStatus

MOST_ROUNDS = 80
KILLS = 10


def test_uploads_killed_again_and_again_by_sigkill_are_each_on_youtube_once_and_whole(
    studio, kept, sandbox, own_database_url
):
    channel = studio.channel("news", uploads={"target_a_day": 4})
    for _ in range(3):
        studio.video(channel, size=900 * 1024)
    # A slow link, so that death finds it in the middle of a file.
    sandbox.order(match={"method": "PUT", "path": "/upload", "times": 0}, do={"delay": 0.03})
    arguments = [own_database_url, sandbox.url, str(studio.media.root), "news", studio.clock.now().isoformat()]
    module = "shorts_pipeline_tests.uploads.killed_sender"
    sender = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    chance, killed = random.Random(7), 0
    assert sender.stdin is not None
    assert sender.stdout is not None
    try:
        for _ in range(MOST_ROUNDS):
            sender.stdin.write("go\n")
            sender.stdin.flush()
            pid = int(sender.stdout.readline())
            if killed < KILLS:
                time.sleep(chance.uniform(0.15, 0.5))
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            end = sender.stdout.readline().strip()
            killed += end == "died"
            if end == "ended 0" and all(upload.youtube_video_id for upload in studio.uploads()):
                break
    finally:
        sender.kill()
        sender.wait()
    videos = kept()
    assert killed >= KILLS // 2
    assert len(videos) == 3
    assert {video["sha256"] for video in videos} == {upload.content_sha256 for upload in studio.uploads()}
    assert {upload.upload_status for upload in studio.uploads()} == {UploadStatus.PROCESSING}
