import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shorts_pipeline.database import ChunkPosition
from shorts_pipeline.language import sentences
from shorts_pipeline.scripts.chunk import MOST_CHARACTERS, MOST_SENTENCES, chunks
from shorts_pipeline.scripts.cues import kinds
from shorts_pipeline.scripts.extractive import ExtractiveWriter
from shorts_pipeline_tests.scripts.said import labelled
from shorts_pipeline_tests.scripts.stories import BUS, ROBOT, a_brief

TOLD = [
    "값이 올랐어요.",
    "정말 그럴까요?",
    "예를 들어 버스가 그래요.",
    "“좋다”고 말했어요.",
    "“정말 끝났어요. 이제 쉬어요.”라고 했어요.",
    "그래서… 아직 몰라요.",
    "글쎄요...",
    "금리는 3.25%, 환율은 1,380.5원이에요.",
    "자세한 건 https://news.example.com/a?b=1.2&c=3#top 에 있어요!",
    "드디어 나왔어요 🎉🎉",
    "👩‍🚀 우주로 갑니다.",
    "It rose 3.5% in the U.S. market.",
    "“Stop,” she said.",
    "“Now.”",
    "What now?",
    "See www.example.com/v2.0.",
    "Dr. Kim of Apple Inc. agreed…",
    "마치 겨울 같아요!",
    "Nvidia의 새 칩이 Q3에 나와요.",
    "전력을 덜 쓰는 새 칩은 데이터센터와 노트북과 전화기와 자동차에 들어가고 " * 9 + "값은 그대로예요.",
    "The chip, which needs less power than any before it, goes into phones, cars and laptops, " * 6 + "says the firm.",
    "끝이 없는 말",
]
SENTENCES = st.lists(st.sampled_from(TOLD), max_size=12)
# No deadline: whoever needs the Korean analyser first waits for it.
PARAGRAPHS = st.lists(SENTENCES, max_size=5)


def flat(text):
    return " ".join(text.split())


@settings(deadline=None)
@given(PARAGRAPHS, st.sampled_from(["ko", "en"]))
def test_no_sentence_is_lost_and_none_is_told_twice(paragraphs, language):
    script = "\n\n".join(" ".join(part) for part in paragraphs)
    cut = chunks(script, language)
    assert " ".join(chunk.text for chunk in cut) == flat(script)
    assert [chunk.index for chunk in cut] == list(range(len(cut)))
    assert all(chunk.text for chunk in cut)


@settings(deadline=None)
@given(st.lists(st.sampled_from(TOLD), min_size=1, max_size=9, unique=True), st.sampled_from(["ko", "en"]))
def test_each_sentence_is_in_one_piece_and_no_piece_but_a_single_sentence_is_long(told, language):
    cut = chunks("\n\n".join(told), language)
    each = [sentence for paragraph in told for sentence in sentences(paragraph, language)]
    assert all(sum(sentence in chunk.text for chunk in cut) == 1 for sentence in each)
    long = [chunk for chunk in cut if chunk.position is ChunkPosition.BODY and len(chunk.text) > MOST_CHARACTERS]
    assert all(len(sentences(chunk.text, language)) == 1 for chunk in long)


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["ko", "en"]))
def test_any_text_is_cut_without_loss(text, language):
    joined = "".join(chunk.text for chunk in chunks(text, language))
    assert "".join(joined.split()) == "".join(text.split())


@settings(deadline=None)
@given(PARAGRAPHS)
def test_hook_comes_first_conclusion_last_and_once(paragraphs):
    positions = [chunk.position for chunk in chunks("\n\n".join(" ".join(part) for part in paragraphs), "ko")]
    order = [ChunkPosition.HOOK, ChunkPosition.BODY, ChunkPosition.CONCLUSION]
    assert positions == sorted(positions, key=order.index)
    assert positions.count(ChunkPosition.HOOK) <= 1
    assert positions.count(ChunkPosition.CONCLUSION) <= 1


def test_a_script_of_three_paragraphs_says_what_its_parts_are():
    draft = ExtractiveWriter().write(a_brief(BUS))
    cut = chunks(draft.text, "ko")
    assert cut[0].text == " ".join(draft.hook)
    assert cut[-1].text == " ".join(draft.conclusion)
    assert all(chunk.text.count("요.") <= MOST_SENTENCES for chunk in cut)
    assert "버스" in cut[0].keywords


def test_a_script_rewritten_in_one_paragraph_still_has_a_hook_and_a_conclusion():
    draft = ExtractiveWriter().write(a_brief(ROBOT, "en"))
    cut = chunks(flat(draft.text), "en")
    assert [cut[0].position, cut[-1].position] == [ChunkPosition.HOOK, ChunkPosition.CONCLUSION]
    assert cut[0].text == draft.hook[0]


def test_opinions_examples_and_analogies_are_marked_by_their_cue_words():
    korean = chunks("값이 올라서 아쉬워요.\n\n예를 들어 버스가 그래요.\n\n마치 겨울 같네요.", "ko")
    english = chunks("Regulators should act.\n\nFor example, buses did.\n\nThink of it as a second winter.", "en")
    for cut in (korean, english):
        assert [(c.is_opinion, c.is_example, c.is_analogy) for c in cut] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]
    assert not any(c.is_opinion or c.is_example or c.is_analogy for c in chunks("값이 8% 올랐어요.", "ko"))


@pytest.mark.parametrize("unseen", [False, True], ids=["tuned on", "unseen"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_sentences_are_what_a_person_says_they_are(language, unseen):
    given = [(each, flag) for each, flags in labelled(language, unseen=unseen) for flag in flags]
    found = [
        (each, f"is_{kind}")
        for each, _ in labelled(language, unseen=unseen)
        for kind, holds in vars(kinds([each], language)).items()
        if holds
    ]
    right = len(set(found) & set(given))
    assert right / len(found) >= 0.85, sorted(set(found) - set(given))
    assert right / len(given) >= 0.85, sorted(set(given) - set(found))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_kind_alone_is_recognised_too(language):
    told = labelled(language)
    assert len(told) >= 40
    for kind in ("opinion", "example", "analogy"):
        given = {each for each, flags in told if f"is_{kind}" in flags}
        found = {each for each, _ in told if getattr(kinds([each], language), kind)}
        assert len(given & found) / len(found) >= 0.85, (kind, found - given)
        assert len(given & found) / len(given) >= 0.85, (kind, given - found)


def test_what_the_writer_called_a_sentence_goes_before_its_cues():
    said = {"값이 올라서 아쉬워요.": [], "버스가 먼저 달려요.": ["example", "analogy"]}
    cut = chunks("값이 올라서 아쉬워요.\n\n버스가 먼저 달려요.\n\n반가운 소식이에요.", "ko", said)
    assert [(c.is_opinion, c.is_example, c.is_analogy) for c in cut] == [
        (False, False, False),
        (False, True, True),
        (True, False, False),
    ]
