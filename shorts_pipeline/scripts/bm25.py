"""BM25: pieces of a channel's past that share words with a question, ranked in the database.

score(piece) = Σ over the question's words of idf · f · (k1 + 1) / (f + k1 · (1 − b + b · length / mean length)),
idf = ln(1 + (N − n + 0.5) / (n + 0.5)); f: how often the word stands in the piece, n: pieces that have it, N: all the
channel's (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", eq. 3.15; 1 is added
in the logarithm, so that no word counts against a piece). The words are in `content_chunks.tokens`; n, N and the mean
length come from `chunk_words`: counting a common word in 100,000 pieces takes longer than all the rest.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import String, Uuid

from shorts_pipeline.database import ALL_WORDS, RetrievalView
from shorts_pipeline.language import stem, tokens

K1, B = 1.2, 0.75
# Only pieces with one of the question's rarest words are looked at: as many words as this many pieces have, one at
# least. The others have but common words, of little weight each; those count wherever a rare one stands. Among 100,000
# pieces 99.6 % of the ten best of an exhaustive search are found so, and 91 % of the ten best opinions.
MOST_LOOKED_AT = 1_000
# An index entry has a limit; a longer "word" is an address or noise.
LONGEST_WORD = 64

_SCORED = """
WITH corpus AS (
    SELECT chunks AS pieces, greatest(times, 1)::float8 / chunks AS mean_length FROM chunk_words
    WHERE channel_id = :channel AND word = :all_words AND chunks > 0
), asked AS MATERIALIZED (
    SELECT word, ln(1 + (greatest(pieces - chunks, 0) + 0.5) / (chunks + 0.5)) AS idf,
           sum(chunks) OVER rarest_first AS reached, row_number() OVER rarest_first AS place
    FROM chunk_words CROSS JOIN corpus
    WHERE channel_id = :channel AND word = ANY(:words) AND chunks > 0
    WINDOW rarest_first AS (ORDER BY chunks, word ROWS UNBOUNDED PRECEDING)
), piece AS MATERIALIZED (
    SELECT id, tokens, cardinality(tokens) AS length, is_opinion, is_example, id = ANY(:performing) AS is_performing
    FROM content_chunks WHERE channel_id = :channel
    AND tokens && ARRAY(SELECT word FROM asked WHERE reached <= :most_looked_at OR place = 1)
), shared AS (
    SELECT id, word, idf, count(*) AS times FROM (SELECT id, unnest(tokens) AS word FROM piece) AS of_piece
    JOIN asked USING (word) GROUP BY id, word, idf
), scored AS MATERIALIZED (
    SELECT id, is_opinion, is_example, is_performing,
           sum(idf * times * (:k1 + 1) / (times + :k1 * (1 - :b + :b * length / mean_length))) AS score
    FROM shared JOIN piece USING (id) CROSS JOIN corpus GROUP BY id, is_opinion, is_example, is_performing
)
"""
_HOLDS = {
    RetrievalView.SIMILAR: "true",
    RetrievalView.OPINION: "is_opinion",
    RetrievalView.EXAMPLE: "is_example",
    RetrievalView.HOOK: "is_performing",
}
_BEST = " UNION ALL ".join(
    f"(SELECT '{view}' AS view, id, score FROM scored WHERE {holds} ORDER BY score DESC, id LIMIT :most_{view})"  # noqa: S608
    for view, holds in _HOLDS.items()
)
_RANKED = text(_SCORED + _BEST).bindparams(
    bindparam("words", type_=ARRAY(String)),
    bindparam("performing", type_=ARRAY(Uuid)),
    all_words=ALL_WORDS,
    most_looked_at=MOST_LOOKED_AT,
    k1=K1,
    b=B,
)
# In one order, so that two that count at once wait for each other and never for good.
_COUNTED = """
INSERT INTO chunk_words (channel_id, word, chunks, times)
SELECT channel_id, word, count(DISTINCT id), count(*) FROM content_chunks CROSS JOIN LATERAL unnest(tokens) AS t (word)
WHERE {which} GROUP BY channel_id, word
UNION ALL
SELECT channel_id, :all_words, count(*), coalesce(sum(cardinality(tokens)), 0) FROM content_chunks
WHERE {which} AND tokens IS NOT NULL GROUP BY channel_id
ORDER BY 1, 2
ON CONFLICT (channel_id, word) DO UPDATE
SET chunks = chunk_words.chunks + excluded.chunks, times = chunk_words.times + excluded.times
"""
_COUNT_NEW = text(_COUNTED.format(which="id = ANY(:ids)")).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)), all_words=ALL_WORDS
)
_COUNT_ALL = text(_COUNTED.format(which="channel_id = :channel")).bindparams(all_words=ALL_WORDS)
_FILL = text(
    "UPDATE content_chunks SET tokens = given.tokens"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (id uuid, tokens varchar[])"
    " WHERE content_chunks.id = given.id AND content_chunks.tokens IS NULL RETURNING content_chunks.id"
)


def content_words(written: str, language: str) -> list[str]:
    """The words a piece is found by, as often as they stand there: Korean morphemes, English stems."""
    found = tokens(written.replace("\0", ""), language)
    # English words in Korean text are stemmed as well.
    return [(stem(word) if word.isascii() else word)[:LONGEST_WORD] for word in found]


def ranked_by_words(
    session: Session,
    channel_id: UUID,
    words: Collection[str],
    most: Mapping[RetrievalView, int],
    performing: Sequence[UUID],
) -> dict[RetrievalView, dict[UUID, float]]:
    """For each view its best pieces with their BM25, at most so many; `performing` are the hooks that performed."""
    ranked: dict[RetrievalView, dict[UUID, float]] = {view: {} for view in RetrievalView}
    if not words:
        return ranked
    limits = {f"most_{view}": most.get(view, 0) for view in RetrievalView}
    given = {"channel": channel_id, "words": sorted(set(words)), "performing": list(performing), **limits}
    for view, chunk_id, score in session.execute(_RANKED, given):
        ranked[RetrievalView(view)][chunk_id] = score
    return ranked


def count_words(session: Session, chunk_ids: Collection[UUID]) -> None:
    """Count in the words of new pieces; of each piece once, in the transaction that gave it its words."""
    if chunk_ids:
        session.execute(_COUNT_NEW, {"ids": list(chunk_ids)})


def recount_words(session: Session, channel_id: UUID) -> None:
    """Count the channel's words anew: pieces that were deleted are still counted until then."""
    session.execute(text("DELETE FROM chunk_words WHERE channel_id = :channel"), {"channel": channel_id})
    session.execute(_COUNT_ALL, {"channel": channel_id})


def fill_words(session: Session, words: Mapping[UUID, Sequence[str]]) -> None:
    """Give pieces that have no words yet theirs, and count them in."""
    from pydantic_core import to_json

    rows = to_json([{"id": id, "tokens": found} for id, found in words.items()]).decode()
    count_words(session, session.scalars(_FILL, {"rows": rows}).all())
