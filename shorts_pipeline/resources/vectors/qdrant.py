"""Vectors in Qdrant: one collection for all channels, the channel as its tenant."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shorts_pipeline.resources.vectors.store import (
    EVERYTHING,
    EXACT_UP_TO,
    Asked,
    Hit,
    NotEnsured,
    Point,
    Where,
    stored_name,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from qdrant_client import QdrantClient, models

CHANNEL, AT = "channel_id", "_at"
BATCH = 256


class QdrantStore:
    """A `VectorStore` on a Qdrant server, or on the client's local mode (one process only)."""

    def __init__(self, client: "QdrantClient") -> None:
        self._client = client
        self._names: dict[str, str] = {}

    def ensure(self, collection: str, *, model: str, dimension: int) -> None:
        from qdrant_client import models
        from qdrant_client.http.exceptions import UnexpectedResponse

        name = stored_name(collection, model)
        if self._names.get(collection) == name:
            return
        if not self._client.collection_exists(name):
            try:
                self._client.create_collection(
                    name, vectors_config=models.VectorParams(size=dimension, distance=models.Distance.COSINE)
                )
            except (UnexpectedResponse, ValueError):
                if not self._client.collection_exists(name):  # another process made it first, or a true fault
                    raise
            if _is_server(self._client):
                tenant = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
                self._client.create_payload_index(name, CHANNEL, tenant, wait=True)
                self._client.create_payload_index(name, AT, models.PayloadSchemaType.FLOAT, wait=True)
        self._names[collection] = name

    def upsert(self, collection: str, points: Sequence[Point]) -> None:
        from qdrant_client import models

        name = self._name(collection)
        for batch in _batches(points):
            structs = [
                models.PointStruct(
                    id=str(point.id),
                    vector=[float(value) for value in point.vector],
                    payload={**point.payload, CHANNEL: str(point.channel_id), AT: point.at.timestamp()},
                )
                for point in batch
            ]
            self._client.upsert(name, structs, wait=True)

    def search(
        self,
        collection: str,
        vector: Sequence[float],
        *,
        channel_id: UUID,
        limit: int,
        where: Where = EVERYTHING,
    ) -> list[Hit]:
        return self.search_many(collection, [vector], channel_id=channel_id, limit=limit, where=where)[0]

    def search_many(
        self,
        collection: str,
        vectors: Sequence[Sequence[float]],
        *,
        channel_id: UUID,
        limit: int,
        where: Where = EVERYTHING,
    ) -> list[list[Hit]]:
        questions = [(vector, Asked(limit, where)) for vector in vectors]
        return self._search(collection, channel_id, questions)

    def search_each(
        self, collection: str, vector: Sequence[float], *, channel_id: UUID, asked: Sequence[Asked]
    ) -> list[list[Hit]]:
        return self._search(collection, channel_id, [(vector, each) for each in asked])

    def vectors(self, collection: str, ids: Collection[UUID]) -> "dict[UUID, NDArray[np.float32]]":
        import numpy as np

        return {
            UUID(str(record.id)): np.asarray(record.vector, dtype=np.float32)
            for record in self._retrieve(collection, ids, with_vectors=True)
        }

    def missing(self, collection: str, ids: Collection[UUID]) -> set[UUID]:
        return set(ids) - {UUID(str(record.id)) for record in self._retrieve(collection, ids, with_vectors=False)}

    def delete(self, collection: str, ids: Collection[UUID]) -> None:
        from qdrant_client import models

        for batch in _batches(list(ids)):
            selector = models.PointIdsList(points=[str(point_id) for point_id in batch])
            self._client.delete(self._name(collection), selector, wait=True)

    def drop_before(self, collection: str, at: datetime) -> None:
        from qdrant_client import models

        older = models.Filter(must=[models.FieldCondition(key=AT, range=models.Range(lt=at.timestamp()))])
        self._client.delete(self._name(collection), models.FilterSelector(filter=older), wait=True)

    def count(self, collection: str, channel_id: UUID | None = None) -> int:
        condition = None if channel_id is None else _filter(channel_id, EVERYTHING)
        return int(self._client.count(self._name(collection), count_filter=condition, exact=True).count)

    def _search(
        self, collection: str, channel_id: UUID, questions: Sequence[tuple[Sequence[float], Asked]]
    ) -> list[list[Hit]]:
        from qdrant_client import models

        name, server = self._name(collection), _is_server(self._client)
        small = not server or self.count(collection, channel_id) <= EXACT_UP_TO
        hits: list[list[Hit]] = []
        for batch in _batches(questions):
            requests = [
                models.QueryRequest(
                    query=[float(value) for value in vector],
                    filter=_filter(channel_id, each.where),
                    # The local mode compares all points anyway, and warns of parameters.
                    params=_parameters(each.limit, small) if server else None,
                    limit=each.limit,
                    with_payload=True,
                )
                for vector, each in batch
            ]
            answers = self._client.query_batch_points(name, requests)
            hits += [[_hit(point) for point in answer.points] for answer in answers]
        return hits

    def _name(self, collection: str) -> str:
        try:
            return self._names[collection]
        except KeyError:
            raise NotEnsured(f"collection {collection}: call ensure() with the model before using it") from None

    def _retrieve(self, collection: str, ids: Collection[UUID], *, with_vectors: bool) -> Iterator[Any]:
        for batch in _batches(list(ids)):
            yield from self._client.retrieve(
                self._name(collection),
                [str(point_id) for point_id in batch],
                with_payload=False,
                with_vectors=with_vectors,
            )


def _parameters(limit: int, small: bool) -> "models.SearchParams":
    from qdrant_client import models

    return models.SearchParams(exact=small, hnsw_ef=None if small else max(128, 4 * limit))


def _filter(channel_id: UUID, where: Where) -> "models.Filter":
    from qdrant_client import models

    must: list[Any] = [models.FieldCondition(key=CHANNEL, match=models.MatchValue(value=str(channel_id)))]
    for key, value in where.equals.items():
        if isinstance(value, float):
            must.append(models.FieldCondition(key=key, range=models.Range(gte=value, lte=value)))
        else:
            must.append(models.FieldCondition(key=key, match=models.MatchValue(value=value)))
    must += [models.FieldCondition(key=key, range=models.Range(gte=least)) for key, least in where.at_least.items()]
    if where.since is not None:
        since = where.since.astimezone(UTC).timestamp()
        must.append(models.FieldCondition(key=AT, range=models.Range(gte=since)))
    return models.Filter(must=must)


def _hit(point: "models.ScoredPoint") -> Hit:
    return Hit(id=UUID(str(point.id)), score=point.score, payload=_own(point.payload or {}))


def _own(payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key not in {CHANNEL, AT}}


def _is_server(client: "QdrantClient") -> bool:
    from qdrant_client.local.qdrant_local import QdrantLocal

    return not isinstance(client._client, QdrantLocal)  # the local mode has no payload indexes and warns


def _batches(things: Sequence[Any]) -> Iterator[list[Any]]:
    remaining = iter(things)
    while batch := list(islice(remaining, BATCH)):
        yield batch
