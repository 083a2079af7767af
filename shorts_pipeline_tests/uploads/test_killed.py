"""Real processes, really killed. bench/upload_kill.py does it to a hundred uploads."""

import random

from shorts_pipeline.clock import FileClock
from shorts_pipeline.database import UploadStatus
from shorts_pipeline_tests.uploads.storm import rage, sender

KILLS = 10


def test_uploads_killed_again_and_again_by_sigkill_are_each_on_youtube_once_and_whole(
    studio, kept, sandbox, own_database_url, tmp_path
):
    channel = studio.channel("news", uploads={"target_a_day": 4})
    for _ in range(3):
        studio.video(channel, size=900 * 1024)
    # A slow link, so that death finds it in the middle of a file.
    sandbox.order(match={"method": "PUT", "path": "/upload", "times": 0}, do={"delay": 0.03})
    FileClock(tmp_path / "clock").set(studio.clock.now())

    def share_done() -> float:
        return sum(bool(upload.youtube_video_id) for upload in studio.uploads()) / 3

    with sender(own_database_url, sandbox.url, str(studio.media.root), "news", str(tmp_path / "clock")) as sending:
        weather = rage(sending, kills=KILLS, share_done=share_done, chance=random.Random(7), most_rounds=80)
    videos = kept()
    assert weather.ended_well
    assert weather.killed >= KILLS // 2
    assert len(videos) == 3
    assert {video["sha256"] for video in videos} == {upload.content_sha256 for upload in studio.uploads()}
    assert {upload.upload_status for upload in studio.uploads()} == {UploadStatus.PROCESSING}
