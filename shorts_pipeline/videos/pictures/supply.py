"""Supply: which source of pictures a name in the channel's file means, and what those of the web take."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.clock import Clock
from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.operations.secrets import find_secret
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.settings import Settings
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.illustrate import StillSource, Story

if TYPE_CHECKING:
    from shorts_pipeline.resources.fetch.client import Fetcher
    from shorts_pipeline.videos.pictures.stock.requests import Library


@dataclass(frozen=True)
class Supply:
    """What sources of the web take: the time, and the machine's settings with its secrets."""

    clock: Clock
    settings: Settings

    @property
    def fetcher(self) -> "Fetcher":
        from shorts_pipeline.resources.fetch.client import Fetcher

        return Fetcher(user_agent=self.settings.user_agent, allow_loopback=self.settings.allow_loopback_sources)

    def key(self, name: str | None, field: str) -> str:
        """The secret that the channel's file names. Raises `ConfigurationError` where there is none."""
        if name is None:
            raise ConfigurationError(
                f"the channel's visuals need a key: write content_config.video.{field}, the name of the secret"
            )
        found = find_secret(name, self.settings)
        if found is None:
            raise ConfigurationError(
                f"no secret {name} (content_config.video.{field}): set it in the environment or as a file in "
                "SECRETS_FOLDER, or take the source out of visuals"
            )
        return found.get_secret_value()


def source_named(
    name: str, style: VideoStyle, story: Story, store: MediaStore, face: Face, supply: Supply | None
) -> StillSource:
    """The source. Raises `ConfigurationError` where its key is missing."""
    from shorts_pipeline.videos.pictures.drawn import Drawn
    from shorts_pipeline.videos.pictures.local_folder import LocalFolder

    if name == "drawn":
        return Drawn(story, style, face)
    if name == "local":
        return LocalFolder(store.path(style.visuals_folder or ""), story, style, face)
    if supply is None:
        raise ConfigurationError(f"{name} is on the web, and this was made without it; write `local` or `drawn`")
    if name == "generated":
        return _generated(style, story, store, face, supply)
    return _stock(name, style, story, store, face, supply)


def _stock(name: str, style: VideoStyle, story: Story, store: MediaStore, face: Face, supply: Supply) -> StillSource:
    from shorts_pipeline.videos.pictures.downloads import Downloads
    from shorts_pipeline.videos.pictures.stock.pexels import Pexels
    from shorts_pipeline.videos.pictures.stock.pixabay import Pixabay
    from shorts_pipeline.videos.pictures.stock.searches import Searches
    from shorts_pipeline.videos.pictures.stock.source import Stock

    library: Library
    if name.startswith("pexels"):
        library, secret = Pexels(supply.settings.pexels_url.rstrip("/")), style.pexels_secret
    else:
        library, secret = Pixabay(supply.settings.pixabay_url.rstrip("/")), style.pixabay_secret
    now, fetcher = supply.clock.now(), supply.fetcher
    return Stock(
        library,
        "video" if name.endswith("video") else "photo",
        supply.key(secret, f"{library.name}_secret"),
        Searches(store, fetcher, now),
        Downloads(store, fetcher, now),
        story,
        style,
        face,
    )


def _generated(style: VideoStyle, story: Story, store: MediaStore, face: Face, supply: Supply) -> StillSource:
    from shorts_pipeline.videos.pictures.downloads import Downloads
    from shorts_pipeline.videos.pictures.generated import Generated, image_model

    model = image_model(style.generated_model)
    wanted = style.generated_secret or model.usual_secret
    key = supply.key(wanted, "generated_secret") if wanted else None
    return Generated(model, key, Downloads(store, supply.fetcher, supply.clock.now()), story, style, face)
