"""YouTube as a Dagster resource: where the sandbox is, and a connection for a channel."""

from typing import TYPE_CHECKING, Literal, Self

import dagster as dg

from shorts_pipeline.clock import Clock, SystemClock
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.youtube.client import YouTube
from shorts_pipeline.resources.youtube.transport import sandbox_credentials
from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings

if TYPE_CHECKING:
    from shorts_pipeline.resources.youtube.accounts import StoredAccount


class YouTubeResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Connects a channel to the sandbox, or to YouTube once its file says so."""

    sandbox_url: str | None = None
    api_url: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> Self:
        """The resource this machine's settings describe."""
        found = settings or read_settings()
        return cls(sandbox_url=found.sandbox_url, api_url=found.youtube_api_url)

    def connect(
        self,
        *,
        publish_to: Literal["sandbox", "youtube"],
        credential: "str | StoredAccount",
        clock: Clock | None = None,
    ) -> YouTube:
        """A channel's YouTube. `credential`: for the sandbox the channel's name there, else its stored account.

        Raises NeedsPerson for `youtube` without an account, ConfigurationError for `sandbox` without a sandbox.
        """
        clock = clock or SystemClock()
        if publish_to == "youtube":
            assert not isinstance(credential, str)
            # The keys are read here and are no field: Dagster shows and stores what a resource is configured with.
            credentials = credential.credentials(read_settings(), clock)
            return YouTube(credentials, root_url=_root(self.api_url), clock=clock)
        if self.sandbox_url is None:
            raise ConfigurationError(
                "YOUTUBE_SANDBOX_URL is not set and this channel publishes to the sandbox: "
                "start it with `shorts up`, or set the variable to a running sandbox"
            )
        root_url = self.sandbox_url.rstrip("/")
        credentials = sandbox_credentials(str(credential), root_url)
        return YouTube(credentials, root_url=root_url, clock=clock, is_sandbox=True)


def _root(url: str | None) -> str | None:
    return url.rstrip("/") if url else None
