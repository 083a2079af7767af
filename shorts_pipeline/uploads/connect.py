"""Connect: what a person authorised becomes a channel's stored account, if it is the right one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, CredentialState
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.youtube import (
    MyChannel,
    NeedsAuthorising,
    YouTube,
    YouTubeResource,
    accounts,
)
from shorts_pipeline.resources.youtube.accounts import Account, Grant, StoredAccount
from shorts_pipeline.resources.youtube.authorising import CAPTIONS_SCOPE, PLAYLIST_SCOPE, SCOPES, Client
from shorts_pipeline.resources.youtube.keyring import Keyring
from shorts_pipeline.uploads import quota, stops
from shorts_pipeline.uploads.rows import account_of


@dataclass(frozen=True)
class Wanted:
    """A channel that is to be authorised."""

    account: Account
    youtube_channel_id: str | None
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Health:
    """How a channel's account stands. Times are UTC; None: never."""

    slug: str
    publish_to: str
    youtube_channel_id: str | None
    project: str | None
    state: CredentialState | None
    reason: str | None
    scopes: tuple[str, ...]
    authorised_at: datetime | None
    checked_at: datetime | None
    allowed_at: datetime | None
    stopped: str | None


def wanted(session: Session, slug: str, *, captions: bool = False) -> Wanted:
    """What the channel needs: playlists can be filled, and captions read, only with a wider permission."""
    channel = channel_by_slug(session, slug)
    playlist = channel.operation_config.publish.playlist
    wider = ((PLAYLIST_SCOPE,) if playlist else ()) + ((CAPTIONS_SCOPE,) if captions else ())
    scopes = tuple(dict.fromkeys((*SCOPES, *wider)))
    return Wanted(account_of(channel), channel.youtube_channel_id, scopes)


def keep(
    sessions: sessionmaker[Session],
    want: Wanted,
    credentials: Any,
    *,
    client: Client,
    keyring: Keyring,
    api_url: str | None,
    clock: Clock,
) -> MyChannel:
    """Look whose credentials they are and store them. Raises NeedsPerson, and stores nothing, where they do not fit."""
    _complete(credentials, want)
    youtube = YouTube(credentials, root_url=api_url.rstrip("/") if api_url else None, clock=clock)
    with quota.spending(sessions, project=client.project, bucket=quota.UNITS, cost=1, clock=clock):
        mine = youtube.my_channel()
    slug = want.account.slug
    if want.youtube_channel_id not in (None, mine.id):
        raise NeedsPerson(
            f"this is the YouTube channel “{mine.title}” ({mine.id}), and the file of {slug} says "
            f"{want.youtube_channel_id}; nothing was stored: authorise again and choose the other channel"
        )
    grant = Grant(credentials.to_json(), tuple(sorted(_granted(credentials))), client.project, mine.id)
    with sessions.begin() as session:
        if others := [id for id in accounts.owners(session, mine.id) if id != want.account.channel_id]:
            other = session.scalars(select(Channel.slug).where(Channel.id.in_(others))).first()
            raise NeedsPerson(f"“{mine.title}” ({mine.id}) is connected to {other} already; nothing was stored")
        accounts.store(session, keyring, want.account, grant, clock.now())
        stops.free(session, want.account.channel_id)
    return mine


def verify(sessions: sessionmaker[Session], youtube: YouTubeResource, slug: str, clock: Clock) -> MyChannel:
    """Ask Google now whether the stored authorisation works, and write down what it says. 1 unit."""
    with sessions() as session:
        account = account_of(channel_by_slug(session, slug))
        row = accounts.find(session, account)
    # Even one that Google refused before: it decides anew.
    stored = StoredAccount(sessions, account, even_dead=True)
    connected = youtube.connect(publish_to="youtube", credential=stored, clock=clock)
    project = (row.project if row else None) or "youtube"
    try:
        with quota.spending(sessions, project=project, bucket=quota.UNITS, cost=1, clock=clock):
            mine = connected.my_channel()
    except NeedsAuthorising as error:
        stored.refused(str(error), since=clock.now())
        raise
    with sessions.begin() as session:
        accounts.accepted(session, account, clock.now())
        stops.free(session, account.channel_id)
    return mine


def health(session: Session, now: datetime) -> list[Health]:
    """Every channel that publishes to YouTube or has an account, in alphabetical order."""
    found = []
    for channel in session.scalars(select(Channel).order_by(Channel.slug)):
        publish_to = channel.operation_config.publish.publish_to
        row = accounts.find(session, account_of(channel))
        if row is None and publish_to == "sandbox":
            continue
        found.append(
            Health(
                slug=channel.slug,
                publish_to=publish_to,
                youtube_channel_id=row.youtube_channel_id if row else channel.youtube_channel_id,
                project=row.project if row else None,
                state=row.state if row else None,
                reason=row.reason if row else None,
                scopes=tuple(row.scopes) if row else (),
                authorised_at=row.authorised_at if row else None,
                checked_at=row.checked_at if row else None,
                allowed_at=row.allowed_at if row else None,
                stopped=stops.stopped(session, channel.id, now),
            )
        )
    return found


def _complete(credentials: Any, want: Wanted) -> None:
    """A person may untick permissions, and Google gives a renewable token only when it is asked in the right way."""
    if not credentials.refresh_token:
        raise NeedsPerson(
            "Google gave no renewable token; nothing was stored: take this program's access away under "
            "https://myaccount.google.com/connections and authorise again"
        )
    if missing := [scope for scope in want.scopes if scope not in _granted(credentials)]:
        names = ", ".join(scope.rpartition("/")[2] for scope in missing)
        raise NeedsPerson(f"not given: {names}; nothing was stored: authorise again and tick every permission")


def _granted(credentials: Any) -> set[str]:
    return set(credentials.granted_scopes or credentials.scopes or ())
