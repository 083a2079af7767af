"""Places: the {parameters} of a source's address, filled with what its channels ask for.

Every combination that some channel asks for is one address, asked once for all of them. An item keeps which
combinations brought it ("board=free", with several places "board=free&sort=new"), and a channel hears only its own.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from shorts_pipeline.database import Channel, ChannelSource, Source, SourceItem, SourceType
from shorts_pipeline.database.documents import ChannelSourceConfig, SourceConfig, SourceConnection
from shorts_pipeline.database.documents.source_documents import MOST_ADDRESSES
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.sources.ask import with_query

GEO = "geo"
"""The place of a trend source that the regions of a channel's trends fill."""

_OUTSIDE = (SourceItem, ChannelSource)


@dataclass(frozen=True)
class Wish:
    """What one channel asks one source for: its parameters, and its regions where it names any."""

    parameters: Mapping[str, Sequence[str]]
    regions: Sequence[str] | None = None

    @classmethod
    def of(cls, use: ChannelSourceConfig, look: SourceConfig) -> "Wish":
        """The wish of a channel, from its use of the source and from where it looks."""
        return cls(use.parameters, look.trends.regions if "regions" in look.trends.model_fields_set else None)


@dataclass(frozen=True)
class Address:
    """An address with its places filled; `place` says with what, "" where it has none."""

    url: str
    place: str = ""


def addresses(source: Source, wishes: Iterable[Wish]) -> tuple[Address, ...]:
    """Every address that some channel asks for; with no channel, what the source itself names.

    Raises `ConfigurationError` for a place that nothing fills, and for more than `MOST_ADDRESSES`.
    """
    connection = source.connection_config
    names = connection.places
    found: dict[str, Address] = {}
    for wish in list(wishes) or [Wish({})]:
        values = [_values(source, name, wish) for name in names]
        for chosen in itertools.islice(itertools.product(*values), MOST_ADDRESSES + 1):
            address = _filled(connection, dict(zip(names, chosen, strict=True)))
            found.setdefault(address.url, address)
            if len(found) > MOST_ADDRESSES:
                raise ConfigurationError(
                    f"source {source.name}: its {{places}} make more than {MOST_ADDRESSES} addresses; "
                    "name fewer values in `parameters`, or make two sources of it"
                )
    return tuple(found.values())


def heard() -> ColumnElement[bool]:
    """Whether a channel hears an item, in a statement over `SourceItem` and the `ChannelSource` of its source.

    Costs nothing for items without places.
    """
    came = func.unnest(SourceItem.places).column_valued("came")
    part = func.unnest(func.string_to_array(came, "&")).column_valued("part")
    name = func.split_part(part, "=", 1)
    value = func.substr(part, func.strpos(part, "=") + 1)
    for written, meant in (("%26", "&"), ("%25", "%")):
        value = func.replace(value, written, meant)
    asked = func.coalesce(
        func.jsonb_extract_path(ChannelSource.custom_config, "parameters", name),
        case((name == GEO, _regions())),
        func.jsonb_extract_path(_of_source(), name),
        case((name == GEO, literal(list(SourceConfig().trends.regions), JSONB))),
    )
    not_asked = not_(func.coalesce(func.jsonb_exists(asked, value), False))
    missing = exists(select(part).where(not_asked).correlate(*_OUTSIDE))
    mine = exists(select(came).where(not_(missing)).correlate(*_OUTSIDE))
    return or_(func.cardinality(SourceItem.places) == 0, mine)


def _values(source: Source, name: str, wish: Wish) -> Sequence[str]:
    own = source.connection_config.parameters.get(name)
    regions, otherwise = None, None
    if source.type is SourceType.TREND and name == GEO:
        regions, otherwise = wish.regions, SourceConfig().trends.regions
    given = next((each for each in (wish.parameters.get(name), regions, own, otherwise) if each is not None), None)
    if given is None:
        raise ConfigurationError(
            f"source {source.name}: nothing fills {{{name}}} in its address; add it to `parameters` "
            "of the source's connection or of a channel's use of it"
        )
    return given


def _filled(connection: SourceConnection, values: Mapping[str, str]) -> Address:
    url, query = connection.url, dict(connection.query)
    for name, value in values.items():
        url = url.replace("{" + name + "}", quote(value, safe=""))
        query = {key: written.replace("{" + name + "}", value) for key, written in query.items()}
    place = "&".join(f"{name}={_escaped(value)}" for name, value in values.items())
    return Address(with_query(url, query), place)


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("&", "%26")


def _of_source() -> ScalarSelect[object]:
    """The values that the source itself names for its places."""
    found = func.jsonb_extract_path(Source.connection_config, "parameters")
    return select(found).where(Source.id == SourceItem.source_id).correlate(*_OUTSIDE).scalar_subquery()


def _regions() -> ScalarSelect[object]:
    """The regions that the channel's file names, for a source of trends; else NULL."""
    found = func.jsonb_extract_path(Channel.source_config, "trends", "regions")
    trends = (Source.id == SourceItem.source_id) & (Source.type == SourceType.TREND)
    return (
        select(found)
        .join(Source, trends)
        .where(Channel.id == ChannelSource.channel_id)
        .correlate(*_OUTSIDE)
        .scalar_subquery()
    )
