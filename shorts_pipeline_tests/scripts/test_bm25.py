from collections import Counter
from math import log
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from shorts_pipeline.database import ALL_WORDS, ChunkWord, ContentChunk, RetrievalView
from shorts_pipeline.scripts import bm25
from shorts_pipeline.scripts.bm25 import content_words, count_words, fill_words, ranked_by_words, recount_words
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic

ALL_VIEWS = dict.fromkeys(RetrievalView, 50)
PIECES = [
    "칩 칩 칩 전력",
    "칩 커피 값",
    "커피 커피 원두 값 오르 오르",
    "야구 관중",
    "전력 칩 양산 내년 데이터센터 노트북 회사 기다리",
]


@pytest.fixture
def told(sessions, channel):
    """The channel's pieces, as their words are given."""

    def tell(pieces, owner=channel, **over):
        with sessions.begin() as session:
            script = a_script(session, a_topic(session, owner))
            rows = [
                ContentChunk(
                    id=uuid4(),
                    script_id=script.id,
                    channel_id=owner.id,
                    chunk_index=number,
                    chunk_text=written,
                    tokens=written.split(),
                    **over,
                )
                for number, written in enumerate(pieces)
            ]
            session.add_all(rows)
            session.flush()
            count_words(session, [row.id for row in rows])
        return [row.id for row in rows]

    return tell


def by_the_book(pieces, words):
    """BM25 as Robertson and Zaragoza write it, of every piece."""
    split = [piece.split() for piece in pieces]
    mean = sum(map(len, split)) / len(split)
    scores = []
    for piece in split:
        times, score = Counter(piece), 0.0
        for word in words:
            having = sum(word in other for other in split)
            idf = log(1 + (len(split) - having + 0.5) / (having + 0.5))
            score += idf * times[word] * 2.2 / (times[word] + 1.2 * (0.25 + 0.75 * len(piece) / mean))
        scores.append(score)
    return scores


def ranked(sessions, channel, words, performing=(), most=ALL_VIEWS):
    with sessions() as session:
        return ranked_by_words(session, channel.id, words, most, list(performing))


@pytest.mark.parametrize("words", [["칩"], ["칩", "커피", "값"], ["전력", "없는말"], ["양산", "오르", "칩"]])
def test_the_database_ranks_as_the_book_says(sessions, channel, told, words):
    ids = told(PIECES)
    expected = {id: score for id, score in zip(ids, by_the_book(PIECES, words), strict=True) if score}
    found = ranked(sessions, channel, words)[RetrievalView.SIMILAR]
    assert found == {id: pytest.approx(score) for id, score in expected.items()}
    assert list(found) == sorted(found, key=lambda id: -found[id]), "best first"


def test_other_channels_words_weigh_nothing(sessions, channel, told):
    ids = told(PIECES)
    alone = ranked(sessions, channel, ["칩", "커피"])
    with sessions.begin() as session:
        other = a_channel(session, slug="other")
    foreign = told(["커피 칩"] * 20, owner=other)
    assert ranked(sessions, channel, ["칩", "커피"]) == alone
    assert set(ranked(sessions, other, ["칩"])[RetrievalView.SIMILAR]) == set(foreign)
    assert not set(ids) & set(foreign)


def test_each_view_ranks_its_own_pieces_and_no_more_than_asked(sessions, channel, told):
    plain = told(["칩 값", "칩 커피"])
    [opinion] = told(["칩 아쉽"], is_opinion=True)
    [example] = told(["칩 예"], is_example=True)
    found = ranked(sessions, channel, ["칩"], performing=[plain[1], uuid4()])
    assert set(found[RetrievalView.OPINION]) == {opinion}
    assert set(found[RetrievalView.EXAMPLE]) == {example}
    assert set(found[RetrievalView.HOOK]) == {plain[1]}
    assert set(found[RetrievalView.SIMILAR]) == {*plain, opinion, example}
    few = ranked(sessions, channel, ["칩"], most={RetrievalView.SIMILAR: 2})
    assert [len(few[view]) for view in (RetrievalView.SIMILAR, RetrievalView.OPINION)] == [2, 0]


def test_among_many_only_pieces_with_a_rare_word_are_looked_at_and_common_words_still_count(
    sessions, channel, told, monkeypatch
):
    ids = told([*["칩"] * 30, "칩 양산", "양산"])
    monkeypatch.setattr(bm25, "_RANKED", bm25._RANKED.bindparams(most_looked_at=10))
    found = ranked(sessions, channel, ["칩", "양산"])[RetrievalView.SIMILAR]
    assert set(found) == set(ids[-2:])
    [longer, shorter] = (found[id] for id in ids[-2:])
    monkeypatch.undo()
    assert ranked(sessions, channel, ["칩", "양산"])[RetrievalView.SIMILAR][ids[-2]] == pytest.approx(longer)
    assert ranked(sessions, channel, ["양산"])[RetrievalView.SIMILAR][ids[-2]] < longer
    assert ranked(sessions, channel, ["양산"])[RetrievalView.SIMILAR][ids[-1]] == pytest.approx(shorter)
    monkeypatch.setattr(bm25, "_RANKED", bm25._RANKED.bindparams(most_looked_at=10))
    only_common = ranked(sessions, channel, ["칩"])[RetrievalView.SIMILAR]
    assert len(only_common) == 31, "the rarest word is looked for, however common"


def test_nothing_is_found_by_no_words_unknown_words_or_in_an_empty_channel(sessions, channel, told):
    assert not any(ranked(sessions, channel, ["칩"]).values())
    told(PIECES)
    assert not any(ranked(sessions, channel, []).values())
    assert not any(ranked(sessions, channel, ["없는말", ALL_WORDS]).values())


def counted(sessions, channel):
    with sessions() as session:
        rows = session.scalars(select(ChunkWord).where(ChunkWord.channel_id == channel.id))
        return {row.word: (row.chunks, row.times) for row in rows}


def test_words_are_counted_piece_by_piece_and_forgotten_by_a_recount(sessions, channel, told):
    told(["칩 칩 값"])
    gone = told(["칩 커피"])
    assert counted(sessions, channel) == {ALL_WORDS: (2, 5), "칩": (2, 3), "값": (1, 1), "커피": (1, 1)}
    with sessions.begin() as session:
        session.execute(delete(ContentChunk).where(ContentChunk.id.in_(gone)))
    with sessions.begin() as session:
        recount_words(session, channel.id)
    assert counted(sessions, channel) == {ALL_WORDS: (1, 3), "칩": (1, 2), "값": (1, 1)}


def test_a_piece_gets_its_words_once(sessions, channel, told):
    [id] = told(["칩 값"])
    with sessions.begin() as session:
        fill_words(session, {id: ["다른", "말"], uuid4(): ["없는"]})
        fill_words(session, {})
    assert counted(sessions, channel) == {ALL_WORDS: (1, 2), "칩": (1, 1), "값": (1, 1)}


def test_korean_is_found_by_morphemes_and_english_by_stems():
    assert {"칩", "내놓", "nvidia", "chip"} <= set(content_words("엔비디아(Nvidia)가 새 칩을 내놓았어요. Chips!", "ko"))
    assert content_words("Rising prices, and the price rises.", "en") == ["ris", "pric", "pric", "ris"]
    assert content_words("칩을 만든다", "ko")[0] == content_words("칩은 비싸다", "ko")[0]


@given(st.text(max_size=300), st.sampled_from(["ko", "en"]))
def test_any_text_has_words_that_an_index_takes(text, language):
    assert all(0 < len(word) <= bm25.LONGEST_WORD and "\0" not in word for word in content_words(text, language))
