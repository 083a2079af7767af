"""Whether a hundred uploads, killed two hundred times and more, end as exactly a hundred whole videos.

Run: `python bench/upload_kill.py [--uploads 100] [--kills 200]`

Every sending is a process that SIGKILL ends at a random moment; besides, replies are lost, lines are cut, and the
sandbox itself is killed and started again. At the end each file in the sandbox is hashed and compared with the file
that was rendered. One JSON line a figure.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from uploading import Studio, studio

from shorts_pipeline.database import Upload, Video
from shorts_pipeline_tests.uploads.storm import BLOWS, Weather, rage, sender

SLUG = "storm"
SIZES = (300_000, 600_000, 900_000)
A_RESTART, A_BLOW = 10, 3


def main() -> int:
    """Rage and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    begin = time.perf_counter()
    with studio() as made:
        ids = made.channel(SLUG, [SIZES[number % len(SIZES)] for number in range(asked.uploads)])
        weather, met = _storm(made, len(ids), asked.kills, random.Random(asked.seed))
        intact, videos = _intact(made, ids)
    took = time.perf_counter() - begin
    print(f"{weather.rounds} rounds, {took:.0f} s", file=sys.stderr)
    figures = [
        ("uploads_intact_after_kills", intact, asked.uploads, intact == asked.uploads),
        ("videos_in_the_sandbox", videos, asked.uploads, videos == asked.uploads),
        ("kills", weather.killed, asked.kills, weather.killed >= asked.kills),
        *((name, met[name], 1, met[name] > 0) for name in ("lost_replies", "cut_links", "errors_503", "restarts")),
    ]
    for name, value, target, ok in figures:
        print(json.dumps({"name": name, "value": value, "unit": "count", "target": target, "ok": ok}))
    return 0 if all(ok for *_, ok in figures) else 1


def _storm(made: Studio, uploads: int, kills: int, chance: random.Random) -> tuple[Weather, Counter[str]]:
    """Until every upload is there; how often each fault was met besides."""
    made.sandbox.running.order(match={"method": "PUT", "path": "/upload", "times": 0}, do={"delay": 0.02})
    met = Counter[str]()
    seen = [0.0]

    def share_done() -> float:
        with made.sessions() as session:
            return (session.scalar(select(func.count(Upload.youtube_video_id))) or 0) / uploads

    def between(number: int) -> None:
        if number % A_RESTART == A_RESTART - 1:
            made.sandbox.kill()
            made.sandbox.start()
            met["restarts"] += 1
        if number % A_BLOW == 0:
            met.update(_met(made))
            made.sandbox.running.clear()
            match, do = chance.choice(BLOWS)
            made.sandbox.running.order(match=match, do=do)
            made.sandbox.running.order(match={"method": "PUT", "path": "/upload", "times": 0}, do={"delay": 0.02})
        # What waits after a failure, or for the next day's quota, gets its time.
        still = share_done() == seen[0]
        seen[0] = share_done()
        made.clock.set(made.clock.now() + timedelta(minutes=20 if still else 1))

    arguments = [made.database_url, made.sandbox.running.url, str(made.media.root), SLUG, str(made.clock.path)]
    with sender(*arguments) as sending:
        weather = rage(
            sending,
            kills=kills,
            share_done=share_done,
            chance=chance,
            most_rounds=20 * (uploads + kills),
            between=between,
        )
    return weather, met + _met(made)


def _met(made: Studio) -> Counter[str]:
    """How often the faults on order have struck."""
    struck = Counter[str]()
    for fault in made.sandbox.running.state()["faults"]:
        do = fault["do"]
        kind = "lost_replies" if do["lose_reply"] else "cut_links" if do["drop"] else f"errors_{do['status']}"
        struck[kind] += max(fault["met"] - fault["match"]["skip"], 0)
    return struck


def _intact(made: Studio, ids: list[UUID]) -> tuple[int, int]:
    """How many rows have a video of their own whose bytes are those of the file, and how many videos there are."""
    videos = made.sandbox.running.state()["videos"]
    by_id = Counter(video["id"] for video in videos)
    intact = 0
    with made.sessions() as session:
        statement = select(Upload.youtube_video_id, Video.video_path).join(Video, Video.id == Upload.video_id)
        for youtube_id, path in session.execute(statement.where(Upload.id.in_(ids))):
            there = made.sandbox.root / "videos" / f"{youtube_id}.mp4"
            same = there.exists() and _sha256(there.read_bytes()) == _sha256(made.media.path(path).read_bytes())
            intact += by_id[youtube_id] == 1 and same
    return intact, len(videos)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
