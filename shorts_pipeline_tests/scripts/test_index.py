import pytest
from sqlalchemy import delete, func, select, update

from shorts_pipeline.database import ALL_WORDS, ChunkWord, ContentChunk, ScriptStatus
from shorts_pipeline.scripts.index import chunk_scripts
from shorts_pipeline.scripts.retrieve import COLLECTION
from shorts_pipeline.selection import Selection
from shorts_pipeline_tests.rows import a_script, a_topic

TEXT = "새 칩이 나왔어요.\n\n전기를 덜 써요. 값은 그대로예요.\n\n내일 봐요."


@pytest.fixture
def index(sessions, store, embedder, clock, channel):
    def run(**over):
        return chunk_scripts(sessions, store, embedder, channel="oneul", clock=clock, owner="run-1", **over)

    return run


def some_scripts(sessions, channel, *statuses):
    with sessions.begin() as session:
        return [a_script(session, a_topic(session, channel), script_text=TEXT, status=status) for status in statuses]


def all_chunks(sessions):
    with sessions() as session:
        return session.scalars(select(ContentChunk).order_by(ContentChunk.script_id, ContentChunk.chunk_index)).all()


def test_only_scripts_that_passed_are_cut_and_each_once(sessions, store, channel, index):
    approved, used, *_ = some_scripts(
        sessions, channel, *list(ScriptStatus)[2:3], ScriptStatus.USED, "generated", "rejected"
    )
    done = index()
    assert (done.scripts, done.chunks) == (2, 6)
    assert {chunk.script_id for chunk in all_chunks(sessions)} == {approved.id, used.id}
    assert (index().scripts, len(all_chunks(sessions)), store.count(COLLECTION)) == (0, 6, 6)


def test_each_chunk_has_its_vector(sessions, store, channel, index):
    some_scripts(sessions, channel, ScriptStatus.APPROVED)
    index()
    rows = all_chunks(sessions)
    assert [row.vector_id for row in rows] == [str(row.id) for row in rows]
    assert store.missing(COLLECTION, [row.id for row in rows]) == set()
    assert [row.chunk_position.value for row in rows] == ["hook", "body", "conclusion"]


def test_a_chunk_is_what_the_model_that_wrote_it_says(sessions, store, channel, index):
    config = {"kinds": {"값은 그대로예요.": ["opinion"]}}
    with sessions.begin() as session:
        a_script(session, a_topic(session, channel), script_text=TEXT, status="approved", generation_config=config)
    index()
    assert [row.is_opinion for row in all_chunks(sessions)] == [False, True, False]


def test_vectors_that_were_lost_are_made_again(sessions, store, channel, index):
    some_scripts(sessions, channel, ScriptStatus.APPROVED)
    index()
    store.delete(COLLECTION, [row.id for row in all_chunks(sessions)])
    assert index().embedded_again == 3
    assert store.count(COLLECTION) == 3
    assert index().embedded_again == 0


def test_vectors_whose_rows_were_never_saved_are_replaced(sessions, store, channel, index, monkeypatch):
    """The process dies between the vectors and their rows."""
    some_scripts(sessions, channel, ScriptStatus.APPROVED)

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("shorts_pipeline.operations.attempts.complete", die)
        with pytest.raises(KeyboardInterrupt):
            index()
    assert (store.count(COLLECTION), all_chunks(sessions)) == (3, [])
    index(selection=Selection(force=True))
    assert store.count(COLLECTION) == 3


def test_a_dry_run_and_a_selection(sessions, channel, index):
    first, _ = some_scripts(sessions, channel, ScriptStatus.APPROVED, ScriptStatus.APPROVED)
    assert index(selection=Selection(dry_run=True)).planned == 2
    index(selection=Selection(only=(first.id,)))
    assert {chunk.script_id for chunk in all_chunks(sessions)} == {first.id}


def test_an_empty_script_is_explained(sessions, channel, index):
    with sessions.begin() as session:
        a_script(session, a_topic(session, channel), script_text="  ", status=ScriptStatus.APPROVED)
    some_scripts(sessions, channel, ScriptStatus.APPROVED)
    done = index()
    assert (done.scripts, done.failed[0].reason) == (1, "the script has no sentence")


def words_counted(sessions):
    with sessions() as session:
        return {row.word: (row.chunks, row.times) for row in session.scalars(select(ChunkWord))}


def test_each_piece_has_its_words_and_they_are_counted_once(sessions, channel, index):
    some_scripts(sessions, channel, ScriptStatus.APPROVED)
    index()
    hook = all_chunks(sessions)[0]
    assert {"칩", "나오"} <= set(hook.tokens)
    assert words_counted(sessions)["칩"] == (1, 1)
    index(selection=Selection(force=True))
    assert words_counted(sessions)[ALL_WORDS] == (3, sum(len(row.tokens) for row in all_chunks(sessions)))


def test_pieces_of_before_there_was_a_search_by_words_get_theirs(sessions, channel, index):
    some_scripts(sessions, channel, ScriptStatus.APPROVED, ScriptStatus.USED)
    index()
    before, counted = [row.tokens for row in all_chunks(sessions)], words_counted(sessions)
    with sessions.begin() as session:
        session.execute(update(ContentChunk).values(tokens=None))
        session.execute(delete(ChunkWord))
    index()
    assert [row.tokens for row in all_chunks(sessions)] == before
    assert words_counted(sessions) == counted
    index()
    assert words_counted(sessions) == counted
    with sessions() as session:
        assert session.scalar(select(func.count()).where(ContentChunk.tokens.is_(None))) == 0
