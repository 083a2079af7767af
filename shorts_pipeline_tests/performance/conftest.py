"""A channel whose shorts are in the sandbox, and the true client on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, Upload
from shorts_pipeline.embedded.youtube_sandbox import RunningSandbox
from shorts_pipeline.performance.days import pacific_day
from shorts_pipeline.performance.snapshots import Snapshots, pull_snapshots
from shorts_pipeline.resources.youtube import VideoMetadata, YouTube, YouTubeResource
from shorts_pipeline_tests.rows import a_channel, a_published_upload


@dataclass
class OnAir:
    """A channel called `on-air`: its rows, its YouTube, and the Pacific day on which its shorts went public."""

    channel: Channel
    uploads: list[Upload]
    youtube: YouTube
    sandbox: RunningSandbox
    sessions: sessionmaker[Session]
    clock: ManualClock
    first: date

    def pull(self, *days: date) -> Snapshots:
        return pull_snapshots(self.sessions, self.youtube, channel=self.channel.slug, days=days, clock=self.clock)

    def calls(self, method: str) -> int:
        """How often the sandbox was asked this."""
        return int(self.sandbox.state()["calls"].get(method, 0))

    def delete(self, upload: Upload) -> None:
        """What its owner does in YouTube Studio."""
        self.youtube._services.youtube.videos().delete(id=upload.youtube_video_id).execute()


@pytest.fixture
def on_air(
    sessions: sessionmaker[Session], sandbox: RunningSandbox, clock: ManualClock, tmp_path: Path
) -> Callable[..., OnAir]:
    """Publishes so many shorts of one channel now, through the true client."""

    def publish(count: int = 2, **channel: Any) -> OnAir:
        youtube = YouTubeResource(sandbox_url=sandbox.url).connect(
            publish_to="sandbox", credential="on-air", clock=clock
        )
        now = clock.now()
        ids = [_send(youtube, tmp_path, number) for number in range(count)]
        with sessions.begin() as session:
            row = a_channel(session, slug="on-air", **channel)
            uploads = [
                a_published_upload(
                    session,
                    row,
                    youtube_video_id=video_id,
                    youtube_url=f"sandbox:{video_id}",
                    uploaded_at=now,
                    published_at=now,
                )
                for video_id in ids
            ]
        clock.move(timedelta(minutes=5))
        return OnAir(row, sorted(uploads, key=lambda one: one.id), youtube, sandbox, sessions, clock, pacific_day(now))

    return publish


def _send(youtube: YouTube, folder: Path, number: int) -> str:
    file = folder / f"{number}.mp4"
    file.write_bytes(number.to_bytes(4) * 250)
    metadata = VideoMetadata(
        title=f"반도체 수출 {number}",
        description="",
        tags=(),
        category_id="28",
        privacy="public",
        made_for_kids=False,
        synthetic_media=True,
    )
    return youtube.resume(youtube.open_session(metadata, file, f"{number}.mp4"), file)
