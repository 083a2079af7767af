"""How long an upload takes beside a bare HTTP PUT of the same file over the same slow line.

Run: `python bench/upload.py [--megabytes 20] [--runs 3]`

The sandbox holds the line to 2 MB/s and every answer 50 ms back. Ours is the whole refresh of a channel: the row is
approved at its beginning and `uploaded` at its end, processing takes no time. The floor is one PUT of the file by
http.client into a session that was opened before. In turn, medians; one JSON line.
"""

import argparse
import http.client
import json
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from uploading import Studio, studio

from shorts_pipeline.database import Upload, UploadStatus
from shorts_pipeline.resources.youtube import VideoMetadata, YouTubeResource
from shorts_pipeline.uploads.refresh import refresh

TARGET = 1.1
BYTES_PER_SECOND, DELAY = 2_000_000, 0.05
WORDS = VideoMetadata(
    title="floor",
    description="",
    tags=(),
    category_id="28",
    privacy="private",
    made_for_kids=False,
    synthetic_media=True,
)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    size = int(asked.megabytes * 1_000_000)
    line = ["--bytes-per-second", str(BYTES_PER_SECOND), "--delay", str(DELAY), "--processing-seconds", "0"]
    ours, floor = [], []
    with studio(*line) as made:
        _ours(made, "warm", 100_000)
        for run in range(asked.runs):
            floor.append(_floor(made, made.media.path(_file(made, f"floor{run}", size))))
            ours.append(_ours(made, f"ours{run}", size))
            print(f"run {run + 1}: PUT {floor[-1]:.2f} s, ours {ours[-1]:.2f} s", file=sys.stderr)
    ratio = statistics.median(ours) / statistics.median(floor)
    figure = {"name": "upload_over_put", "value": round(ratio, 3), "unit": "ratio", "target": TARGET}
    print(json.dumps({**figure, "ok": ratio <= TARGET}))
    return 0 if ratio <= TARGET else 1


def _ours(made: Studio, slug: str, size: int) -> float:
    """Seconds from the approved row to `uploaded`."""
    (upload_id,) = made.channel(slug, [size])
    youtube = YouTubeResource(sandbox_url=made.sandbox.running.url)
    begin = time.perf_counter()
    refresh(made.sessions, channel=slug, youtube=youtube, media=made.media, redis=None, clock=made.clock)
    took = time.perf_counter() - begin
    with made.sessions() as session:
        status = session.get_one(Upload, upload_id).upload_status
    if status is not UploadStatus.UPLOADED:
        raise RuntimeError(f"the upload is {status}")
    return took


def _file(made: Studio, name: str, size: int) -> str:
    path = f"{name}.mp4"
    made.media.write_bytes(path, bytes(size))
    return path


def _floor(made: Studio, file: Path) -> float:
    """Seconds of one PUT."""
    connected = YouTubeResource(sandbox_url=made.sandbox.running.url).connect(
        publish_to="sandbox", credential="floor", clock=made.clock
    )
    address = urlsplit(connected.open_session(WORDS, file, file.name))
    assert address.hostname is not None
    begin = time.perf_counter()
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120, blocksize=1 << 20)
    with file.open("rb") as opened:
        length = {"Content-Length": str(file.stat().st_size)}
        connection.request("PUT", f"{address.path}?{address.query}", body=opened, headers=length)
        answer = connection.getresponse()
        answer.read()
    took = time.perf_counter() - begin
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"the PUT was answered {answer.status}")
    return took


if __name__ == "__main__":
    sys.exit(main())
