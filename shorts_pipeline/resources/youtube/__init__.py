"""YouTube as the stages see it: a thin typed wrapper over the true Google client, for the sandbox and the real one."""

from shorts_pipeline.resources.youtube.client import YouTube
from shorts_pipeline.resources.youtube.existing import CaptionTrack, ExistingVideo, Page
from shorts_pipeline.resources.youtube.faults import (
    ChannelLimit,
    NeedsAuthorising,
    QuotaSpent,
    SessionExpired,
    SetUpWrong,
)
from shorts_pipeline.resources.youtube.resource import YouTubeResource
from shorts_pipeline.resources.youtube.states import (
    DailyMetrics,
    MyChannel,
    Reach,
    ReachFile,
    SessionState,
    VideoMetadata,
    VideoState,
)

__all__ = [
    "CaptionTrack",
    "ChannelLimit",
    "DailyMetrics",
    "ExistingVideo",
    "MyChannel",
    "NeedsAuthorising",
    "Page",
    "QuotaSpent",
    "Reach",
    "ReachFile",
    "SessionExpired",
    "SessionState",
    "SetUpWrong",
    "VideoMetadata",
    "VideoState",
    "YouTube",
    "YouTubeResource",
]
