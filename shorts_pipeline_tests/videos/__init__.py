"""Videos: real ffmpeg on short clips."""
