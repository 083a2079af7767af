"""Points: a piece as the vector store has it: its vector, and what a search may ask of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from shorts_pipeline.database import ContentChunk
from shorts_pipeline.resources.models import Embedder
from shorts_pipeline.resources.vectors import Payload, Point, VectorStore
from shorts_pipeline.scripts.chunk import Chunk
from shorts_pipeline.scripts.retrieve import COLLECTION


def point_id(script_id: UUID, index: int) -> UUID:
    """A piece's id, in the table and in the store: the same each time, so that a repeated try replaces."""
    return uuid5(script_id, str(index))


def payload(script_id: UUID, piece: Chunk | ContentChunk) -> Payload:
    """What a search may ask of the piece."""
    position = piece.position if isinstance(piece, Chunk) else piece.chunk_position
    return {
        "script_id": str(script_id),
        "position": position.value,
        "is_opinion": piece.is_opinion,
        "is_example": piece.is_example,
        "is_analogy": piece.is_analogy,
    }


def open_collection(store: VectorStore, embedder: Embedder) -> None:
    """Open the collection of the embedder's model: that of another model is another one, and they never mix."""
    store.ensure(COLLECTION, model=embedder.model, dimension=embedder.dimension)


def write_points(
    store: VectorStore,
    embedder: Embedder,
    channel_id: UUID,
    pieces: Sequence[tuple[UUID, str, Payload]],
    now: datetime,
) -> None:
    """Embed pieces (id, text, payload) and write their points; writing them again changes nothing."""
    vectors = embedder.embed([text for _, text, _ in pieces])
    points = [
        Point(identity, channel_id, vector.tolist(), said, now)
        for (identity, _, said), vector in zip(pieces, vectors, strict=True)
    ]
    store.upsert(COLLECTION, points)
