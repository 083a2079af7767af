"""What every answer is made from: the store, the clock, the quota, and a count of the calls."""

from collections import Counter
from dataclasses import dataclass, field
from typing import cast

from starlette.requests import Request

from shorts_pipeline.clock import Clock
from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError
from shorts_pipeline.embedded.youtube_sandbox.quota import QuotaBook
from shorts_pipeline.embedded.youtube_sandbox.records import ChannelRecord, VideoRecord
from shorts_pipeline.embedded.youtube_sandbox.store import Store
from shorts_pipeline.embedded.youtube_sandbox.tokens import asking


@dataclass
class World:
    """One sandbox."""

    store: Store
    clock: Clock
    quota: QuotaBook
    calls: Counter[str] = field(default_factory=Counter)

    def called(self, method: str, *, cost: int = 0) -> None:
        """Count a call and charge its units."""
        self.calls[method] += 1
        if cost:
            self.quota.charge("units", cost, self.clock.now())

    def channel(self, request: Request) -> ChannelRecord:
        """The channel that asks."""
        return self.store.channel(asking(request), self.clock.now())

    def own_video(self, request: Request, video_id: str) -> VideoRecord:
        """A video of the channel that asks; 404 or 403 otherwise."""
        video = self.store.videos.get(video_id)
        if video is None:
            raise ApiError(404, "videoNotFound", "The video that you are trying to change cannot be found.")
        if video.channel != self.channel(request).name:
            raise ApiError(403, "forbidden", "The video belongs to another channel.")
        return video


def world_of(request: Request) -> World:
    """The sandbox that serves a request."""
    return cast(World, request.app.state.world)
