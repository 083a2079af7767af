"""channels.source_config: where the channel looks; channel_sources.custom_config: what it asks one source for.

`source_config.sources` is what a channel's file says; applying it writes weight, enabled and custom_config of
`channel_sources`, which is where the stages read.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from shorts_pipeline.database.documents.fields import Flag, Number, Part, Weight, Word
from shorts_pipeline.database.documents.source_documents import ItemFilters, Parameters

Region = Literal["domestic", "foreign", "global"]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]

REGION_WEIGHTS: Final[Mapping[Region, float]] = {"domestic": 1.0, "foreign": 0.8, "global": 0.9}


class ChannelSourceConfig(Part):
    """What one channel asks one source for, over the source's own defaults."""

    filters: ItemFilters = Field(ItemFilters(), description="Filters over the source's own.")
    parameters: Parameters = Field({}, description="Values for the address: boards, subreddits, queries.")


class SourceUse(ChannelSourceConfig):
    """How the channel listens to one source."""

    enabled: Flag = Field(True, description="False: not listened to for now.")
    weight: Weight = Field(1.0, description="How much its items count; 1 changes nothing.")


class TrendSettings(Part):
    """Search trends as a signal."""

    enabled: Flag = Field(False, description="Whether trends raise a score.")
    regions: tuple[CountryCode, ...] = Field(("KR",), description="Countries whose trends count.")
    least_growth: Annotated[Number, Field(ge=0, le=100)] = Field(
        0.5, description="Growth from which a term is a trend; 0.5 is half again as much."
    )


class SourceConfig(Part):
    """Where the channel looks."""

    regions: Mapping[Region, Weight] = Field(
        {},
        description=f"Weight of each region, over these: {', '.join(f'{k} {v:g}' for k, v in REGION_WEIGHTS.items())}.",
    )
    sources: Mapping[Word, SourceUse] = Field({}, description="Sources by name: those it listens to, and how.")
    trends: TrendSettings = Field(TrendSettings(), description="Search trends as a signal.")

    def region_weight(self, region: str) -> float:
        """The weight of a region; 1 for one that nobody named."""
        return {**REGION_WEIGHTS, **self.regions}.get(region, 1.0)  # type: ignore[call-overload, no-any-return]
