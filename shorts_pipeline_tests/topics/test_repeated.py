import hashlib

import numpy as np
import pytest

from shorts_pipeline.topics.past import tellings_since
from shorts_pipeline.topics.remember import open_vectors, remember_vectors
from shorts_pipeline.topics.repeated import repeated_topics
from shorts_pipeline.topics.titles import content_hash, normalize_title
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_topic
from shorts_pipeline_tests.topics.stories import a_desk_channel


@pytest.fixture
def told(sessions, store, embedder):
    """Puts topics with these titles and their vectors into a channel, whatever the stage would say."""

    def tell(slug: str, *titles: str, hashed=lambda title: content_hash(normalize_title(title))) -> None:
        with sessions.begin() as session:
            channel = a_desk_channel(session, slug)
            for title in titles:
                a_topic(
                    session, channel, title_original=title, title_normalized=normalize_title(title),
                    content_hash=hashed(title), published_at=NINE_IN_SEOUL,
                )  # fmt: skip
            tellings = tellings_since(session, channel.id, NINE_IN_SEOUL)
        open_vectors(store, embedder)
        remember_vectors(store, channel.id, tellings, np.asarray(embedder.embed([each.embedded for each in tellings])))

    return tell


def check(sessions, store, embedder):
    return [(one.channel, one.how) for one in repeated_topics(sessions, store, embedder, NINE_IN_SEOUL)]


def test_different_stories_pass(told, sessions, store, embedder):
    told("one", "네이버, 일본서 웹툰 상장 추진", "제주 앞바다 규모 4.9 지진 발생")
    told("other", "네이버, 일본서 웹툰 상장 추진")
    assert check(sessions, store, embedder) == []


def test_one_story_told_twice_by_meaning_is_found(told, sessions, store, embedder):
    told("one", "네이버, 일본서 웹툰 상장 추진", "네이버웹툰 일본 증시 상장 나선다")
    assert check(sessions, store, embedder) == [("one", "same meaning")]


def test_a_hash_that_is_not_that_of_its_title_is_found(told, sessions, store, embedder):
    told("one", "네이버, 일본서 웹툰 상장 추진", hashed=lambda title: hashlib.sha256(title.encode()).hexdigest())
    assert check(sessions, store, embedder) == [("one", "the hash is not that of the title")]


def test_nothing_told_is_nothing_repeated(sessions, store, embedder):
    assert check(sessions, store, embedder) == []
