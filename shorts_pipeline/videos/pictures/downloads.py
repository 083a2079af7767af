"""Downloads: files of others under the media root, each decoded before it is there, and known by its content.

`cache/pictures/ab/ab12….jpg` is named by the SHA-256 of its bytes; `cache/pictures/at/…` says which file an address
brought. A file is written under a temporary name and moved into its place when it has been decoded, so a broken one
never stays. What nobody has shown for long is pruned (resources/media/pruning.py): showing a file touches it.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, Literal

from shorts_pipeline.errors import PipelineError
from shorts_pipeline.resources.fetch import FetchLimits
from shorts_pipeline.resources.fetch.client import Fetcher
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.media.store import PARTIAL
from shorts_pipeline.videos.pictures.decoding import Undecodable, check_clip, check_picture

FOLDER: Final = "cache/pictures"
LIMITS: Final = {
    "photo": FetchLimits(max_bytes=30_000_000, connect_seconds=5.0, read_seconds=15.0, total_seconds=60.0),
    "video": FetchLimits(max_bytes=120_000_000, connect_seconds=5.0, read_seconds=15.0, total_seconds=180.0),
}
Kind = Literal["photo", "video"]


@dataclass(frozen=True)
class Downloads:
    """Brings files; asks for each address once."""

    store: MediaStore
    fetcher: Fetcher
    now: datetime
    limits: FetchLimits | None = None

    def file(self, address: str, kind: Kind) -> Path:
        """The decoded file of the address. Raises `Undecodable` with the reason, or what the fetcher raises."""
        fetcher = replace(self.fetcher, limits=self.limits or LIMITS[kind])

        def fetch(into: BinaryIO) -> None:
            fetcher.fetch(address, now=self.now, headers={"Accept": "*/*"}, into=into)

        return self.kept(address, kind, fetch)

    def kept(self, name: str, kind: Kind, write: Callable[[BinaryIO], None]) -> Path:
        """The decoded file known as `name`; `write` brings its bytes where it is not there yet."""
        pointer = f"{FOLDER}/at/{hashlib.sha256(name.encode()).hexdigest()}.json"
        found = self._known(pointer)
        if found is None:
            found = self._brought(kind, write)
            self.store.write_bytes(pointer, json.dumps({"file": self.store.relative(found)}).encode())
        for used in (found, self.store.path(pointer)):
            os.utime(used)
        return found

    def _known(self, pointer: str) -> Path | None:
        try:
            relative = json.loads(self.store.path(pointer).read_bytes())["file"]
            return self.store.path(relative) if self.store.exists(relative) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, PipelineError):
            return None

    def _brought(self, kind: Kind, write: Callable[[BinaryIO], None]) -> Path:
        folder = self.store.path(FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{secrets.token_hex(8)}{PARTIAL}"
        try:
            with temporary.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            suffix = (check_clip(temporary) if kind == "video" else check_picture(temporary)).suffix
            with temporary.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            target = folder / digest[:2] / f"{digest}{suffix}"
            target.parent.mkdir(exist_ok=True)
            temporary.replace(target)
        except (MemoryError, RecursionError) as error:
            raise Undecodable(f"decoding took too much ({type(error).__name__})") from error
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        return target
