"""Learn: what the stages make of imported shorts, by their own verbs: vectors, pieces, figures, best hours."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Upload, Video
from shorts_pipeline.importing.results import Imported
from shorts_pipeline.performance.completeness import missing_days
from shorts_pipeline.performance.days import PACIFIC, pacific_day, trailing_days
from shorts_pipeline.performance.publishing_times import find_times
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline.performance.totals import measure
from shorts_pipeline.scripts.index import chunk_scripts
from shorts_pipeline.topics.choose import WINDOWS_KEPT
from shorts_pipeline.topics.repair import repair_vectors
from shorts_pipeline.uploads.publish import remember

if TYPE_CHECKING:
    from shorts_pipeline.importing.service import Import

DAYS_AT_ONCE: Final = 10
"""Days between two projections of the totals, and between two words to whoever waits."""
MOST_DAYS: Final = 730
"""Two years of figures: what came before is the long tail of shorts whose manner is no longer the channel's."""


def learn_words(work: "Import", done: Imported) -> None:
    """Vectors of the topics that a new story is compared with, and the pieces of scripts that are found again."""
    window = timedelta(hours=work.desk.topics.duplicates.window_hours)
    now = work.clock.now()
    repair_vectors(work.sessions, work.store, work.embedder, work.sender.id, now - WINDOWS_KEPT * window)
    chunked = chunk_scripts(
        work.sessions,
        work.store,
        work.embedder,
        channel=work.sender.slug,
        clock=work.clock,
        owner=work.run_id,
        redis=work.redis,
    )
    done.chunks = chunked.chunks
    remember(work.sessions, work.redis, work.sender, now)


def learn_figures(work: "Import", done: Imported, history: int | None) -> None:
    """The figures of the last `history` days that are missing, then totals, high performers and best hours.

    None: of all days since the oldest short, `MOST_DAYS` at most. With fewer a short's total lacks its first days.
    A day is stored before the next is asked for: what an interruption leaves is asked for the next time.
    A day without a row for some short counts as missing; the last week is restated and asked for anew.
    """
    now, slug = work.clock.now(), work.sender.slug
    today = pacific_day(now)
    with work.sessions() as session:
        oldest = _oldest(session, work.sender.id) or today
        done.reach = (today - oldest).days
        first = today - timedelta(days=min(done.reach, MOST_DAYS) if history is None else history)
        done.older = _older(session, work.sender.id, first)
        missing = {each.day for each in missing_days(session, first=first, now=now) if each.channel == slug}
    days = sorted(missing | {day for day in trailing_days(now) if day >= first})
    done.first_day = first.isoformat()
    for begin in range(0, len(days), DAYS_AT_ONCE):
        some = days[begin : begin + DAYS_AT_ONCE]
        pull_snapshots(work.sessions, work.youtube, channel=slug, days=some, clock=work.clock, run_id=work.run_id)
        done.days += len(some)
        work.tell("days of figures", done.days, len(days))
    measure(work.sessions, channel=slug, clock=work.clock, run_id=work.run_id)
    times = find_times(work.sessions, work.redis, channel=slug, clock=work.clock, run_id=work.run_id)
    done.measured, done.samples = times.measured, times.samples


def _oldest(session: Session, channel_id: UUID) -> date | None:
    """The Pacific day of the channel's first short."""
    first: datetime | None = session.scalar(_its_own(func.min(Upload.published_at), channel_id))
    return None if first is None else pacific_day(first)


def _older(session: Session, channel_id: UUID, first: date) -> int:
    """How many of its shorts went public before that Pacific day."""
    day = func.date(func.timezone(PACIFIC.key, Upload.published_at))
    return session.scalar(_its_own(func.count(), channel_id).where(day < first)) or 0


def _its_own(what: Any, channel_id: UUID) -> Select[Any]:
    mine = select(what).select_from(Upload).join(Video, Video.id == Upload.video_id)
    return mine.where(Video.channel_id == channel_id)
