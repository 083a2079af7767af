"""The web as a resource: `FetchResource` gives a `client.Fetcher`.

The client is imported when it is used: the code location loads without requests.
"""

from shorts_pipeline.resources.fetch.answer import Fetched, FetchLimits, Validators
from shorts_pipeline.resources.fetch.failures import AddressRefused, FetchFailed, Gone, TookTooLong, TooLarge
from shorts_pipeline.resources.fetch.resource import FetchResource
from shorts_pipeline.resources.fetch.turns import Turn

__all__ = [
    "AddressRefused",
    "FetchFailed",
    "FetchLimits",
    "FetchResource",
    "Fetched",
    "Gone",
    "TooLarge",
    "TookTooLong",
    "Turn",
    "Validators",
]
