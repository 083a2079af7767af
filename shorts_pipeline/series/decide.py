"""Decide: what a person says about a series. A found series is a suggestion; a person's word stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.database import Channel, Performance, Script, Series, SeriesStatus, Topic, Upload, Video
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.series.naming import NAME_LENGTH

SHORTEST_START = 4


@dataclass(frozen=True)
class Listed:
    """A series for a list; `confidence` is that of its trend, 0–1."""

    id: UUID
    channel: str
    name: str
    episodes: int
    avg_views: float
    trend: str
    confidence: float
    status: str
    confirmed: bool
    description: str = ""


@dataclass(frozen=True)
class Episode:
    """A story of a series; one that was not published has no views yet."""

    title: str
    published_at: datetime | None
    views: int | None


def list_series(session: Session, channel: str | None = None) -> list[Listed]:
    """Every series, or one channel's (by slug), best first. Raises `ConfigurationError` for an unknown channel."""
    query = select(Series, Channel.slug).join(Channel, Channel.id == Series.channel_id)
    if channel is not None:
        query = query.where(Channel.id == channel_by_slug(session, channel).id)
    rows = session.execute(query.order_by(Channel.slug, Series.avg_views.desc(), Series.name, Series.id))
    return [_listed(row, slug) for row, slug in rows]


def named(session: Session, start: str) -> Listed:
    """The series whose id begins with `start` (at least 4 characters); raises `ConfigurationError`."""
    where = "`shorts series list` shows their ids"
    if len(start) < SHORTEST_START or any(character not in "0123456789abcdefABCDEF-" for character in start):
        raise ConfigurationError(f"“{start}” is not a series' id: give at least its first 4 characters; {where}")
    query = select(Series, Channel.slug).join(Channel, Channel.id == Series.channel_id)
    found = session.execute(query.where(func.text(Series.id).startswith(start.lower())).limit(2)).all()
    if len(found) != 1:
        what = f"several series begin with “{start}”: give more of it" if found else f"no series begins with “{start}”"
        raise ConfigurationError(f"{what}; {where}")
    row, slug = found[0]
    return _listed(row, slug)


def shown(session: Session, start: str) -> tuple[Listed, Sequence[Episode]]:
    """A series by the start of its id, and its stories: not yet published ones, then the latest first."""
    one = named(session, start)
    # A story that was told twice counts by its better video, as in the statistics.
    best = (
        select(Script.topic_id, func.max(Performance.views).label("views"), func.min(Upload.published_at).label("at"))
        .join(Video, Video.script_id == Script.id)
        .join(Upload, Upload.video_id == Video.id)
        .outerjoin(Performance, Performance.upload_id == Upload.id)
        .where(Upload.published_at.is_not(None))
        .group_by(Script.topic_id)
        .subquery()
    )
    title = func.coalesce(Topic.title_translated, Topic.title_original)
    rows = session.execute(
        select(title, best.c.at, best.c.views)
        .outerjoin(best, best.c.topic_id == Topic.id)
        .where(Topic.series_id == one.id)
        .order_by(best.c.at.desc().nulls_first(), Topic.id)
    )
    return one, [Episode(*row) for row in rows]


def confirm(session: Session, series_id: UUID, *, name: str | None = None) -> None:
    """A person says that this is a series, under its name or a better one; it runs (again)."""
    values: dict[str, object] = {"confirmed_by_user": True, "status": SeriesStatus.ACTIVE}
    _change(session, series_id, values | ({} if name is None else {"name": _name(name)}))


def rename(session: Session, series_id: UUID, name: str) -> None:
    """A person names it; the name stays. Whether it runs stays as it is."""
    _change(session, series_id, {"name": _name(name), "confirmed_by_user": True})


def pause(session: Session, series_id: UUID) -> None:
    """No new story joins it until it is resumed or confirmed."""
    _change(session, series_id, {"status": SeriesStatus.PAUSED})


def resume(session: Session, series_id: UUID) -> None:
    """It runs again."""
    _change(session, series_id, {"status": SeriesStatus.ACTIVE})


def end(session: Session, series_id: UUID) -> None:
    """It is over: it is kept, and its stories are never found as a new series."""
    _change(session, series_id, {"status": SeriesStatus.ENDED})


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH:
        raise ConfigurationError(f"a series' name has 1 to {NAME_LENGTH} characters; this has {len(clean)}")
    return clean


def _change(session: Session, series_id: UUID, values: dict[str, object]) -> None:
    changed = session.scalars(update(Series).where(Series.id == series_id).values(values).returning(Series.id)).all()
    if not changed:
        raise ConfigurationError(f"no series {series_id}: `shorts series list` shows their ids")


def _listed(row: Series, slug: str) -> Listed:
    return Listed(
        id=row.id,
        channel=slug,
        name=row.name,
        episodes=row.episode_count,
        avg_views=row.avg_views,
        trend=row.trend,
        confidence=row.trend_confidence,
        status=row.status,
        confirmed=row.confirmed_by_user,
        description=row.description or "",
    )
