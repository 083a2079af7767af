"""The media store and the running of ffmpeg."""
