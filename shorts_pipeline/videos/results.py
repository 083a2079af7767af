"""Results: what a run of the videos room made, for a person and for the plots of the UI."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shorts_pipeline.operations.attempts import Failure


@dataclass(frozen=True)
class MadeVideo:
    """One video as it was saved; `preview` is a small JPEG."""

    video_id: UUID
    script_id: UUID
    title: str
    path: str
    seconds: float
    size_bytes: int
    lufs: float
    engine: str
    wall_seconds: float
    cpu_seconds: float
    waiting: bool
    preview: bytes
    reused: bool = False


@dataclass(frozen=True)
class Made:
    """What a run made. `planned` are the titles that a dry run would have made into videos."""

    channel: str
    made: tuple[MadeVideo, ...] = ()
    failed: tuple[Failure, ...] = ()
    planned: tuple[str, ...] = ()
    note: str = ""

    @property
    def seconds(self) -> float:
        return sum(video.seconds for video in self.made)

    def as_metadata(self) -> dict[str, Any]:
        """Counts, seconds, what a second of video cost, and the videos themselves."""
        anew = [video for video in self.made if not video.reused]
        cost = sum(video.cpu_seconds for video in anew) / sum(video.seconds for video in anew) if anew else None
        return {
            "channel": self.channel,
            "made": len(self.made),
            "reused": len(self.made) - len(anew),
            "waiting_for_review": sum(video.waiting for video in self.made),
            "seconds": round(self.seconds, 2),
            "wall_seconds": round(sum(video.wall_seconds for video in self.made), 2),
            "cpu_seconds_per_video_second": None if cost is None else round(cost, 3),
            "failed": len(self.failed),
            "failures": _failures(self.failed),
            "planned": list(self.planned),
            "note": self.note,
            "videos": [
                {
                    "id": str(video.video_id),
                    "title": video.title,
                    "path": video.path,
                    "seconds": round(video.seconds, 2),
                    "megabytes": round(video.size_bytes / 1e6, 2),
                    "lufs": video.lufs,
                    "voice": video.engine,
                    "reused": video.reused,
                }
                for video in self.made
            ],
        }

    def posters(self) -> str:
        """The first posters as Markdown, their pictures in the text itself."""
        return "\n\n".join(
            f"**{_plain(video.title)}**\n\n![{_plain(video.title)}]"
            f"(data:image/jpeg;base64,{base64.b64encode(video.preview).decode()})"
            for video in self.made[:3]
        )


def _plain(text: str) -> str:
    """A title that Markdown takes as text."""
    return "".join(character for character in text if character not in "[]()*_`<>\\!")


def _failures(failed: Sequence[Failure]) -> list[str]:
    return [f"{each.target_id}: {each.reason}{' (parked)' if each.parked else ''}" for each in failed]
