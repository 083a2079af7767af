import pytest
from sqlalchemy import delete, select

from shorts_pipeline.database import (
    ContentChunk,
    Performance,
    RetrievalView,
    ScriptRetrieval,
    ScriptStatus,
    TopicStatus,
)
from shorts_pipeline.database.documents.content_config import RetrievalSettings
from shorts_pipeline.scripts.index import chunk_scripts
from shorts_pipeline.scripts.retrieve import COLLECTION, hybrid, keep, retrieve, shares
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload
from shorts_pipeline_tests.scripts.stories import CHIP, a_story

PAST = [
    "한별반도체가 새 칩을 내놨어요.\n\n한별반도체의 인공지능 칩은 전력을 덜 써요. 양산은 내년이에요.\n\n여기까지예요.",
    "커피값이 또 올랐어요.\n\n원두 가격이 오르면서 커피 한 잔이 5000원을 넘었어요.\n\n내일 봐요.",
    "칩 부족이 이어져요.\n\n데이터센터가 칩을 쓸어 가서 아쉬워요. 예를 들어 노트북 회사는 기다려요.\n\n끝이에요.",
    "야구 시즌이 시작됐어요.\n\n개막전에 관중 2만 명이 모였어요.\n\n다음에 만나요.",
]


@pytest.fixture
def past(sessions, store, embedder, channel, clock):
    """The channel has told four stories, the second channel one."""
    with sessions.begin() as session:
        topics = [a_topic(session, channel, status=TopicStatus.USED) for _ in PAST]
        scripts = [
            a_script(session, topic, script_text=text, status=ScriptStatus.USED)
            for topic, text in zip(topics, PAST, strict=True)
        ]
        other = a_channel(session, slug="other")
        a_script(session, a_topic(session, other), script_text=PAST[0], status=ScriptStatus.USED)
        upload = an_upload(session, a_video(session, scripts[2]))
        session.add(Performance(upload_id=upload.id, views=50_000, is_high_performer=True))
    for slug in ("oneul", "other"):
        chunk_scripts(sessions, store, embedder, channel=slug, clock=clock, owner="test")
    return scripts


def found_by(sessions, store, embedder, channel, **settings):
    return retrieve(
        sessions,
        store,
        embedder,
        channel_id=channel.id,
        story=a_story(CHIP, "ko"),
        settings=RetrievalSettings(**settings),
    )


def test_each_view_brings_its_own_and_no_piece_comes_twice(sessions, store, embedder, channel, past):
    found = found_by(sessions, store, embedder, channel, chunks=8)
    by_view = {view: [each.text for each in found if each.view is view] for view in RetrievalView}
    assert "한별반도체" in by_view[RetrievalView.SIMILAR][0]
    assert by_view[RetrievalView.HOOK] == ["칩 부족이 이어져요."]
    assert len({each.chunk_id for each in found}) == len(found) <= 8
    marked = [*by_view[RetrievalView.OPINION], *by_view[RetrievalView.EXAMPLE]]
    assert all("아쉬워요" in text for text in marked)


def test_only_the_channels_own_past_is_found(sessions, store, embedder, channel, past):
    found = found_by(sessions, store, embedder, channel, chunks=50)
    own = {point for script in past for point in _chunk_ids(sessions, script.id)}
    assert {each.chunk_id for each in found} <= own


def _chunk_ids(sessions, script_id):
    with sessions() as session:
        return set(session.scalars(select(ContentChunk.id).where(ContentChunk.script_id == script_id)))


def test_words_help_to_find_what_meaning_alone_ranks_lower(sessions, store, embedder, channel, past):
    by_words = found_by(sessions, store, embedder, channel, chunks=4, semantic_weight=0.0, keyword_weight=1.0)
    similar = [each for each in by_words if each.view is RetrievalView.SIMILAR]
    assert {"칩", "한별반도체"} & set(similar[0].text.replace("의", " ").split())
    assert similar[0].score == 1.0


def test_a_word_in_any_form_is_found(sessions, store, embedder, channel, past):
    """Keywords were compared as they stood: what is no keyword, or no noun, was never found by its word."""
    story = a_story(("관중이 모여", "관중이 모여든 개막전."), "ko")
    found = retrieve(
        sessions,
        store,
        embedder,
        channel_id=channel.id,
        story=story,
        settings=RetrievalSettings(chunks=2, semantic_weight=0.0, keyword_weight=1.0),
    )
    assert "관중 2만 명이 모였어요" in next(each.text for each in found if each.view is RetrievalView.SIMILAR)


def test_pieces_that_were_deleted_or_have_no_vector_are_not_found(sessions, store, embedder, channel, past):
    found = found_by(sessions, store, embedder, channel, chunks=50)
    deleted, lost, *_ = (each.chunk_id for each in found)
    with sessions.begin() as session:
        session.execute(delete(ContentChunk).where(ContentChunk.id == deleted))
    store.delete(COLLECTION, [lost])
    left = {each.chunk_id for each in found_by(sessions, store, embedder, channel, chunks=50)}
    assert left == {each.chunk_id for each in found} - {deleted, lost}


def test_a_channel_without_a_past_finds_nothing(sessions, store, embedder, channel):
    assert found_by(sessions, store, embedder, channel) == []
    assert found_by(sessions, store, embedder, channel, chunks=0) == []


def test_diversity_prefers_another_matter_over_the_same_again(sessions, store, embedder, channel, past):
    nearest = found_by(sessions, store, embedder, channel, chunks=4, diversity=1.0)
    varied = found_by(sessions, store, embedder, channel, chunks=4, diversity=0.0)
    assert nearest[0].chunk_id == varied[0].chunk_id
    assert [each.rank for each in nearest if each.view is RetrievalView.SIMILAR] == [1, 2]
    assert nearest[1].score >= varied[1].score


def test_what_was_retrieved_is_kept_with_the_script(sessions, store, embedder, channel, past):
    found = found_by(sessions, store, embedder, channel, chunks=6)
    with sessions.begin() as session:
        script = a_script(session, a_topic(session, channel))
        keep(session, script.id, found)
    with sessions() as session:
        rows = session.scalars(select(ScriptRetrieval).where(ScriptRetrieval.script_id == script.id)).all()
    assert {(row.chunk_id, row.view, row.rank) for row in rows} == {(e.chunk_id, e.view, e.rank) for e in found}


@pytest.mark.parametrize("chunks", range(51))
def test_the_views_share_all_the_chunks(chunks):
    assert sum(shares(chunks).values()) == chunks
    assert shares(chunks)[RetrievalView.SIMILAR] * 2 >= chunks


def test_hybrid_scores_stay_in_range():
    scores = hybrid({"a": 0.95, "b": 0.80, "c": 0.87}, {"a": 0.1, "c": 0.2}, RetrievalSettings())
    assert scores == {"a": pytest.approx(0.85), "b": pytest.approx(0.0), "c": pytest.approx(0.7 * 7 / 15 + 0.3)}
    assert hybrid({}, {}, RetrievalSettings()) == {}
    assert hybrid({"a": 0.9}, {}, RetrievalSettings()) == {"a": pytest.approx(0.7)}
