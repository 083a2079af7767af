"""Media files under one root, and the ffmpeg that makes and reads them."""

from shorts_pipeline.resources.media.feed import Feed
from shorts_pipeline.resources.media.ffmpeg import FfmpegFailed, ffmpeg_path, run_ffmpeg, running_ffmpeg
from shorts_pipeline.resources.media.memory import give_back_memory
from shorts_pipeline.resources.media.resource import MediaResource
from shorts_pipeline.resources.media.room import DiskFull
from shorts_pipeline.resources.media.store import MediaStore

__all__ = [
    "DiskFull",
    "Feed",
    "FfmpegFailed",
    "MediaResource",
    "MediaStore",
    "ffmpeg_path",
    "give_back_memory",
    "run_ffmpeg",
    "running_ffmpeg",
]
