import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.scripts.spoken_english import LONG_WORDS, contracted, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It is not ready.", "It isn't ready."),
        ("They are going to wait.", "They're going to wait."),
        ("Users have been told, and they cannot refuse.", "Users have been told, and they can't refuse."),
        ("The company will not say.", "The company won't say."),
        ("Do not unplug it.", "Don't unplug it."),
        ("It is the first increase since 2009.", "It's the first increase since 2009."),
    ],
)
def test_a_sentence_is_contracted_as_one_says_it(written, said):
    assert contracted(written) == said


@pytest.mark.parametrize(
    "written",
    ["We know what it is.", "They have a plan.", "That is.", "Who is it?", "Whether they are or not.", "It has four."],
)
def test_where_speech_does_not_contract_nothing_is_contracted(written):
    assert contracted(written) == written


def test_what_somebody_said_stays_as_it_was_said():
    assert contracted('"It is not true," she wrote, and it is not.') == '"It is not true," she wrote, and it isn\'t.'


LONG = "Contract prices for memory rose 8.4 percent in the first quarter of the year and will rise again by summer"


@pytest.mark.parametrize(
    ("tail", "who"),
    [
        (", according to market researcher Parallax.", "market researcher Parallax"),
        (", Parallax said on Monday.", "Parallax"),
        (", the Gutenberg Museum in Fribourg said on Thursday.", "the Gutenberg Museum in Fribourg"),
    ],
)
def test_who_says_so_is_told_in_a_sentence_of_its_own(tail, who):
    assert spoken(LONG + tail, "casual") == f"{LONG}. That's according to {who}."


def test_a_formal_persona_does_not_contract():
    assert spoken(f"It is not so. {LONG}", "formal") == f"It is not so. {LONG}"
    assert spoken(f"{LONG}, Parallax said.", "formal").endswith("That is according to Parallax.")


@pytest.mark.parametrize(
    "written",
    [
        "Prices rose 8 percent, Parallax said.",
        f"{LONG}, which the company said it regretted.",
        f"{LONG}, and the company said so.",
        f'"{LONG}", Parallax said.',
    ],
)
def test_short_sentences_quotations_and_clauses_stay_whole(written):
    assert spoken(written, "casual") == written


@given(st.text(st.sampled_from("it is not they are have a will 'said, .\"“”cannot"), max_size=80))
def test_anything_can_be_said_and_said_again(text):
    once = contracted(text)
    assert contracted(once) == once
    if len(text.split()) < LONG_WORDS:
        assert spoken(text, "casual") == once
