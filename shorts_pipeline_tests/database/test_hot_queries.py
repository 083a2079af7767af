"""The hot queries use their index on a big table: EXPLAIN, on rows spread as they would be after a year.

200,000 rows a table here; the full million by `make soak`.
"""

import pytest
from sqlalchemy import text

from shorts_pipeline.database import make_engine
from shorts_pipeline_tests.database import document

# 50 channels; a topic in a hundred is pending, a script or video in a hundred in review, an upload in a thousand due.
FILL = """
SET session_replication_role = replica;
INSERT INTO channels (id, name, slug)
SELECT md5('c' || n)::uuid, 'Channel ' || n, 'channel-' || n FROM generate_series(0, 49) n;
INSERT INTO topics (id, channel_id, source_id, title_original, title_normalized, source_url, content_hash, score_total,
                    status)
SELECT md5('t' || n)::uuid, md5('c' || n % 50)::uuid, md5('s')::uuid, 'title', 'title', 'https://a.example',
       md5('h' || n), n % 101, (CASE WHEN n % 97 = 0 THEN 'pending' ELSE 'used' END)::topic_status
FROM generate_series(1, {rows}) n;
INSERT INTO scripts (channel_id, topic_id, script_text, status)
SELECT md5('c' || n % 50)::uuid, md5('t' || n)::uuid, 'text',
       (CASE WHEN n % 97 = 0 THEN 'in_review' ELSE 'used' END)::script_status
FROM generate_series(1, {rows}) n;
INSERT INTO videos (id, channel_id, script_id, status)
SELECT md5('v' || n)::uuid, md5('c' || n % 50)::uuid, md5('x')::uuid,
       (CASE WHEN n % 97 = 0 THEN 'in_review' ELSE 'published' END)::video_status
FROM generate_series(1, {rows}) n;
INSERT INTO uploads (id, video_id, title, scheduled_at, upload_status)
SELECT md5('u' || n)::uuid, md5('v' || n)::uuid, 'title', timestamptz '2026-03-02' - n * interval '10 minutes',
       CASE WHEN n < 200 THEN 'approved' ELSE 'published' END
FROM generate_series(1, {rows}) n;
INSERT INTO performances (upload_id, views)
SELECT md5('u' || n)::uuid, n FROM generate_series(1, {rows}) n;
INSERT INTO review_queue (review_type, target_id, channel_id, status, priority)
SELECT 'topic', md5('t' || n)::uuid, md5('c' || n % 50)::uuid,
       (CASE WHEN n % 97 = 0 THEN 'pending' ELSE 'approved' END)::review_status, n % 10
FROM generate_series(1, {rows}) n;
ANALYZE
"""
CHANNEL = "(md5('c7')::uuid)"
QUERIES = {
    "a channel's pending topics, best first": f"SELECT id FROM topics WHERE channel_id = {CHANNEL}"
    " AND status = 'pending' ORDER BY score_total DESC LIMIT 10",
    "has this content been seen": "SELECT id FROM topics WHERE content_hash = md5('h77')",
    "a channel's scripts waiting for review": f"SELECT id FROM scripts WHERE channel_id = {CHANNEL}"
    " AND status = 'in_review'",
    "a channel's videos waiting for review": f"SELECT id FROM videos WHERE channel_id = {CHANNEL}"
    " AND status = 'in_review'",
    "uploads due now": "SELECT id FROM uploads WHERE upload_status = 'approved'"
    " AND scheduled_at BETWEEN timestamptz '2026-03-01' AND timestamptz '2026-03-02'",
    "best performing uploads": "SELECT upload_id FROM performances ORDER BY views DESC LIMIT 20",
    "what to review next": "SELECT id FROM review_queue WHERE status = 'pending' ORDER BY priority DESC LIMIT 20",
}


def unindexed(url: str, rows: int) -> list[str]:
    """The questions whose plan, on tables of `rows` rows, does not use the document's index; with their plans."""
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in FILL.format(rows=rows).split(";\n"):
            connection.execute(text(statement))
    wrong = []
    with engine.connect() as connection:
        for question, index in HOT:
            plan = "\n".join(connection.execute(text(f"EXPLAIN {QUERIES[question]}")).scalars())
            if index not in plan or "Seq Scan" in plan:
                wrong.append(f"{question}: {plan}")
    engine.dispose()
    return wrong


HOT = [(question, index) for question, index in document.rows(document.section("Hot queries"), "question")]


def test_every_hot_query_of_the_document_is_tested() -> None:
    assert {question for question, _ in HOT} == set(QUERIES)


def test_hot_queries_use_their_index_on_two_hundred_thousand_rows(own_database_url: str) -> None:
    assert unindexed(own_database_url, 200_000) == []


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_hot_queries_use_their_index_on_a_million_rows(own_database_url: str) -> None:
    assert unindexed(own_database_url, 1_000_000) == []
