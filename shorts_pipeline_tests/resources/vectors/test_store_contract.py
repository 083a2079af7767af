"""What every vector store must do, whichever it is. A `QDRANT_URL` in the environment joins the two that are here."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import Engine

from shorts_pipeline.resources.vectors import Asked, Point, VectorStore, Where
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.resources.vectors.store import NotEnsured, stored_name

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MODEL, DIMENSION = "a-model", 32
STORES = ["pgvector", "qdrant-local", *(["qdrant-server"] if os.environ.get("QDRANT_URL") else [])]
QDRANT_URL = os.environ.get("QDRANT_URL", "")


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest) -> Iterator[Callable[[], VectorStore]]:
    """Opens the same store anew, as a second process would."""
    if request.param == "pgvector":
        engine: Engine = request.getfixturevalue("engine")
        yield lambda: PgVectorStore(engine)
        return
    from qdrant_client import QdrantClient

    from shorts_pipeline.resources.vectors.qdrant import QdrantStore

    client = QdrantClient(":memory:") if request.param == "qdrant-local" else QdrantClient(url=QDRANT_URL)
    yield lambda: QdrantStore(client)
    for collection in client.get_collections().collections:
        if collection.name.startswith("points__"):
            client.delete_collection(collection.name)
    client.close()


@pytest.fixture
def store(open_store: Callable[[], VectorStore]) -> VectorStore:
    store = open_store()
    store.ensure("points", model=MODEL, dimension=DIMENSION)
    return store


def unit_vectors(count: int, seed: int = 1) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def a_point(vector: "np.ndarray", channel_id: UUID, at: datetime = NOW, **payload: str | float | bool) -> Point:
    return Point(uuid4(), channel_id, vector.tolist(), payload, at)


def test_the_nearest_points_come_first_with_their_cosine(store: VectorStore) -> None:
    channel = uuid4()
    vectors = unit_vectors(50)
    points = [a_point(vector, channel) for vector in vectors]
    store.upsert("points", points)
    hits = store.search("points", vectors[7].tolist(), channel_id=channel, limit=10)
    cosines = vectors @ vectors[7]
    assert [hit.id for hit in hits] == [points[i].id for i in np.argsort(-cosines)[:10]]
    assert [hit.score for hit in hits] == pytest.approx(sorted(cosines, reverse=True)[:10], abs=1e-4)


def test_a_channel_finds_only_its_own_points(store: VectorStore) -> None:
    mine, other = uuid4(), uuid4()
    vectors = unit_vectors(2)
    own = a_point(vectors[0], mine)
    store.upsert("points", [own, a_point(vectors[1], other)])
    assert [hit.id for hit in store.search("points", vectors[1].tolist(), channel_id=mine, limit=10)] == [own.id]
    assert (store.count("points"), store.count("points", mine)) == (2, 1)


def test_filters_are_applied_by_the_store(store: VectorStore) -> None:
    channel = uuid4()
    vectors = unit_vectors(5)
    wanted = a_point(vectors[0], channel, position="hook", is_opinion=True, views=5000)
    store.upsert(
        "points",
        [
            wanted,
            a_point(vectors[1], channel, position="body", is_opinion=True, views=5000),
            a_point(vectors[2], channel, position="hook", is_opinion=False, views=5000),
            a_point(vectors[3], channel, position="hook", is_opinion=True, views=10),
            a_point(vectors[4], channel, NOW - timedelta(days=9), position="hook", is_opinion=True, views=5000),
        ],
    )
    where = Where({"position": "hook", "is_opinion": True}, {"views": 1000}, since=NOW - timedelta(days=1))
    hits = store.search("points", vectors[0].tolist(), channel_id=channel, limit=10, where=where)
    assert [hit.id for hit in hits] == [wanted.id]
    assert hits[0].payload["position"] == "hook"


def test_a_point_written_twice_is_one_point(store: VectorStore) -> None:
    channel = uuid4()
    before, after = unit_vectors(2)
    point = a_point(before, channel, position="hook")
    store.upsert("points", [point])
    store.upsert("points", [Point(point.id, channel, after.tolist(), {"position": "body"}, NOW)])
    [hit] = store.search("points", after.tolist(), channel_id=channel, limit=10)
    assert hit.score == pytest.approx(1, abs=1e-4)
    assert hit.payload["position"] == "body"


def test_vectors_are_given_back_and_missing_ones_named(store: VectorStore) -> None:
    [vector] = unit_vectors(1)
    known, unknown = a_point(vector, uuid4()), uuid4()
    store.upsert("points", [known])
    assert store.vectors("points", [known.id, unknown])[known.id] == pytest.approx(vector.tolist(), abs=1e-5)
    assert store.missing("points", [known.id, unknown]) == {unknown}


def test_deleted_and_old_points_are_gone(store: VectorStore) -> None:
    channel = uuid4()
    vectors = unit_vectors(3)
    deleted, old, kept = (
        a_point(vectors[0], channel),
        a_point(vectors[1], channel, NOW - timedelta(days=40)),
        a_point(vectors[2], channel),
    )
    store.upsert("points", [deleted, old, kept])
    store.delete("points", [deleted.id, uuid4()])
    store.drop_before("points", NOW - timedelta(days=30))
    assert store.missing("points", [deleted.id, old.id, kept.id]) == {deleted.id, old.id}


def test_two_models_are_never_mixed(open_store: Callable[[], VectorStore]) -> None:
    channel = uuid4()
    [vector] = unit_vectors(1)
    first, second = open_store(), open_store()
    first.ensure("points", model="old", dimension=DIMENSION)
    point = a_point(vector, channel)
    first.upsert("points", [point])
    second.ensure("points", model="new", dimension=DIMENSION * 2)
    assert second.search("points", [1.0] * DIMENSION * 2, channel_id=channel, limit=10) == []
    assert second.missing("points", [point.id]) == {point.id}, "a change of model is noticed"
    assert first.missing("points", [point.id]) == set()


def test_a_collection_must_be_ensured_first(open_store: Callable[[], VectorStore]) -> None:
    with pytest.raises(NotEnsured, match="ensure"):
        open_store().count("points")


def test_ensure_twice_keeps_what_is_there(open_store: Callable[[], VectorStore]) -> None:
    for _ in range(2):
        store = open_store()
        store.ensure("points", model=MODEL, dimension=DIMENSION)
        store.ensure("points", model=MODEL, dimension=DIMENSION)
        store.upsert("points", [a_point(unit_vectors(1)[0], uuid4())])
    assert store.count("points") == 2


@pytest.mark.parametrize("channels", [1, 100, 1000])
def test_recall_is_that_of_an_exact_search(store: VectorStore, channels: int) -> None:
    """An HNSW index with a channel filter alone returned 1 of 10 with 1,000 channels in one collection."""
    ids = [uuid4() for _ in range(channels)]
    vectors = unit_vectors(3000)
    points = [a_point(vector, ids[number % channels]) for number, vector in enumerate(vectors)]
    store.upsert("points", points)
    found = wanted = 0
    for question in unit_vectors(20, seed=2):
        own = np.arange(0, len(points), channels)
        best = own[np.argsort(-(vectors[own] @ question))[:10]]
        hits = store.search("points", question.tolist(), channel_id=ids[0], limit=10)
        found += len({hit.id for hit in hits} & {points[i].id for i in best})
        wanted += len(best)
    assert found / wanted >= 0.95


def test_recall_holds_where_the_index_is_used(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the exact limit pgvector goes through its index; a tenth of the points are the channel's."""
    monkeypatch.setattr("shorts_pipeline.resources.vectors.pgvector.EXACT_UP_TO", 10)
    store = PgVectorStore(engine)
    store.ensure("points", model=MODEL, dimension=DIMENSION)
    ids = [uuid4() for _ in range(10)]
    vectors = unit_vectors(5000)
    points = [a_point(vector, ids[number % 10]) for number, vector in enumerate(vectors)]
    store.upsert("points", points)
    own = np.arange(0, len(points), 10)
    found = 0
    for question in unit_vectors(20, seed=2):
        best = {points[i].id for i in own[np.argsort(-(vectors[own] @ question))[:10]]}
        hits = store.search("points", question.tolist(), channel_id=ids[0], limit=10)
        found += len({hit.id for hit in hits} & best)
    assert found / 200 >= 0.95


def test_a_model_of_any_name_makes_a_safe_table_name() -> None:
    assert stored_name("points", "BAAI/bge-m3'; DROP TABLE x").startswith("points__")
    assert stored_name("points", "a") != stored_name("points", "b")


def test_many_questions_are_answered_as_one_by_one(store: VectorStore) -> None:
    mine, other = uuid4(), uuid4()
    vectors = unit_vectors(60)
    store.upsert("points", [a_point(vector, mine, NOW - timedelta(hours=n)) for n, vector in enumerate(vectors[:40])])
    store.upsert("points", [a_point(vector, other) for vector in vectors[40:]])
    questions = [vector.tolist() for vector in unit_vectors(7, seed=2)]
    for where in (Where(), Where(since=NOW - timedelta(hours=9))):
        together = store.search_many("points", questions, channel_id=mine, limit=5, where=where)
        alone = [store.search("points", question, channel_id=mine, limit=5, where=where) for question in questions]
        assert [[hit.id for hit in hits] for hits in together] == [[hit.id for hit in hits] for hits in alone]
        assert [len(hits) for hits in together] == [5] * 7
    assert store.search_many("points", [], channel_id=mine, limit=5) == []
    assert store.search_many("points", questions, channel_id=uuid4(), limit=5) == [[]] * 7


def test_many_questions_find_the_nearest_where_the_index_is_used(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shorts_pipeline.resources.vectors.pgvector.EXACT_UP_TO", 10)
    store = PgVectorStore(engine)
    store.ensure("points", model=MODEL, dimension=DIMENSION)
    ids = [uuid4() for _ in range(4)]
    vectors = unit_vectors(2000)
    points = [a_point(vector, ids[number % 4]) for number, vector in enumerate(vectors)]
    store.upsert("points", points)
    own = np.arange(0, len(points), 4)
    questions = unit_vectors(10, seed=2)
    answers = store.search_many("points", questions.tolist(), channel_id=ids[0], limit=10)
    best = [{points[i].id for i in own[np.argsort(-(vectors[own] @ question))[:10]]} for question in questions]
    assert sum(len({hit.id for hit in hits} & near) for hits, near in zip(answers, best, strict=True)) >= 95


def of_several_kinds(store: VectorStore, channel: UUID, points: int) -> list[Point]:
    """Points of a channel, every third an opinion, every fifth a hook; as many of another channel."""
    vectors = unit_vectors(2 * points)
    own = [
        a_point(vector, channel, is_opinion=number % 3 == 0, position="hook" if number % 5 == 0 else "body")
        for number, vector in enumerate(vectors[:points])
    ]
    store.upsert("points", [*own, *(a_point(vector, uuid4(), is_opinion=True) for vector in vectors[points:])])
    return own


ASKED = [Asked(7), Asked(5, Where({"is_opinion": True})), Asked(3, Where({"position": "hook", "is_opinion": True}))]


def test_several_filters_in_one_question_find_what_each_finds_alone(store: VectorStore) -> None:
    channel = uuid4()
    of_several_kinds(store, channel, 60)
    question = unit_vectors(1, seed=2)[0].tolist()
    together = store.search_each("points", question, channel_id=channel, asked=ASKED)
    assert [len(hits) for hits in together] == [7, 5, 3]
    for hits, each in zip(together, ASKED, strict=True):
        assert hits == store.search("points", question, channel_id=channel, limit=each.limit, where=each.where)
    assert all(hit.payload["is_opinion"] for hit in together[1])
    assert store.search_each("points", question, channel_id=channel, asked=[]) == []


@pytest.mark.parametrize("at_once", [100, 4])
def test_several_filters_find_the_nearest_where_the_index_is_used(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """What the nearest of all hold too little of is looked for alone."""
    monkeypatch.setattr("shorts_pipeline.resources.vectors.pgvector.NEAREST_OF_ALL", at_once)
    store, other = PgVectorStore(engine), PgVectorStore(engine)
    for each in (store, other):
        each.ensure("points", model=MODEL, dimension=DIMENSION)
    channel = uuid4()
    of_several_kinds(store, channel, 2_000)
    found = wanted = 0
    for question in unit_vectors(10, seed=2).tolist():
        exact = store.search_each("points", question, channel_id=channel, asked=ASKED)
        with monkeypatch.context() as patch:
            patch.setattr("shorts_pipeline.resources.vectors.pgvector.EXACT_UP_TO", 10)
            near = other.search_each("points", question, channel_id=channel, asked=ASKED)
        found += sum(len({hit.id for hit in a} & {hit.id for hit in b}) for a, b in zip(near, exact, strict=True))
        wanted += sum(map(len, exact))
    assert found / wanted >= 0.95
