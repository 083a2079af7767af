"""The media root as a resource."""

from pathlib import Path

import dagster as dg

from shorts_pipeline.resources.media.store import MediaStore
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings


class MediaResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Where media files live, and how hard the encoder tries."""

    root: str
    render_preset: str = "veryfast"

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "MediaResource":
        chosen = settings or read_settings()
        return cls(root=str(chosen.media_root), render_preset=chosen.render_preset)

    @property
    def store(self) -> MediaStore:
        return MediaStore(Path(self.root))
