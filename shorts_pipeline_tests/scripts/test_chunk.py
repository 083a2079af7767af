from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.database import ChunkPosition
from shorts_pipeline.scripts.chunk import MOST_SENTENCES, chunks
from shorts_pipeline.scripts.extractive import ExtractiveWriter
from shorts_pipeline_tests.scripts.stories import BUS, ROBOT, a_brief

SENTENCES = st.lists(
    st.sampled_from(
        [
            "값이 올랐어요.",
            "정말 그럴까요?",
            "예를 들어 버스가 그래요.",
            "“좋다”고 말했어요.",
            "It rose 3.5% in the U.S. market.",
            "What now?",
            "마치 겨울 같아요!",
        ]
    ),
    max_size=12,
)
PARAGRAPHS = st.lists(SENTENCES, max_size=5)


def flat(text):
    return " ".join(text.split())


@given(PARAGRAPHS, st.sampled_from(["ko", "en"]))
def test_no_sentence_is_lost_and_none_is_told_twice(paragraphs, language):
    script = "\n\n".join(" ".join(part) for part in paragraphs)
    cut = chunks(script, language)
    assert " ".join(chunk.text for chunk in cut) == flat(script)
    assert [chunk.index for chunk in cut] == list(range(len(cut)))
    assert all(chunk.text for chunk in cut)


@given(st.text(max_size=200), st.sampled_from(["ko", "en"]))
def test_any_text_is_cut_without_loss(text, language):
    joined = "".join(chunk.text for chunk in chunks(text, language))
    assert "".join(joined.split()) == "".join(text.split())


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
    assert cut[0].text == "Twenty seconds, one story."


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
