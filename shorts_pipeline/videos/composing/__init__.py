"""Pictures, subtitles and sound to one file in one encode."""
