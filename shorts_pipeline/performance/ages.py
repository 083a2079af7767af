"""Ages: a channel's uploads at equal age: kept in `performance_ages`, and told to a person.

Kept, not worked out by each reader: series, planning and a person's SQL ask for the same figure, the stages share no
code, and a percentile needs the whole channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shorts_pipeline.database import PerformanceAge
from shorts_pipeline.database.insert_rows import insert_rows
from shorts_pipeline.performance.equal_age import AGES, Run, Standing, standings
from shorts_pipeline.performance.reported import reported_runs
from shorts_pipeline.performance.trends import AgeTrend, Direction, trends

LATEST_SHOWN = 10

# Figures that were restated change a row; what is no longer known (days deleted by hand) is forgotten.
_FORGET = text("""
DELETE FROM performance_ages a USING uploads u, videos v
WHERE u.id = a.upload_id AND v.id = u.video_id AND v.channel_id = :channel_id AND a.computed_at < :now
""")
_REPLACE = (
    "(upload_id, age_days) DO UPDATE SET (views, percentile, computed_at)"
    " = (excluded.views, excluded.percentile, excluded.computed_at)"
)


@dataclass(frozen=True)
class Course:
    """An upload's views at 1, 2, 3, … days since it went public, as far as they are reported."""

    title: str
    views: tuple[float, ...]


@dataclass(frozen=True)
class Aged:
    """An upload and how it stands at each age that it has reached."""

    title: str
    published_at: datetime
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Ages:
    """A channel at equal age: every upload's course in the order they went public, trends, and the newest uploads."""

    courses: tuple[Course, ...] = ()
    trends: tuple[AgeTrend, ...] = ()
    newest: tuple[Aged, ...] = ()

    def as_metadata(self) -> dict[str, Any]:
        """Numbers that the UI plots over time; none for an age that nothing has reached."""
        numbers: dict[str, Any] = {}
        for one in self.trends:
            numbers[f"median_views_day_{one.age_days}"] = round(one.median_views)
            if one.times is not None:
                numbers[f"newest_against_earlier_day_{one.age_days}"] = round(one.times, 3)
        return numbers

    def trends_as_markdown(self) -> str:
        """The trend at every age, as a table."""
        if not self.trends:
            return "No upload's first day is fully reported yet: figures come up to three days late."
        head = [
            "| age | uploads | median views | newest against earlier | in 19 of 20 cases | |",
            "|---|---|---|---|---|---|",
        ]
        return "\n".join([*head, *(_trend_row(one) for one in self.trends)])

    def newest_as_markdown(self) -> str:
        """The newest uploads: views at each age, and P, their percentile within the channel at that age."""
        days = " | ".join(f"day {age}" for age in AGES)
        return "\n".join(
            [f"| short | public since | {days} |", "|---" * (2 + len(AGES)) + "|", *map(_row, self.newest)]
        )


def measure_ages(session: Session, channel_id: UUID, *, now: datetime) -> Ages:
    """Work out the channel at equal age and replace its rows."""
    runs = reported_runs(session, channel_id, now=now)
    found = standings(runs)
    _save(session, channel_id, found, now)
    return Ages(tuple(Course(run.title, run.course()) for run in runs), trends(runs), _newest(runs, found))


def _save(session: Session, channel_id: UUID, found: Sequence[Standing], now: datetime) -> None:
    rows = [
        {
            "upload_id": one.upload_id,
            "age_days": one.age_days,
            "views": one.views,
            "percentile": one.percentile,
            "computed_at": now,
        }
        for one in sorted(found, key=lambda one: (one.upload_id, one.age_days))
    ]
    insert_rows(session, PerformanceAge, rows, on_conflict=_REPLACE)
    session.execute(_FORGET, {"channel_id": channel_id, "now": now})


def _newest(runs: Sequence[Run], found: Sequence[Standing]) -> tuple[Aged, ...]:
    by_upload: dict[UUID, list[Standing]] = {}
    for one in found:
        by_upload.setdefault(one.upload_id, []).append(one)
    newest = list(reversed(runs))[:LATEST_SHOWN]
    return tuple(Aged(run.title, run.published_at, tuple(by_upload.get(run.upload_id, ()))) for run in newest)


def _trend_row(one: AgeTrend) -> str:
    start = f"| day {one.age_days} | {one.uploads} | {one.median_views:,.0f} | "
    if one.direction is Direction.TOO_FEW:
        return start + "| | too few to compare |"
    compared = f"× {one.times:.2f} ({one.newest} against the {one.earlier} before)"
    return start + f"{compared} | × {one.low:.2f} to × {one.high:.2f} | {one.direction} |"


def _row(one: Aged) -> str:
    cells = {each.age_days: _cell(each) for each in one.standings}
    shown = " | ".join(cells.get(age, "–") for age in AGES)
    return f"| {one.title.replace('|', '/')} | {one.published_at:%Y\u2011%m\u2011%d} | {shown} |"


def _cell(one: Standing) -> str:
    rank = "" if one.percentile is None else f" (P{one.percentile:.0f})"
    return f"{one.views:,}{rank}"
