"""Media files under one root, and the ffmpeg that makes and reads them."""

from shorts_pipeline.resources.media.ffmpeg import FfmpegFailed, ffmpeg_path, run_ffmpeg, running_ffmpeg
from shorts_pipeline.resources.media.resource import MediaResource
from shorts_pipeline.resources.media.store import MediaStore

__all__ = ["FfmpegFailed", "MediaResource", "MediaStore", "ffmpeg_path", "run_ffmpeg", "running_ffmpeg"]
