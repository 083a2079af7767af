"""What a channel file may say: one typed model of the whole file.

Keys here become columns of channels, personas, sources and channel_sources (apply.py). Reading a file and telling
by line what is wrong with it is reading.py's.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from math import prod
from typing import Annotated, Final, Literal, Self

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shorts_pipeline.database.documents import (
    CommunicationStyle,
    ContentConfig,
    ItemFilters,
    OperationConfig,
    PersonaExamples,
    Perspective,
    SourceConfig,
    SourceConnection,
    SourceParser,
    TopicConfig,
    VoiceSettings,
)
from shorts_pipeline.database.documents.fields import (
    Flag,
    Language,
    Number,
    Part,
    Text,
    TimeZone,
    Whole,
    Word,
    Words,
    conflict,
)
from shorts_pipeline.database.documents.source_config import SourceUse
from shorts_pipeline.database.documents.source_documents import MOST_ADDRESSES
from shorts_pipeline.database.enums import ChannelStatus, SourceRegion, SourceType, TTSService

FieldPath = tuple[str | int, ...]

FORMATS: Final = {
    SourceType.RSS: ("rss",),
    SourceType.API: ("json",),
    SourceType.SCRAPER: ("html",),
    SourceType.TREND: ("rss", "json", "html"),
}
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("not a slug; write 1 to 63 small letters, digits and inner hyphens, e.g. my-channel")
    return value


def _cron(value: str) -> str:
    try:
        next(CronSim(value, datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise ValueError(f"not a cron expression ({error}); write five fields, e.g. 0 */2 * * *") from error
    except StopIteration as error:
        raise ValueError("a cron expression that never fires; write five fields, e.g. 0 */2 * * *") from error
    return value


def _hashtag(value: str) -> str:
    if re.search(r"[\s#]", value):
        raise ValueError("not a hashtag; write one word without the #")
    return value


def _link(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>]+", value):
        raise ValueError("not a web address; write one that starts with https://")
    return value


Name = Annotated[Word, Field(max_length=100)]
Cron = Annotated[str, Field(max_length=50), AfterValidator(_cron)]


class PersonaFile(Part):
    """The channel's speaker."""

    name: Name = Field(description="What the speaker is called.")
    tagline: Annotated[Text, Field(max_length=200)] | None = Field(None, description="One line about the speaker.")
    description: Text | None = Field(None, description="Who the speaker is.")
    expertise: Words = Field((), description="What the speaker knows about.")
    voice_gender: Literal["male", "female", "neutral"] = Field("male", description="The voice's gender.")
    tts_service: TTSService = Field(TTSService.EDGE_TTS, description="Engine of the voice; `offline` needs no network.")
    voice_id: Name = Field(description="The engine's name of the voice; `offline` takes a language: ko, en-us.")
    voice_settings: VoiceSettings = Field(VoiceSettings(), description="How the voice sounds.")
    communication_style: CommunicationStyle = Field(CommunicationStyle(), description="How the speaker talks.")
    perspective: Perspective = Field(Perspective(), description="Where the speaker stands.")
    examples: PersonaExamples = Field(PersonaExamples(), description="How the speaker sounds, shown.")


class SourceFile(Part):
    """A source, shared by name with every channel that listens to it."""

    name: Name = Field(description="The source's name, one for all channels.")
    type: SourceType = Field(SourceType.RSS, description="rss, api (JSON), scraper (HTML), trend.")
    region: SourceRegion = Field(SourceRegion.DOMESTIC, description="Where it speaks from.")
    connection: SourceConnection = Field(description="Where it is and how it is asked.")
    parser: SourceParser = Field(SourceParser(), description="How its answer is read.")
    filters: ItemFilters = Field(ItemFilters(), description="Which items are looked at, for every channel.")
    cron: Cron = Field("0 */2 * * *", description="When it is read: minute, hour, day, month, weekday.")
    timezone: Annotated[TimeZone, Field(max_length=40)] = Field("Asia/Seoul", description="What the cron means.")
    rate_limit: Annotated[Whole, Field(ge=1, le=600)] = Field(10, description="Most requests a minute.")
    credibility: Annotated[Number, Field(ge=1, le=10)] = Field(5.0, description="How far it is trusted.")
    categories: Words = Field((), description="Categories of everything it brings.")
    language: Language = Field("ko", description="Its language, ISO 639-1.")
    active: Flag = Field(True, description="False: nobody reads it for now.")

    @model_validator(mode="after")
    def _parser_fits(self) -> Self:
        if self.parser.format not in FORMATS[self.type]:
            wanted = " or ".join(FORMATS[self.type])
            message = f"{self.type} is not read as {self.parser.format}; write parser.format: {wanted}"
            raise conflict(message, "type", "parser")
        return self


class ChannelFile(Part):
    """One channel: who speaks, what about, from where, how often."""

    slug: Annotated[str, AfterValidator(_slug)] = Field(
        json_schema_extra={"pattern": f"^{_SLUG.pattern}$"},
        description="The channel's name on the command line and its partition key. Never renamed.",
    )
    name: Name = Field(description="The channel's name.")
    description: Text | None = Field(None, description="What the channel is about.")
    youtube_channel_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,50}$")] | None = Field(
        None, description="YouTube's id of the channel (UC…); uploads are refused to any other."
    )
    youtube_handle: Annotated[str, StringConstraints(pattern=r"^@[^\s@]{1,49}$")] | None = Field(
        None, description="YouTube's handle, with the @."
    )
    status: ChannelStatus | None = Field(
        None, description="active, paused or archived; none: as it is, and a new channel is active."
    )
    hashtags: tuple[Annotated[Name, AfterValidator(_hashtag)], ...] = Field(
        (), description="Hashtags of every upload, without the #."
    )
    links: tuple[Annotated[Text, AfterValidator(_link)], ...] = Field((), description="Links in every description.")
    persona: PersonaFile = Field(description="The channel's speaker.")
    topic_config: TopicConfig = Field(TopicConfig(), description="What the channel covers.")
    source_config: SourceConfig = Field(SourceConfig(), description="Where the channel looks.")
    content_config: ContentConfig = Field(ContentConfig(), description="What the channel makes.")
    operation_config: OperationConfig = Field(OperationConfig(), description="How the channel runs.")
    sources: tuple[SourceFile, ...] = Field(
        (), description="Sources it listens to; those of other files are named in source_config.sources."
    )

    def uses(self) -> dict[str, SourceUse]:
        """Every source the channel listens to, by name, and how."""
        return {source.name: SourceUse() for source in self.sources} | dict(self.source_config.sources)

    def conflicts(self) -> Iterator[tuple[FieldPath, str]]:
        """What single fields cannot see: a source declared twice, places in an address that nothing fills."""
        seen: set[str] = set()
        for index, source in enumerate(self.sources):
            if source.name in seen:
                yield ("sources", index, "name"), f"{source.name} is declared twice; leave one of them"
            seen.add(source.name)
            yield from self._places(index, source)

    def _places(self, index: int, source: SourceFile) -> Iterator[tuple[FieldPath, str]]:
        given = {**source.connection.parameters, **self.uses()[source.name].parameters}
        where: FieldPath = ("sources", index, "connection", "url")
        if source.type is SourceType.TREND:
            given.setdefault("geo", self.source_config.trends.regions)
        for place in source.connection.places:
            if place not in given:
                yield where, f"nothing fills {{{place}}}; add it to connection.parameters"
        made = prod(len(given.get(place, "?")) for place in source.connection.places)
        if made > MOST_ADDRESSES:
            yield where, f"makes {made} addresses, above {MOST_ADDRESSES}; give its places fewer values"
