"""`FetchResource`: the fetcher as Dagster sees it."""

from typing import TYPE_CHECKING, Self

import dagster as dg

from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings

if TYPE_CHECKING:
    from shorts_pipeline.resources.fetch.client import Fetcher


class FetchResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Reads addresses of the web; what differs between machines comes from the settings."""

    mirror_url: str | None = None
    allow_loopback: bool = False
    user_agent: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> Self:
        """The resource of this machine."""
        chosen = settings or read_settings()
        return cls(
            mirror_url=chosen.source_mirror_url,
            allow_loopback=chosen.allow_loopback_sources,
            user_agent=chosen.user_agent,
        )

    @property
    def fetcher(self) -> "Fetcher":
        """A fetcher; it holds no connection between requests."""
        from shorts_pipeline.resources.fetch.client import USER_AGENT, Fetcher

        return Fetcher(
            user_agent=self.user_agent or USER_AGENT,
            mirror_url=self.mirror_url,
            allow_loopback=self.allow_loopback,
        )
