"""YouTube as a Dagster resource: where the sandbox is, and a connection for a channel."""

from typing import Any, Literal, Self

import dagster as dg

from shorts_pipeline.clock import Clock, SystemClock
from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.resources.youtube.client import YouTube
from shorts_pipeline.resources.youtube.transport import sandbox_credentials
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings


class YouTubeResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Connects a channel to the sandbox, or to YouTube once its file says so."""

    sandbox_url: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> Self:
        """The resource this machine's settings describe."""
        return cls(sandbox_url=(settings or read_settings()).sandbox_url)

    def connect(
        self, *, publish_to: Literal["sandbox", "youtube"], credential: Any, clock: Clock | None = None
    ) -> YouTube:
        """A channel's YouTube. `credential`: for the sandbox the channel's name there, else Google's `Credentials`.

        Raises NeedsPerson for `youtube` without credentials, ConfigurationError for `sandbox` without a sandbox.
        """
        clock = clock or SystemClock()
        if publish_to == "youtube":
            if credential is None or isinstance(credential, str):
                raise NeedsPerson(
                    "this channel publishes to YouTube and has no stored credential: "
                    "run `shorts youtube connect <channel>`, or set publish_to: sandbox in its file"
                )
            return YouTube(credential, root_url=None, clock=clock)
        if self.sandbox_url is None:
            raise ConfigurationError(
                "YOUTUBE_SANDBOX_URL is not set and this channel publishes to the sandbox: "
                "start it with `shorts up`, or set the variable to a running sandbox"
            )
        root_url = self.sandbox_url.rstrip("/")
        return YouTube(sandbox_credentials(str(credential), root_url), root_url=root_url, clock=clock)
