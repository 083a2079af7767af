"""Refresh: the whole room once for a channel: plan, send, follow, finish. What the asset and the command line call."""

from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType
from shorts_pipeline.errors import NeedsPerson, Parked, PipelineError, RetryLater
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.operations.work import AllFailed
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.review import pending
from shorts_pipeline.selection import Selection
from shorts_pipeline.uploads import stops
from shorts_pipeline.uploads.finish import Finished, finish, unfinished
from shorts_pipeline.uploads.follow import Following, follow, to_follow
from shorts_pipeline.uploads.plan import Planned, plan_uploads
from shorts_pipeline.uploads.publish import Published, publish
from shorts_pipeline.uploads.rows import Connects, Sender, sender_of

EVERYTHING = Selection()


@dataclass
class Refreshed:
    """What one refresh of a channel's uploads did."""

    channel: str
    planned: Planned = field(default_factory=Planned)
    published: Published = field(default_factory=Published)
    following: Following = field(default_factory=Following)
    finished: Finished = field(default_factory=lambda: Finished(0, 0, ()))
    skipped: str | None = None
    trouble: PipelineError | None = None

    def as_metadata(self) -> dict[str, Any]:
        """Counts, ids and reasons for the UI and the job log."""
        if self.skipped is not None:
            return {"skipped": self.skipped}
        reasons = [failure.reason for failure in self.published.failed]
        problems = [*reasons, *self.following.failed, *self.following.problems, *self.finished.failed]
        said: dict[str, Any] = {
            "planned": self.planned.planned,
            "approved": self.planned.approved,
            "waiting_for_review": self.planned.waiting,
            "without_slot": self.planned.without_slot,
            "sent": len(self.published.video_ids),
            "failed": len(self.published.failed) + len(self.following.failed),
            "published": self.following.published,
            "uploaded": self.following.uploaded,
            "thumbnails": self.finished.thumbnails,
            "youtube_ids": list(self.published.video_ids),
            "problems": problems[:20],
        }
        if self.published.stopped:
            said["stopped"] = self.published.stopped
        if self.planned.preview:
            said["preview"] = list(self.planned.preview)
        return said

    def raise_if_nothing_worked(self) -> None:
        """A run fails where a person is needed or YouTube could not be reached, or where all of its rows failed."""
        if self.trouble is not None:
            raise self.trouble
        if self.published.failed and not self.published.video_ids and not self.published.stopped:
            first = self.published.failed[0]
            raise AllFailed(f"all {len(self.published.failed)} uploads failed; the first: {first.reason}")


def refresh(
    sessions: sessionmaker[Session],
    *,
    channel: str,
    youtube: Connects,
    media: MediaStore,
    redis: Redis | None,
    clock: Clock,
    selection: Selection = EVERYTHING,
    run_id: str = "by hand",
) -> Refreshed:
    """Plan, send, follow and finish one channel's uploads. Doing it again does nothing twice."""
    with sessions() as session:
        found = channel_by_slug(session, channel)
        sender = sender_of(session, found)
    if sender is None:
        return Refreshed(channel, skipped=f"the channel is {found.status}")
    if selection.dry_run:
        return Refreshed(channel, plan_uploads(sessions, channel=channel, clock=clock, selection=selection))
    details = {"run_id": run_id, "partition": channel, "step": "uploads"}
    with logged(sessions, JobType.UPLOAD, clock=clock, channel_id=sender.id, metadata=details, redis=redis) as job:
        done = Refreshed(channel)
        done.planned = plan_uploads(sessions, channel=channel, clock=clock, selection=selection)
        pending.refresh(sessions, redis, [sender.id])
        try:
            done.published = publish(
                sessions,
                channel=channel,
                youtube=youtube,
                media=media,
                redis=redis,
                clock=clock,
                owner=run_id,
                selection=selection,
            )
            _after(done, sessions, sender, youtube, media, clock, run_id)
        except Parked as error:
            done.published.stopped = done.published.stopped or str(error)
        except (NeedsPerson, RetryLater) as error:
            done.trouble = error
        job.result = done.as_metadata()
        done.raise_if_nothing_worked()
    return done


def _after(
    done: Refreshed,
    sessions: sessionmaker[Session],
    sender: Sender,
    youtube: Connects,
    media: MediaStore,
    clock: Clock,
    run_id: str,
) -> None:
    """What YouTube makes of what it has, unless the channel may not be asked now."""
    with sessions() as session:
        if stops.stopped(session, sender.id, clock.now()) or not _anything(session, sender, clock):
            return
    connected = sender.connected(youtube, sessions, clock)
    done.following = follow(sessions, sender=sender, youtube=connected, clock=clock)
    done.finished = finish(sessions, sender=sender, youtube=connected, media=media, clock=clock, owner=run_id)


def _anything(session: Session, sender: Sender, clock: Clock) -> bool:
    return bool(to_follow(session, sender.id, clock.now())) or unfinished(session, sender)
