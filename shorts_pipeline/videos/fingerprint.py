"""Fingerprint: one number for everything a video is made from; while it stays, there is nothing to render.

Taken before any work: the script, the voice asked for, the style, the files it names, and our own code. Pictures that
a search brings are not part of it, only where they are looked for.
"""

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.material import Material, Studio

_DRAWS_WITH = ("pillow", "imageio-ffmpeg", "av", "numpy")
_ROOMS = ("videos", "resources/media", "resources/speech", "language")


def fingerprint(material: Material, studio: Studio, preset: str, letters: Face, store: MediaStore) -> str:
    """SHA-256 of the inputs, 64 hexadecimal digits."""
    content = studio.content
    told = {
        "script": [str(material.script_id), material.text, material.title, list(material.keywords)],
        "channel": [studio.name, content.language, content.target_seconds],
        "voice": [studio.tts_service, studio.voice_id, studio.voice_gender, studio.voice_settings.model_dump()],
        "style": content.video.model_dump(mode="json"),
        "files": [[name, _digest(path)] for name, path in _files(studio, letters, store)],
        "preset": preset,
        "code": code_version(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


@lru_cache
def code_version() -> str:
    """SHA-256 of the source that renders and of the versions of what it draws and encodes with."""
    root = Path(__file__).parents[1]
    whole = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _DRAWS_WITH).encode())
    for room in _ROOMS:
        for file in sorted((root / room).rglob("*.py")):
            whole.update(file.read_bytes())
    return whole.hexdigest()


def _files(studio: Studio, letters: Face, store: MediaStore) -> Iterator[tuple[str, Path]]:
    """The font, and the files that the style names: effects, pictures, music, the mark."""
    style = studio.content.video
    yield letters.name, letters.file
    named = [
        style.visuals_folder if "local" in style.visuals else None,
        style.music.track if style.music.enabled else None,
        style.watermark.file if style.watermark else None,
    ]
    for effect in style.effects:
        with suppress(ImportError, ValueError):  # told when it is called
            module = importlib.util.find_spec(effect.partition(":")[0])
            if module is not None and module.origin:
                yield effect, Path(module.origin)
    for relative in filter(None, named):
        path = store.path(relative)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not file.name.startswith("."):
                yield store.relative(file), file


def _digest(path: Path) -> str:
    stat = path.stat()
    return _digest_of(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4096)
def _digest_of(path: Path, size: int, changed: int) -> str:  # noqa: ARG001 - a changed file is another one
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
