"""Writing channel files into the database: all of them or none, and nothing twice."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.channels.diff import RowChange, Table, diff
from shorts_pipeline.channels.reading import ReadFile
from shorts_pipeline.database import Base, Channel, ChannelSource, Persona, Source

_ONE_AT_A_TIME: Final = 7_203_114_001
"""Key of the advisory lock: two people who apply at once do so one after the other."""


def apply(session: Session, files: Sequence[ReadFile]) -> tuple[RowChange, ...]:
    """Make the database say what the files say; returns every row spoken of. The caller owns the transaction.

    A row that is as it should be is not written: applying again changes nothing, not even `updated_at`.
    A source that left a file is disabled for its channel; nothing is ever deleted, no slug is ever renamed.
    """
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    changes = diff(session, files)
    _write(session, Source, [{"name": c.key[0], **c.columns} for c in _of(changes, "source")], key=("name",))
    _write(session, Channel, [{"slug": c.key[0], **c.columns} for c in _of(changes, "channel")], key=("slug",))
    channels = _channel_ids(session, files)
    personas = [{"channel_id": channels[c.key[0]], **c.columns} for c in _of(changes, "persona")]
    _write(session, Persona, personas, key=("channel_id",))
    listening = _of(changes, "listening")
    sources = _source_ids(session, listening)
    links = [{"channel_id": channels[c.key[0]], "source_id": sources[c.key[1]], **c.columns} for c in listening]
    _write(session, ChannelSource, links, key=("channel_id", "source_id"))
    session.expire_all()
    return changes


def _of(changes: Sequence[RowChange], table: Table) -> list[RowChange]:
    return [change for change in changes if change.table == table and change.kind != "unchanged"]


def _write(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *, key: tuple[str, ...]) -> None:
    """One statement for all rows: new ones are inserted, known ones take the given columns."""
    if not rows:
        return
    statement = insert(table).values(list(rows))
    written: dict[str, Any] = {column: statement.excluded[column] for column in rows[0] if column not in key}
    if "updated_at" in table.__table__.columns:
        written["updated_at"] = func.now()
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=written))


def _channel_ids(session: Session, files: Sequence[ReadFile]) -> dict[str, UUID]:
    slugs = [file.channel.slug for file in files]
    rows = session.execute(select(Channel.slug, Channel.id).where(Channel.slug.in_(slugs)))
    return dict(rows.all())


def _source_ids(session: Session, listening: Sequence[RowChange]) -> dict[str, UUID]:
    names = {change.key[1] for change in listening}
    rows = session.execute(select(Source.name, Source.id).where(Source.name.in_(names)))
    return dict(rows.all())
