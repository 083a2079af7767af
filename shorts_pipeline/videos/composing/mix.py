"""Mix: voice and music to one track, music making way for the voice, and how loud the whole is.

One pass of ffmpeg that writes the mix and measures it (EBU R 128); the encode then only turns it up or down.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from shorts_pipeline.database.documents.content_config import MusicStyle
from shorts_pipeline.errors import ConfigurationError, Rejected
from shorts_pipeline.resources.media import MediaStore, run_ffmpeg
from shorts_pipeline.videos.composing.music import bed

RATE = 48_000
PEAK = 0.8
"""Sample peak left by the limiter, −1.9 dBFS: between samples and after AAC the true peak stays under −1 dBTP."""
QUIETEST_LUFS = -60.0
MOST_CORRECTION = 3.0
_INTEGRATED = re.compile(r"I:\s+(-?[\d.]+|-inf) LUFS")
_PEAK = re.compile(r"Peak:\s+(-?[\d.]+|-inf) dBFS")
_SOUNDS = {".wav", ".mp3", ".m4a", ".ogg", ".flac"}
# As loud as speech usually is here, before `decibels_under_voice` is taken off.
_BED_GAIN = -3.0


@dataclass(frozen=True)
class Mix:
    """A stereo WAV file of exactly `duration` seconds, and the decibels that bring it to the loudness asked for."""

    path: Path
    duration: float
    gain: float

    @property
    def levelling(self) -> str:
        """The filter that turns it up or down without clipping."""
        return f"volume={self.gain:.2f}dB,alimiter=limit={PEAK}:attack=5:release=60:level=disabled"


def mix(voice: Path, music: Path | None, style: MusicStyle, *, duration: float, lufs: float, target: Path) -> Mix:
    """Mix to `target`, to be `lufs` loud in the end. Raises `Rejected` where there is nothing to hear."""
    measured = f"apad=whole_dur={duration:.4f},atrim=end={duration:.4f},ebur128=framelog=quiet"
    if music is None:
        inputs: list[str | Path] = ["-i", voice]
        graph = f"[0:a]aformat=channel_layouts=stereo:sample_rates={RATE},{measured}[out]"
    else:
        inputs = ["-i", voice, "-stream_loop", "-1", "-i", music]
        graph = _ducked(style.decibels_under_voice, duration, measured)
    said = run_ffmpeg(
        [*inputs, "-filter_complex", graph, "-map", "[out]", "-c:a", "pcm_s16le", "-f", "wav", target],
        seconds=60 + duration,
    )
    loudness = integrated(said)
    if loudness < QUIETEST_LUFS:
        raise Rejected(f"there is nothing to hear ({loudness:.0f} LUFS)")
    return _corrected(Mix(target, duration, lufs - loudness), lufs)


def _corrected(mixed: Mix, lufs: float) -> Mix:
    """The limiter takes some loudness away from a voice with sharp peaks: measured once behind it, and given back."""
    said = run_ffmpeg(
        ["-i", mixed.path, "-af", f"{mixed.levelling},ebur128=framelog=quiet", "-f", "null", "-"],
        seconds=60 + mixed.duration,
    )
    return replace(mixed, gain=mixed.gain + min(max(lufs - integrated(said), -MOST_CORRECTION), MOST_CORRECTION))


def integrated(said: str) -> float:
    """The last integrated loudness that ffmpeg's ebur128 reported; −70 where it reported none."""
    found = _INTEGRATED.findall(said)
    return float(found[-1]) if found and found[-1] != "-inf" else -70.0


def true_peak(said: str) -> float:
    """The highest true peak in dBTP that ffmpeg's ebur128 reported with `peak=true`; −70 where there was none."""
    found = _PEAK.findall(said)
    return -70.0 if not found or found[-1] == "-inf" else float(found[-1])


def track(style: MusicStyle, store: MediaStore, seed: int) -> Path | None:
    """The music under the voice: the channel's file, one of its folder's files by `seed`, else the bed made here."""
    if not style.enabled:
        return None
    if not style.track:
        return bed(store, seed)
    path = store.path(style.track)
    files = sorted(file for file in path.glob("*") if file.suffix.lower() in _SOUNDS) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise ConfigurationError(f"no music at {style.track} under the media root: put a file there, or leave it out")
    return files[seed % len(files)]


def _ducked(under: float, duration: float, measured: str) -> str:
    """Music `under` decibels below the voice while it speaks, a little more in its pauses, faded at both ends."""
    gain = _BED_GAIN - under + 8
    fade_out = max(duration - 1.2, 0)
    return (
        f"[0:a]aformat=channel_layouts=stereo:sample_rates={RATE},apad=whole_dur={duration:.4f},asplit=2[voice][key];"
        f"[1:a]aformat=channel_layouts=stereo:sample_rates={RATE},atrim=end={duration:.4f},volume={gain:.1f}dB,"
        f"afade=t=in:d=0.6,afade=t=out:st={fade_out:.3f}:d=1.2[music];"
        "[music][key]sidechaincompress=threshold=0.02:ratio=6:attack=40:release=420[low];"
        f"[voice][low]amix=inputs=2:duration=first:normalize=0,{measured}[out]"
    )
