"""What applying channel files would change: their rows beside those of the database. Nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from shorts_pipeline.channels.file import ChannelFile, SourceFile
from shorts_pipeline.channels.reading import ChannelFileError, Problem, ReadFile
from shorts_pipeline.database import Channel, ChannelSource, ChannelStatus, Persona, Source
from shorts_pipeline.database.documents import ChannelSourceConfig
from shorts_pipeline.database.documents.source_config import SourceUse

Kind = Literal["created", "changed", "disabled", "unchanged"]
Table = Literal["source", "channel", "persona", "listening"]

ABSENT: Final = "—"
"""Shown where a document says nothing: its default counts."""


@dataclass(frozen=True)
class FieldChange:
    """One field, before and after."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class RowChange:
    """What happens to one row: `key` is (source), (slug), or (slug, source) where a channel listens."""

    table: Table
    key: tuple[str, ...]
    kind: Kind
    fields: tuple[FieldChange, ...] = ()
    note: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The key in one line."""
        return " → ".join(self.key)


def diff(session: Session, files: Sequence[ReadFile]) -> tuple[RowChange, ...]:
    """Every row the files speak of; raises `ChannelFileError` for what only the database can tell is wrong."""
    names = {name for file in files for name in file.channel.uses()}
    stored = _Stored(session, {file.channel.slug for file in files}, names)
    _refuse(session, files, stored)
    declared = {source.name: source for file in files for source in file.channel.sources}
    changes = [_source(source, stored) for source in declared.values()]
    for file in files:
        changes += _channel(file.channel, stored)
    return tuple(changes)


class _Stored:
    """The rows that the files speak of, as they are: three queries, however many files."""

    def __init__(self, session: Session, slugs: Iterable[str], sources: Iterable[str]) -> None:
        query = select(Channel).where(Channel.slug.in_(sorted(slugs))).options(selectinload(Channel.persona))
        fresh = {"populate_existing": True}
        self.channels = {row.slug: row for row in session.scalars(query, execution_options=fresh)}
        named = select(Source).where(Source.name.in_(sorted(sources)))
        self.sources = {row.name: row for row in session.scalars(named, execution_options=fresh)}
        links = (
            select(Channel.slug, Source.name, ChannelSource)
            .join(Channel, Channel.id == ChannelSource.channel_id)
            .join(Source, Source.id == ChannelSource.source_id)
        )
        touched = Channel.slug.in_(sorted(slugs)) | Source.name.in_(sorted(sources))
        rows = session.execute(links.where(touched), execution_options=fresh)
        self.links: dict[tuple[str, str], ChannelSource] = {(slug, name): link for slug, name, link in rows}


def _refuse(session: Session, files: Sequence[ReadFile], stored: _Stored) -> None:
    declared = {source.name for file in files for source in file.channel.sources}
    problems = [problem for file in files for problem in _unknown_sources(file, declared | set(stored.sources))]
    ids = [file.channel.youtube_channel_id for file in files if file.channel.youtube_channel_id]
    taken = select(Channel.youtube_channel_id, Channel.slug).where(Channel.youtube_channel_id.in_(ids))
    owners = dict(session.execute(taken).all())
    for file in files:
        owner = owners.get(file.channel.youtube_channel_id)
        if owner not in (None, file.channel.slug):
            message = f"this YouTube channel is {owner} already, and a slug is never renamed; write slug: {owner}"
            problems.append(file.problem(("slug",), message))
    if problems:
        raise ChannelFileError(problems)


def _unknown_sources(file: ReadFile, known: set[str]) -> Iterator[Problem]:
    for name in file.channel.source_config.sources:
        if name not in known:
            message = "no source of this name; declare it under sources, or apply the file that does along with this"
            yield file.problem(("source_config", "sources", name), message)


def _source(source: SourceFile, stored: _Stored) -> RowChange:
    listeners = sorted(slug for slug, name in stored.links if name == source.name)
    note = f"shared by {', '.join(listeners)}" if len(listeners) > 1 else ""
    return _row("source", (source.name,), stored.sources.get(source.name), source_columns(source), note=note)


def _channel(file: ChannelFile, stored: _Stored) -> Iterator[RowChange]:
    row = stored.channels.get(file.slug)
    yield _row("channel", (file.slug,), row, channel_columns(file, row))
    yield _row("persona", (file.slug,), row.persona if row else None, persona_columns(file))
    uses = file.uses()
    for name, use in uses.items():
        yield _row("listening", (file.slug, name), stored.links.get((file.slug, name)), link_columns(use))
    for (slug, name), link in stored.links.items():
        if slug == file.slug and name not in uses and link.enabled:
            columns = {"weight": link.weight, "custom_config": link.custom_config, "enabled": False}
            change = FieldChange("enabled", True, False)
            yield RowChange("listening", (slug, name), "disabled", (change,), "no longer in the file", columns)


def _row(
    table: Table,
    key: tuple[str, ...],
    row: Channel | Persona | Source | ChannelSource | None,
    columns: dict[str, Any],
    note: str = "",
) -> RowChange:
    if row is None:
        return RowChange(table, key, "created", columns=columns)
    fields = tuple(change for column, new in columns.items() for change in _changes(column, getattr(row, column), new))
    return RowChange(table, key, "changed" if fields else "unchanged", fields, note if fields else "", columns)


def _changes(name: str, old: Any, new: Any) -> Iterator[FieldChange]:
    before, after = _leaves(name, old), _leaves(name, new)
    for leaf in dict.fromkeys([*before, *after]):
        was, becomes = before.get(leaf, ABSENT), after.get(leaf, ABSENT)
        if was != becomes:
            yield FieldChange(leaf, was, becomes)


def _leaves(name: str, value: Any) -> dict[str, Any]:
    """A document as dotted leaves, only what was set; a list is one leaf."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, dict):
        return {leaf: inner for key, part in value.items() for leaf, inner in _leaves(f"{name}.{key}", part).items()}
    return {name: list(value) if isinstance(value, tuple) else value}


def channel_columns(file: ChannelFile, row: Channel | None) -> dict[str, Any]:
    """The columns of `channels` a file speaks of; a status it does not name stays as it is."""
    return {
        "name": file.name,
        "description": file.description,
        "youtube_channel_id": file.youtube_channel_id,
        "youtube_handle": file.youtube_handle,
        "status": file.status or (row.status if row else ChannelStatus.ACTIVE),
        "default_hashtags": list(file.hashtags),
        "default_links": list(file.links),
        "topic_config": file.topic_config,
        "source_config": file.source_config,
        "content_config": file.content_config,
        "operation_config": file.operation_config,
    }


def persona_columns(file: ChannelFile) -> dict[str, Any]:
    """The columns of `personas`: the file's keys are their names."""
    persona = file.persona
    columns = {name: getattr(persona, name) for name in type(persona).model_fields}
    return columns | {"expertise": list(persona.expertise)}


def source_columns(source: SourceFile) -> dict[str, Any]:
    """The columns of `sources` but the name."""
    return {
        "type": source.type,
        "region": source.region,
        "connection_config": source.connection,
        "parser_config": source.parser,
        "default_filters": source.filters,
        "cron_expression": source.cron,
        "timezone": source.timezone,
        "rate_limit": source.rate_limit,
        "credibility": source.credibility,
        "categories": list(source.categories),
        "language": source.language,
        "is_active": source.active,
    }


def link_columns(use: SourceUse) -> dict[str, Any]:
    """The columns of `channel_sources` but its keys."""
    own = use.model_dump(mode="json", exclude_unset=True, include=set(ChannelSourceConfig.model_fields))
    return {"weight": use.weight, "enabled": use.enabled, "custom_config": ChannelSourceConfig.model_validate(own)}
