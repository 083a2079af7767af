from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select, update

from shorts_pipeline.cli import vectors as module
from shorts_pipeline.database import ChannelStatus, ChunkWord, ContentChunk, PerformanceAge, Topic
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.models.embedder import ANY_OTHER_MODEL
from shorts_pipeline.resources.vectors import VectorsResource
from shorts_pipeline.resources.vectors.pgvector import PgVectorStore
from shorts_pipeline.scripts import reindex as pieces_room
from shorts_pipeline.scripts.points import open_collection
from shorts_pipeline.scripts.retrieve import COLLECTION as PIECES
from shorts_pipeline.topics import repair as topics_room
from shorts_pipeline.topics.outcomes import COLLECTION as OUTCOMES
from shorts_pipeline.topics.remember import COLLECTION as TOPICS
from shorts_pipeline_tests.rows import a_channel, a_published_upload, a_script, a_topic


class Killed(BaseException):
    """As by SIGKILL: nobody catches it."""


class Counting:
    """A model whose vectors are its own; it says how often it embedded each text, and dies when told to."""

    thresholds = ANY_OTHER_MODEL

    def __init__(self, model: str, dimension: int = 8) -> None:
        self.model, self.dimension = model, dimension
        self.embedded: list[str] = []
        self.dies_after: int | None = None

    def embed(self, texts):
        if self.dies_after is not None and len(self.embedded) >= self.dies_after:
            raise Killed
        self.embedded += texts
        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimension)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def store(engine):
    return PgVectorStore(engine)


@pytest.fixture
def shorts(sessions, redis, clock, store, monkeypatch):
    """Runs `shorts vectors …` with a model on this test's own database."""

    @contextmanager
    def opened() -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(sessions=sessions, redis=redis, clock=clock)

    monkeypatch.setattr(module, "opened", opened)
    monkeypatch.setattr(VectorsResource, "from_settings", classmethod(lambda _: SimpleNamespace(store=store)))
    # Small batches, so that a few rows are several of them.
    monkeypatch.setattr(pieces_room, "LOOKED_THROUGH", 4)
    monkeypatch.setattr(pieces_room, "EMBEDDED_AT_ONCE", 3)
    monkeypatch.setattr(topics_room, "LOOKED_THROUGH", 4)
    monkeypatch.setattr(topics_room, "AT_ONCE", 3)

    def run(embedder: Counting, *arguments: str) -> Result:
        monkeypatch.setattr(ModelsResource, "from_settings", classmethod(lambda _: SimpleNamespace(embedder=embedder)))
        return CliRunner(env={"COLUMNS": "160"}).invoke(module.vectors, arguments, catch_exceptions=False)

    return run


@pytest.fixture
def told(sessions, clock):
    """Two channels, each with ten pieces and five topics of today; their pieces have no words yet."""
    with sessions.begin() as session:
        channels = [a_channel(session, slug=slug) for slug in ("first", "second")]
        for channel in channels:
            topics = [
                a_topic(session, channel, title_original=f"{channel.slug} {n}", published_at=clock.now())
                for n in range(5)
            ]
            script = a_script(session, topics[0])
            session.add_all(
                ContentChunk(
                    script_id=script.id, channel_id=channel.id, chunk_index=n, chunk_text=f"{channel.slug}의 칩 {n}."
                )
                for n in range(10)
            )
    return channels


def rows_of(output: str) -> dict[str, list[str]]:
    """The cells of the status table by collection."""
    lines = [line.strip("│┃ ").split("│") for line in output.splitlines() if "│" in line]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in lines}


def table(*, pieces: tuple[int, int], topics: tuple[int, int]) -> dict[str, list[str]]:
    """What the status says of (points, missing) of each collection."""
    counts = {PIECES: pieces, TOPICS: topics, OUTCOMES: (0, 0)}
    return {name: ["a-model", *map(str, count)] for name, count in counts.items()}


def test_status_says_what_is_there_and_what_is_missing(shorts, told):
    model = Counting("a-model")
    assert rows_of(shorts(model, "status").output) == table(pieces=(0, 20), topics=(0, 10))
    shorts(model, "reindex", "--channel", "first")
    assert rows_of(shorts(model, "status").output) == table(pieces=(10, 10), topics=(5, 5))
    first = rows_of(shorts(model, "status", "--channel", "first").output)
    assert first == table(pieces=(10, 0), topics=(5, 0))


def test_what_has_figures_is_embedded_for_the_results_too(shorts, told, sessions, clock):
    model, now = Counting("a-model"), clock.now()
    with sessions.begin() as session:
        upload = a_published_upload(session, told[0])
        session.add(PerformanceAge(upload_id=upload.id, age_days=7, views=5, percentile=50.0, computed_at=now))
    shown = shorts(model, "status", "--channel", "first").output
    assert rows_of(shown)[OUTCOMES] == ["a-model", "0", "1"]
    assert f"{OUTCOMES}: 1 embedded" in shorts(model, "reindex", "--collection", OUTCOMES).output
    assert rows_of(shorts(model, "status").output)[OUTCOMES] == ["a-model", "1", "0"]


def test_reindexing_embeds_everything_once_and_says_how_much(shorts, told):
    model = Counting("a-model")
    output = shorts(model, "reindex").output
    assert f"{PIECES}: 20 embedded with a-model" in output
    assert f"{TOPICS}: 10 embedded with a-model" in output
    assert "still missing" not in output
    assert len(model.embedded) == len(set(model.embedded)) == 30
    assert f"{PIECES}: 0 embedded" in shorts(model, "reindex").output
    assert len(model.embedded) == 30


@pytest.mark.parametrize("dies_after", [0, 3, 7, 21, 26])
def test_killed_in_the_middle_the_next_run_goes_on_with_what_is_missing(shorts, store, told, dies_after):
    model = Counting("a-model")
    model.dies_after = dies_after
    with pytest.raises(Killed):
        shorts(model, "reindex")
    before = len(model.embedded)
    assert dies_after <= before < 30
    model.dies_after = None
    shorts(model, "reindex")
    assert sorted(model.embedded) == sorted(set(model.embedded)), "nothing twice"
    assert (len(model.embedded), store.count(PIECES), store.count(TOPICS)) == (30, 20, 10)


def test_a_limit_stops_and_the_next_run_goes_on(shorts, store, told):
    model = Counting("a-model")
    output = shorts(model, "reindex", "--limit", "14").output
    assert f"{PIECES}: 14 embedded with a-model, 6 still missing" in output
    assert f"{TOPICS}: 0 embedded with a-model, 10 still missing" in output
    shorts(model, "reindex", "--limit", "14")
    assert (store.count(PIECES), store.count(TOPICS)) == (20, 8)
    shorts(model, "reindex")
    assert len(model.embedded) == len(set(model.embedded)) == 30


def test_only_one_collection_of_one_channel(shorts, store, told):
    model = Counting("a-model")
    output = shorts(model, "reindex", "--collection", TOPICS, "--channel", "second").output
    assert PIECES not in output
    assert {text[:8] for text in model.embedded} == {f"second {n}" for n in range(5)}


def test_vectors_of_two_models_never_mix(shorts, engine, store, told):
    """Another model may even have other dimensions: half way through, each finds only its own."""
    old, new = Counting("old"), Counting("new", dimension=12)
    shorts(old, "reindex")
    shorts(new, "reindex", "--limit", "5")
    assert rows_of(shorts(new, "status").output)[PIECES] == ["new", "5", "15"]
    by_old = PgVectorStore(engine)
    open_collection(by_old, old)
    assert by_old.count(PIECES) == 20
    question = new.embed(["어떤 말"])[0].tolist()
    hits = store.search(PIECES, question, channel_id=told[0].id, limit=50)
    assert len(hits) == 5
    assert {len(vector) for vector in store.vectors(PIECES, [hit.id for hit in hits]).values()} == {12}
    shorts(new, "reindex")
    assert rows_of(shorts(new, "status").output)[PIECES] == ["new", "20", "0"]


def test_what_is_too_old_to_be_asked_for_and_archived_channels_are_left_alone(shorts, sessions, clock, told):
    with sessions.begin() as session:
        old = select(Topic.id).where(Topic.channel_id == told[0].id).limit(2)
        session.execute(update(Topic).where(Topic.id.in_(old)).values(published_at=clock.now() - timedelta(days=400)))
        session.merge(told[1]).status = ChannelStatus.ARCHIVED
    assert f"{TOPICS}: 3 embedded" in shorts(Counting("a-model"), "reindex").output


def test_reindexing_mends_words_too(shorts, sessions, told):
    shorts(Counting("a-model"), "reindex")
    counted = select(ChunkWord.chunks).where(ChunkWord.channel_id == told[0].id, ChunkWord.word == "칩")
    with sessions.begin() as session:
        assert session.scalars(counted).one() == 10
        session.execute(delete(ContentChunk).where(ContentChunk.channel_id == told[0].id, ContentChunk.chunk_index > 5))
    shorts(Counting("a-model"), "reindex")
    with sessions() as session:
        assert session.scalars(counted).one() == 6


def test_an_unknown_channel_and_none_at_all_are_explained(shorts):
    with pytest.raises(ConfigurationError, match="no channel “nobody”"):
        shorts(Counting("a-model"), "status", "--channel", "nobody")
    assert "No channels yet" in shorts(Counting("a-model"), "status").output
