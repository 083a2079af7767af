"""Accounts: a channel's authorisation for YouTube, sealed in `credentials`.

What Google says about a token is written down wherever it is heard: a fresh access token is stored, a refused one
marks the row. Both only where the row still holds the authorisation that was loaded: what a person has renewed
meanwhile is never overwritten by a run that began before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Credential, CredentialState
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.youtube.faults import NeedsAuthorising
from shorts_pipeline.resources.youtube.kept import kept_credentials
from shorts_pipeline.resources.youtube.keyring import Keyring
from shorts_pipeline.settings import Settings

REASON_LIMIT = 500


@dataclass(frozen=True)
class Account:
    """Which authorisation: a channel's, under the name its file gives it (the slug where it gives none)."""

    channel_id: UUID
    slug: str
    name: str

    @property
    def row(self) -> ColumnElement[bool]:
        """The condition for its row."""
        return (Credential.channel_id == self.channel_id) & (Credential.purpose == self.name)


@dataclass(frozen=True)
class Grant:
    """What a person gave: Google's credentials as JSON, which is a secret, and whose they are."""

    token: str = field(repr=False)
    scopes: tuple[str, ...]
    project: str
    youtube_channel_id: str


@dataclass(frozen=True)
class StoredAccount:
    """An account with the database it is kept in: what `YouTubeResource.connect` takes for `youtube`.

    `even_dead`: let Google decide anew about one that it refused.
    """

    sessions: sessionmaker[Session]
    account: Account
    even_dead: bool = False

    def credentials(self, settings: Settings, clock: Clock) -> Any:
        """Google's credentials. Raises NeedsPerson where there are none, NeedsAuthorising where they are dead."""
        slug = self.account.slug
        with self.sessions() as session:
            row = find(session, self.account)
        if row is None:
            raise NeedsPerson(
                f"{slug} publishes to YouTube and has no stored credential: "
                f"run `shorts youtube connect {slug}`, or set publish_to: sandbox in its file"
            )
        if row.state is not CredentialState.OK and not self.even_dead:
            raise NeedsAuthorising(row.reason or f"the credential is dead: run `shorts youtube connect {slug}`")
        keyring, loaded = Keyring.from_settings(settings), row.authorised_at

        def refreshed(token: str) -> None:
            values = {"encrypted_token": keyring.seal(token), "checked_at": clock.now()}
            unchanged = Credential.authorised_at.is_not_distinct_from(loaded)
            with self.sessions.begin() as session:
                session.execute(update(Credential).where(self.account.row, unchanged).values(**values))

        def refused(reason: str) -> None:
            self.refused(reason, since=loaded)

        return kept_credentials(keyring.open(row.encrypted_token), refreshed=refreshed, refused=refused, clock=clock)

    def refused(self, reason: str, *, since: datetime | None) -> None:
        """Google does not take it: only a person can renew it. One given after `since` is not meant."""
        told = reason.replace("<channel>", self.account.slug)[:REASON_LIMIT]
        values = {"state": CredentialState.NEEDS_REAUTHORISING, "reason": told}
        meant = func.coalesce(Credential.authorised_at, since) <= since
        with self.sessions.begin() as session:
            session.execute(update(Credential).where(self.account.row, meant).values(**values))


def find(session: Session, account: Account) -> Credential | None:
    """The account's row."""
    return session.scalars(select(Credential).where(account.row)).one_or_none()


def store(session: Session, keyring: Keyring, account: Account, grant: Grant, now: datetime) -> None:
    """Keep a fresh authorisation. A yes to publishing stays where it is still the same YouTube channel."""
    values = {
        "encrypted_token": keyring.seal(grant.token),
        "scopes": list(grant.scopes),
        "state": CredentialState.OK,
        "reason": None,
        "project": grant.project,
        "youtube_channel_id": grant.youtube_channel_id,
        "authorised_at": now,
        "checked_at": now,
    }
    same = Credential.youtube_channel_id == grant.youtube_channel_id
    yes = case((same, Credential.allowed_at), else_=None)
    session.execute(
        insert(Credential)
        .values(id=uuid4(), channel_id=account.channel_id, purpose=account.name, **values)
        .on_conflict_do_update(
            index_elements=["channel_id", "purpose"], set_={**values, "allowed_at": yes, "updated_at": func.now()}
        )
    )


def accepted(session: Session, account: Account, now: datetime) -> None:
    """Google took it just now."""
    values = {"state": CredentialState.OK, "reason": None, "checked_at": now}
    session.execute(update(Credential).where(account.row).values(**values))


def allow(session: Session, account: Account, at: datetime | None) -> bool:
    """A person says that the channel may publish to the real YouTube (None: may not); False: it has no account."""
    done = session.scalars(update(Credential).where(account.row).values(allowed_at=at).returning(Credential.id))
    return done.first() is not None


def owners(session: Session, youtube_channel_id: str) -> Sequence[UUID]:
    """The channels that hold an authorisation of this YouTube channel."""
    return session.scalars(
        select(Credential.channel_id).where(Credential.youtube_channel_id == youtube_channel_id)
    ).all()


def forget(session: Session, account: Account) -> bool:
    """Remove the authorisation; False where there was none."""
    gone = session.scalars(delete(Credential).where(account.row).returning(Credential.id))
    return gone.first() is not None


def rotate(session: Session, keyring: Keyring) -> int:
    """Seal every token anew under the first key; all of them or, where one cannot be opened, none."""
    rows = session.scalars(select(Credential).order_by(Credential.id).with_for_update()).all()
    for row in rows:
        row.encrypted_token = keyring.seal(keyring.open(row.encrypted_token))
    return len(rows)
