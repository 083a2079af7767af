"""Past: what the channel has told, asked for a batch at a time: by content hash, by title keys, by meaning.

One query of each kind for a batch, whatever its size and however much the channel has told; nothing of it is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import regex
from redis import Redis
from sqlalchemy import Select, any_, bindparam, column, func, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import Integer, String, Uuid

from shorts_pipeline.database import Channel, Topic
from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.topics.deduplicate import Bands, Neighbour, Telling, Titles
from shorts_pipeline.topics.remember import COLLECTION, seen_lately
from shorts_pipeline.topics.title_keys import periods_near, title_bands, title_keys

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.vectors.store import VectorStore

# Of how many known stories, the nearest first, a new one asks for the rows: some lie outside its window.
NEIGHBOURS = 20
_NUMBER = regex.compile(r"\d+(?:\.\d+)?")
# A topic's own time: when its story was told, else when we made it.
TOLD_AT = func.coalesce(Topic.published_at, Topic.created_at)
_COLUMNS = (
    Topic.id,
    Topic.title_original,
    Topic.title_normalized,
    Topic.content_hash,
    Topic.language,
    TOLD_AT.label("told_at"),
    Topic.entities,
    Topic.keywords,
    Topic.summary,
)
# One look into the unique index for each hash, whatever the planner thinks of reading the channel.
_SAME_HASH = text(
    "SELECT asked.hash, found.id FROM unnest(:hashes) AS asked (hash) CROSS JOIN LATERAL"
    " (SELECT id FROM topics WHERE channel_id = :channel AND content_hash = asked.hash OFFSET 0) AS found"
).columns(column("hash", String), Topic.id)
# One look into the index for each title. OFFSET 0 keeps the planner from reading the whole channel instead; keys of
# another channel are seldom the same.
_SHARING_A_KEY = text(
    "SELECT asked.row, found.id, found.title_normalized"
    " FROM (SELECT number - 1 AS row, CAST(listed AS bigint[]) AS keys FROM unnest(:keys) WITH ORDINALITY"
    " AS given (listed, number) OFFSET 0) AS asked CROSS JOIN LATERAL"
    " (SELECT id, channel_id, title_normalized FROM topics WHERE title_keys && asked.keys OFFSET 0) AS found"
    " WHERE found.channel_id = :channel"
).columns(column("row", Integer), Topic.id, Topic.title_normalized)


@dataclass(frozen=True)
class Known:
    """What was told that a batch may repeat: topics by content hash; for the others candidates by title, and bands."""

    hashes: Mapping[str, UUID]
    titles: Mapping[UUID, Sequence[Telling]]
    bands: Bands


@dataclass
class Past:
    """What a channel has told. `imagined` is what a dry run would have told: no table has it."""

    sessions: sessionmaker[Session]
    store: "VectorStore"
    redis: Redis | None
    channel_id: UUID
    settings: DuplicateSettings
    imagined: Titles = field(default_factory=Titles)
    _imagined_tellings: list[Telling] = field(default_factory=list)
    _imagined_vectors: "list[NDArray[np.float32]]" = field(default_factory=list)

    @property
    def window(self) -> timedelta:
        """How far apart tellings of one story may be."""
        return timedelta(hours=self.settings.window_hours)

    def known(self, tellings: Sequence[Telling]) -> Known:
        """Topics with the same titles, whenever told, and those in the window whose titles may be near-same."""
        hashes = list(dict.fromkeys(each.content_hash for each in tellings))
        suspected = seen_lately(self.redis, self.channel_id, hashes)
        with self.sessions() as session:
            told = by_hash(session, self.channel_id, suspected)
            asking = [each for each in tellings if each.content_hash not in told]
            found = title_bands([each.normalized for each in asking])
            bands = {each.id: own for each, own in zip(asking, found, strict=True)}
            candidates = self._sharing_a_key(session, asking, bands)
        for each in asking:
            if imagined := self.imagined.sharing(bands[each.id]):
                candidates.setdefault(each.id, []).extend(imagined)
        return Known(told, candidates, bands)

    def neighbours(
        self, tellings: Sequence[Telling], vectors: "NDArray[np.float32]"
    ) -> dict[UUID, Sequence[Neighbour]]:
        """For each telling the known ones nearest in meaning, with their cosines; row i of `vectors` is tellings[i]."""
        from shorts_pipeline.resources.vectors.store import Where

        if not tellings:
            return {}
        since = min(each.told_at for each in tellings) - self.window
        hits = self.store.search_many(
            COLLECTION, vectors.tolist(), channel_id=self.channel_id, limit=NEIGHBOURS, where=Where(since=since)
        )
        with self.sessions() as session:
            rows = tellings_of(session, {hit.id for own in hits for hit in own})
        found: dict[UUID, Sequence[Neighbour]] = {
            each.id: [(rows[hit.id], hit.score) for hit in own if hit.id in rows]
            for each, own in zip(tellings, hits, strict=True)
        }
        return self._with_imagined(found, tellings, vectors) if self._imagined_tellings else found

    def imagine(
        self, tellings: Sequence[Telling], bands: Sequence[Sequence[int]], vectors: "Sequence[NDArray[np.float32]]"
    ) -> None:
        """Take in what a dry run would have told."""
        for each, own in zip(tellings, bands, strict=True):
            self.imagined.add(each, own)
        self._imagined_tellings += tellings
        self._imagined_vectors += vectors

    def _sharing_a_key(self, session: Session, tellings: Sequence[Telling], bands: Bands) -> dict[UUID, list[Telling]]:
        asked = [
            (each.id, period)
            for each in tellings
            if bands[each.id]
            for period in periods_near(each.told_at, self.window)
        ]
        found: dict[UUID, list[Telling]] = {}
        if not asked:
            return found
        keys = title_keys([bands[id] for id, _ in asked], self.channel_id, [period for _, period in asked])
        # Each title's keys as one literal: psycopg writes long arrays number by number.
        listed = ["{" + ",".join(map(str, own)) + "}" for own in keys]
        statement = _SHARING_A_KEY.bindparams(
            bindparam("keys", listed, ARRAY(String)), bindparam("channel", self.channel_id, Uuid)
        )
        titles = {each.id: each.normalized for each in tellings}
        sharing = [(asked[row][0], id, title) for row, id, title in session.execute(statement).all()]
        near = _near([(titles[asking], title) for asking, _, title in sharing], self.settings.title_similarity)
        told = _titles_of(session, {sharing[index][1] for index in near})
        for asking, id, _ in (sharing[index] for index in near):
            if id in told:
                found.setdefault(asking, []).append(told[id])
        return found

    def _with_imagined(
        self, found: dict[UUID, Sequence[Neighbour]], tellings: Sequence[Telling], vectors: "NDArray[np.float32]"
    ) -> dict[UUID, Sequence[Neighbour]]:
        import numpy as np

        cosines = vectors @ np.array(self._imagined_vectors).T
        for each, row in zip(tellings, cosines, strict=True):
            nearest = [(self._imagined_tellings[index], float(row[index])) for index in (-row).argsort()[:NEIGHBOURS]]
            found[each.id] = [*found[each.id], *nearest]
        return found


def by_hash(session: Session, channel_id: UUID, hashes: Collection[str]) -> dict[str, UUID]:
    """The channel's topics with these content hashes."""
    if not hashes:
        return {}
    statement = _SAME_HASH.bindparams(
        bindparam("hashes", list(hashes), ARRAY(String)), bindparam("channel", channel_id, Uuid)
    )
    return {hashed: id for hashed, id in session.execute(statement)}  # noqa: C416 - a row is no pair to dict()


def _near(pairs: Sequence[tuple[str, str]], similarity: float) -> list[int]:
    """Which pairs of titles are near enough to be looked at; most that share a key are not, and are soon told."""
    from rapidfuzz import fuzz, process

    one, other = [title for title, _ in pairs], [title for _, title in pairs]
    found = process.cpdist(one, other, scorer=fuzz.token_sort_ratio, score_cutoff=similarity * 100)
    return [int(index) for index in found.nonzero()[0]]


def _titles_of(session: Session, ids: Collection[UUID]) -> dict[UUID, Telling]:
    """These topics as tellings of which only the titles are known, by id."""
    if not ids:
        return {}
    rows = session.execute(select(*_COLUMNS[:6]).where(Topic.id == any_(literal(list(ids), ARRAY(Uuid)))))
    return {row.id: telling(*row) for row in rows}


def tellings_of(session: Session, ids: Collection[UUID]) -> dict[UUID, Telling]:
    """These topics as tellings, by id; unknown ids are left out."""
    if not ids:
        return {}
    found = _tellings(session, select(*_COLUMNS).where(Topic.id == any_(literal(list(ids), ARRAY(Uuid)))))
    return {each.id: each for each in found}


def tellings_since(
    session: Session,
    channel_id: UUID,
    since: datetime,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int | None = None,
) -> list[Telling]:
    """The channel's topics whose story was told since then, whatever became of them, the earliest first.

    At most `limit`, from the one (told at, id) on that was `after` the last.
    """
    statement = select(*_COLUMNS).where(Topic.channel_id == channel_id, since <= TOLD_AT).order_by(TOLD_AT, Topic.id)
    if after is not None:
        statement = statement.where(tuple_(TOLD_AT, Topic.id) > after)
    return _tellings(session, statement.limit(limit))


def telling(
    id: UUID,
    title: str,
    normalized: str,
    content_hash: str,
    language: str,
    told_at: datetime,
    names: Collection[str] = (),
    keywords: Collection[str] = (),
    lead: str | None = None,
) -> Telling:
    """A telling of these columns."""
    return Telling(
        id=id,
        title=title,
        normalized=normalized,
        content_hash=content_hash,
        language=language,
        told_at=told_at,
        words=tuple(sorted(normalized.split())),
        numbers=frozenset(_NUMBER.findall(normalized)),
        names=frozenset(names),
        keywords=frozenset(word.casefold() for word in keywords),
        lead=lead or "",
    )


def names_in(entities: Collection[dict[str, str]]) -> list[str]:
    """Names of a topic's entities."""
    return [entity["name"] for entity in entities if entity.get("name")]


def longest_window(session: Session) -> timedelta:
    """The longest duplicate window of any channel: older vectors answer no question."""
    configs = session.scalars(select(Channel.topic_config)).all()
    return timedelta(hours=max((config.duplicates.window_hours for config in configs), default=72.0))


def _tellings(session: Session, statement: Select[Any]) -> list[Telling]:
    return [_telling(row) for row in session.execute(statement)]


def _telling(row: Any) -> Telling:
    id, title, normalized, hashed, language, told_at, entities, keywords, summary = row
    return telling(id, title, normalized, hashed, language, told_at, names_in(entities), keywords, summary)
