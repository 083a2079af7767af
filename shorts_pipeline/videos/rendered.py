"""Rendered: the finished files of a video, and the note beside them that says what they were made from.

The note is written last: a folder whose note holds and whose files are as it says is whole, whoever made it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.pictures.illustrate import Credit
from shorts_pipeline.videos.verify import Verified

VIDEO, VOICE, SUBTITLES, SRT = "video.mp4", "narration.wav", "subtitles.ass", "subtitles.srt"
THUMBNAIL, POSTER, PREVIEW = "thumbnail.jpg", "poster.jpg", "preview.jpg"
NOTE, LOG = "render.json", "render.log"
FILES = (VIDEO, VOICE, SUBTITLES, SRT, THUMBNAIL, POSTER, PREVIEW)


@dataclass(frozen=True)
class Rendered:
    """The finished files in their folder, what was measured and what it took. Paths are relative to the media root.

    `fingerprint` is that of the inputs; `reused`: they had not changed, and nothing was made.
    """

    folder: str
    fingerprint: str
    verified: Verified
    engine: str
    sources: tuple[str, ...]
    credits: tuple[Credit, ...]
    dropped: int
    preview: bytes
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    reused: bool = False

    @property
    def video(self) -> str:
        return f"{self.folder}/{VIDEO}"

    @property
    def thumbnail(self) -> str:
        return f"{self.folder}/{THUMBNAIL}"

    @property
    def audio(self) -> str:
        return f"{self.folder}/{VOICE}"

    @property
    def subtitles(self) -> str:
        return f"{self.folder}/{SUBTITLES}"


def note(made: Rendered, store: MediaStore) -> None:
    """Write down what the folder's files were made from and what they are."""
    told = {
        "fingerprint": made.fingerprint,
        "files": {name: _digest(store.path(f"{made.folder}/{name}")) for name in FILES},
        "verified": asdict(made.verified),
        "engine": made.engine,
        "sources": made.sources,
        "credits": [asdict(credit) for credit in made.credits],
        "dropped": made.dropped,
    }
    store.write_bytes(f"{made.folder}/{NOTE}", json.dumps(told, ensure_ascii=False, indent=1).encode())


def unmarked(folder: str, store: MediaStore) -> None:
    """Take the note away before its files change."""
    store.path(f"{folder}/{NOTE}").unlink(missing_ok=True)


def whole(folder: str, fingerprint: str, store: MediaStore) -> Rendered | None:
    """What the folder holds, if made from inputs of this fingerprint and whole to the last byte."""
    try:
        told = json.loads(store.path(f"{folder}/{NOTE}").read_bytes())
        same = told["fingerprint"] == fingerprint and told["files"] == {
            name: _digest(store.path(f"{folder}/{name}")) for name in FILES
        }
        return _rendered(folder, told, store) if same else None
    except (OSError, ValueError, KeyError, TypeError):  # no note, or one of another time: made anew
        return None


def _rendered(folder: str, told: dict[str, object], store: MediaStore) -> Rendered:
    return Rendered(
        folder=folder,
        fingerprint=str(told["fingerprint"]),
        verified=Verified(**told["verified"]),  # type: ignore[arg-type]
        engine=str(told["engine"]),
        sources=tuple(told["sources"]),  # type: ignore[arg-type]
        credits=tuple(Credit(**credit) for credit in told["credits"]),  # type: ignore[attr-defined]
        dropped=int(told["dropped"]),  # type: ignore[call-overload]
        preview=store.path(f"{folder}/{PREVIEW}").read_bytes(),
        reused=True,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
