"""Decide: what a person says about a series. A found series is a suggestion; a person's word stands."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Series, SeriesStatus
from shorts_pipeline.errors import ConfigurationError


@dataclass(frozen=True)
class Listed:
    """A series for a list."""

    id: UUID
    channel: str
    name: str
    episodes: int
    avg_views: float
    trend: str
    status: str
    confirmed: bool


def list_series(session: Session, channel: str | None = None) -> list[Listed]:
    """Every series, or one channel's (by slug), best first."""
    query = select(Series, Channel.slug).join(Channel, Channel.id == Series.channel_id)
    if channel is not None:
        query = query.where(Channel.slug == channel)
    rows = session.execute(query.order_by(Channel.slug, Series.avg_views.desc(), Series.name))
    return [
        Listed(row.id, slug, row.name, row.episode_count, row.avg_views, row.trend, row.status, row.confirmed_by_user)
        for row, slug in rows
    ]


def confirm(session: Session, series_id: UUID, *, name: str | None = None) -> None:
    """A person says that this is a series, under its name or a better one; it runs (again)."""
    values: dict[str, object] = {"confirmed_by_user": True, "status": SeriesStatus.ACTIVE}
    _change(session, series_id, values | ({"name": name} if name else {}))


def pause(session: Session, series_id: UUID) -> None:
    """No new story joins it until it is confirmed again."""
    _change(session, series_id, {"status": SeriesStatus.PAUSED})


def end(session: Session, series_id: UUID) -> None:
    """It is over: it is kept, and its stories are never found as a new series."""
    _change(session, series_id, {"status": SeriesStatus.ENDED})


def _change(session: Session, series_id: UUID, values: dict[str, object]) -> None:
    changed = session.scalars(update(Series).where(Series.id == series_id).values(values).returning(Series.id)).all()
    if not changed:
        raise ConfigurationError(f"no series {series_id}: `shorts series list` shows their ids")
