"""Work through the rows of a stage, one lease at a time: a row that fails never stops the others."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.operations import attempts
from shorts_pipeline.operations.attempts import Failure

R = TypeVar("R")
Save = Callable[[Session], R]


class AllFailed(PipelineError):
    """Not one row of the run succeeded."""


@dataclass
class Worked(Generic[R]):
    """What a run did: results in order, and the rows that failed with their reasons."""

    done: list[R] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def raise_if_all_failed(self) -> None:
        """A run fails only when every row of it failed."""
        if self.failed and not self.done:
            first = self.failed[0]
            raise AllFailed(f"all {len(self.failed)} rows failed; the first, {first.target_id}: {first.reason}")


@dataclass(frozen=True)
class _Lease:
    sessions: sessionmaker[Session]
    stage: str
    owner: str
    clock: Clock
    length: timedelta

    @contextmanager
    def held(self, target_id: UUID) -> Iterator[None]:
        """Renew the lease in the background while the work goes on."""
        ended = threading.Event()

        def keep() -> None:
            while not ended.wait(self.length.total_seconds() / 3):
                try:
                    with self.sessions.begin() as session:
                        until = self.clock.now() + self.length
                        attempts.renew(session, stage=self.stage, target_id=target_id, owner=self.owner, until=until)
                except SQLAlchemyError:
                    continue  # the database is away for a moment; the lease's end will tell whether it was too long

        keeper = threading.Thread(target=keep, name=f"lease-{self.stage}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            ended.set()
            keeper.join()


def work_through(
    sessions: sessionmaker[Session],
    *,
    stage: str,
    candidates: Select[UUID],
    owner: str,
    clock: Clock,
    lease: timedelta,
    limit: int | None,
    do: Callable[[UUID], Save[R]],
    force: bool = False,
) -> Worked[R]:
    """Lease the candidates one by one and do them.

    `do` works outside any transaction and returns what saves its result; that runs in one transaction with the
    lease's end. A failure is recorded on the row's lease and the next row is taken.
    """
    held = _Lease(sessions, stage, f"{owner}:{uuid4().hex[:8]}"[:100], clock, lease)
    worked: Worked[R] = Worked()
    tried: set[UUID] = set()
    while limit is None or len(tried) < limit:
        with sessions.begin() as session:
            claimed = attempts.claim(
                session,
                stage=stage,
                candidates=candidates,
                owner=held.owner,
                now=clock.now(),
                lease=lease,
                limit=1,
                force=force and not tried,
            )
        if not claimed:
            break
        tried.add(claimed[0])
        _do_one(held, claimed[0], do, worked)
    return worked


def _do_one(lease: _Lease, target_id: UUID, do: Callable[[UUID], Save[R]], worked: Worked[R]) -> None:
    try:
        with lease.held(target_id):
            save = do(target_id)
        with lease.sessions.begin() as session:
            result = save(session)
            attempts.complete(session, stage=lease.stage, target_id=target_id, owner=lease.owner)
        worked.done.append(result)
    except attempts.LeaseLost as error:
        worked.failed.append(Failure(target_id, str(error), parked=False))
    except Exception as error:
        with lease.sessions.begin() as session:
            failure = attempts.fail(
                session, stage=lease.stage, target_id=target_id, owner=lease.owner, error=error, now=lease.clock.now()
            )
        worked.failed.append(failure or Failure(target_id, attempts.reason_of(error), parked=False))
