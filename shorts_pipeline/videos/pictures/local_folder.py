"""Local folder: the channel's own pictures and films. A file is decoded before it is used; a broken one is passed over.

Beside `name.jpg` a file `name.txt` may say whose it is, line by line: author, licence, address.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.decoding import Undecodable, check_clip, check_picture
from shorts_pipeline.videos.pictures.illustrate import Credit, Scene, Still, Story
from shorts_pipeline.videos.pictures.photo import filmed, photographed
from shorts_pipeline.videos.pictures.search_words import queries

PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
FILMS = {".mp4", ".m4v", ".mov", ".webm", ".mkv"}
_LONGEST_NAME = 180
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LocalFolder:
    """Files of a folder: those whose name shares a word with the sentence first, then with the story, then by name."""

    folder: Path
    story: Story
    style: VideoStyle
    face: Face

    def still(self, scene: Scene, used: frozenset[str]) -> Still | None:
        """The best file that is not used yet and can be decoded."""
        asked = queries(scene.text, self.story.keywords, self.story.language)
        wanted = f"{scene.text} {' '.join(query.words for query in asked)}".lower()
        about = f"{self.story.title} {' '.join(self.story.keywords)}".lower()
        for file in sorted(self._files(), key=lambda file: (-_shared(file.stem, wanted), -_shared(file.stem, about))):
            identity = f"local:{file.name[:_LONGEST_NAME]}"
            if identity not in used and _decodes(file):
                make = filmed if file.suffix.lower() in FILMS else photographed
                return make(file, scene, self.style, self.face, source="local", credit=_credit(file, identity))
        return None

    def _files(self) -> Iterator[Path]:
        kinds = PICTURES | FILMS
        yield from sorted(
            file for file in self.folder.glob("*") if file.suffix.lower() in kinds and file.name[0] != "."
        )


def _shared(name: str, text: str) -> int:
    words = {word for word in name.lower().replace("-", " ").replace("_", " ").split() if len(word) > 1}
    return sum(word in text for word in words)


def _decodes(file: Path) -> bool:
    try:
        if file.suffix.lower() in FILMS:
            check_clip(file)
        else:
            check_picture(file)
    except Undecodable as reason:
        _log.warning("%s was not taken: %s", file.name, reason)
        return False
    return True


def _credit(file: Path, identity: str) -> Credit:
    said = file.with_suffix(".txt")
    lines = said.read_text(encoding="utf-8", errors="replace").splitlines() if said.is_file() else []
    author, licence, address = ([line.strip() or None for line in lines] + [None] * 3)[:3]
    return Credit("local", author, licence or "the channel's own", address, identity)
