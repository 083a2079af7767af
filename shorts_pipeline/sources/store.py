"""Store: what readings brought, and how reading goes, into the tables. Functions take a session and never commit.

Items go in as one statement; one that is known already takes over what changes at its source (score, comments, places)
and is no new row. Nothing here reads the web.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import Source, SourceAddress, SourceItem, SourceState, SourceType
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.errors import PipelineError, Rejected, RetryLater
from shorts_pipeline.sources.due import back_off, latest_fire, next_fire
from shorts_pipeline.sources.items import FoundItem
from shorts_pipeline.sources.places import Address
from shorts_pipeline.sources.politeness import Busy
from shorts_pipeline.sources.read import Reading
from shorts_pipeline.sources.retention import kept_since
from shorts_pipeline.sources.rows import KnownSource
from shorts_pipeline.sources.terms import renewed

ERROR_LIMIT = 500
_METRICS = "source_items.metrics || excluded.metrics"
# The places of both, each once; none where it came without a place, which is for every channel.
_PLACES = (
    "CASE WHEN cardinality(source_items.places) = 0 OR cardinality(excluded.places) = 0 THEN '{}'"
    " WHEN source_items.places @> excluded.places THEN source_items.places"
    " ELSE (SELECT array_agg(DISTINCT place) FROM unnest(source_items.places || excluded.places) AS place) END"
)
_CHANGED = (
    f"(source_id, item_key) DO UPDATE SET metrics = {_METRICS}, places = {_PLACES}, updated_at = now()"
    f" WHERE {_METRICS} IS DISTINCT FROM source_items.metrics OR {_PLACES} IS DISTINCT FROM source_items.places"
)
_TAKEN = ("title", "text", "url", "published_at", "metrics", "places", "fetched_at", "run_id")
_RENEWED = (
    f"(source_id, item_key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _TAKEN)},"
    " updated_at = now()"
)


@dataclass(frozen=True)
class Stored:
    """How many items were new, and how many known ones changed."""

    new: int = 0
    changed: int = 0


def seen_keys(session: Session, source_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the item keys that the source gave before."""
    known = select(SourceItem.item_key).where(SourceItem.source_id == source_id, SourceItem.item_key.in_(list(keys)))
    return set(session.scalars(known))


def store_items(
    session: Session, source: Source, address: Address, items: Sequence[FoundItem], *, now: datetime, run_id: str | None
) -> Stored:
    """Keep what an address gave."""
    since = kept_since(session, source.id, now)
    kept = [item for item in items if _still_kept(item, since)]
    # In one order, so that two runs at once wait for each other instead of locking each other out.
    rows = [_row(source.id, item, address, now, run_id) for item in sorted(kept, key=lambda item: item.key)]
    if not rows:
        return Stored()
    if source.type is SourceType.TREND:
        return _store_terms(session, source.id, rows, now)
    return _stored(session, rows, _CHANGED)


def record_success(
    session: Session, known: KnownSource, *, now: datetime, note: str | None = None, **more: Any
) -> None:
    """The source was read: it is due again when its cron says so. `note`: what went wrong all the same."""
    source = known.source
    _set_state(
        session,
        known,
        last_fired_at=_fired(source, now),
        next_due_at=_next(source, now),
        failures=0,
        backoff_until=None,
        last_error=note,
        last_error_at=now if note else None,
        gone=False,
        **({"etag": None, "last_modified": None, "moved_to": None} | more),
    )
    session.execute(update(Source).where(Source.id == source.id).values(last_collected_at=now))


def learned_by(reading: Reading) -> dict[str, Any]:
    """What an address is remembered by."""
    validators = reading.validators
    return {"etag": validators.etag, "last_modified": validators.last_modified, "moved_to": reading.moved_to}


def record_failure(session: Session, known: KnownSource, error: Exception, *, now: datetime) -> None:
    """The source waits longer after each failure in a row; what it gave before stays as it is.

    A host that is busy is nobody's failure: the source only waits for its turn.
    """
    before = known.learned.failures if known.learned else 0
    asked = error.delay if isinstance(error, RetryLater) else None
    failures = before if isinstance(error, Busy) else before + 1
    until = now + (asked if isinstance(error, Busy) and asked else back_off(failures, asked, of=known.source.id))
    learned: dict[str, Any] = {"failures": failures, "gone": isinstance(error, Rejected)}
    if known.learned is None:
        # What was learned at another address says nothing about this one.
        learned |= {"etag": None, "last_modified": None, "moved_to": None}
    _set_state(
        session,
        known,
        backoff_until=until,
        next_due_at=until,
        last_error=reason(error),
        last_error_at=now,
        **learned,
    )


def record_address(session: Session, source_id: UUID, address: Address, **learned: Any) -> None:
    """What one of several addresses answered."""
    statement = insert(SourceAddress).values(source_id=source_id, address=address.url, **learned)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source_id", "address"], set_={**learned, "updated_at": func.now()}
        )
    )


def forget_addresses(session: Session, source_id: UUID, asked: Collection[Address]) -> None:
    """Drop what is known of addresses that nobody asks for any more."""
    kept = [address.url for address in asked if address.place]
    session.execute(
        delete(SourceAddress).where(SourceAddress.source_id == source_id, SourceAddress.address.not_in(kept))
    )


def record_broken(session: Session, broken: Mapping[UUID, str], *, now: datetime) -> int:
    """Say on each source what is wrong with its cron or time zone, once; returns on how many that was news."""
    if not broken:
        return 0
    rows = [{"source_id": id_, "last_error": why, "last_error_at": now} for id_, why in broken.items()]
    statement = insert(SourceState).values(rows)
    changed = statement.on_conflict_do_update(
        index_elements=["source_id"],
        set_={"last_error": statement.excluded.last_error, "last_error_at": now, "updated_at": func.now()},
        where=SourceState.last_error.is_distinct_from(statement.excluded.last_error),
    )
    return len(session.scalars(changed.returning(SourceState.source_id)).all())


def reason(error: Exception) -> str:
    """Why, in one line. Only our own messages are known to hold no secret; others are named by their kind."""
    message = str(error) if isinstance(error, PipelineError) else type(error).__name__
    return " ".join(message.split())[:ERROR_LIMIT]


def _store_terms(session: Session, source_id: UUID, rows: Sequence[dict[str, Any]], now: datetime) -> Stored:
    """Terms are renewed: their figures follow from those of the poll before, which nobody else may change meanwhile."""
    # The source's row and not the terms': a new term has none yet that could be waited for.
    session.execute(select(Source.id).where(Source.id == source_id).with_for_update(key_share=True))
    keys = [row["item_key"] for row in rows]
    before: dict[str, dict[str, Any]] = dict(
        session.execute(
            select(SourceItem.item_key, SourceItem.metrics).where(
                SourceItem.source_id == source_id, SourceItem.item_key.in_(keys)
            )
        ).all()
    )
    for row in rows:
        own = {name: value for name, value in row["metrics"].items() if name != "traffic"}
        row["metrics"] = own | renewed(before.get(row["item_key"]), row["metrics"].get("traffic"), now)
    return _stored(session, rows, _RENEWED)


def _stored(session: Session, rows: Sequence[dict[str, Any]], on_conflict: str) -> Stored:
    # A row that the statement itself made has never been locked by another: its xmax is 0.
    made = insert_rows(session, SourceItem, rows, on_conflict=on_conflict, returning="source_items.xmax = 0")
    new = sum(own for (own,) in made)
    return Stored(new=new, changed=len(made) - new)


def _set_state(session: Session, known: KnownSource, **values: Any) -> None:
    address = known.source.connection_config.url
    statement = insert(SourceState).values(source_id=known.source.id, address=address, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source_id"], set_={"address": address, **values, "updated_at": func.now()}
        )
    )


def _row(source_id: UUID, item: FoundItem, address: Address, now: datetime, run_id: str | None) -> dict[str, Any]:
    # A feed's clock may be wrong; no story is from the future.
    published = None if item.published_at is None else min(item.published_at, now)
    return {
        "source_id": source_id,
        "item_key": item.key,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "published_at": published,
        "metrics": item.metrics,
        "places": [address.place] if address.place else [],
        "raw_language": item.language,
        "fetched_at": now,
        "run_id": run_id,
    }


def _still_kept(item: FoundItem, since: datetime) -> bool:
    """An item older than what is kept would be pruned, read again and pruned again."""
    return item.published_at is None or item.published_at >= since


def _fired(source: Source, now: datetime) -> datetime:
    try:
        return latest_fire(source.cron_expression, source.timezone, now)
    except ValueError:
        return now  # read by hand: its cron is broken


def _next(source: Source, now: datetime) -> datetime | None:
    try:
        return next_fire(source.cron_expression, source.timezone, now)
    except ValueError:
        return None
