import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from shorts_pipeline.database import RetrievalView
from shorts_pipeline.errors import Rejected
from shorts_pipeline.language import sentences, speaking_seconds
from shorts_pipeline.scripts.brief import Fault, Retrieved
from shorts_pipeline.scripts.extractive import ExtractiveWriter
from shorts_pipeline.scripts.style import in_manner
from shorts_pipeline.scripts.support import unsupported
from shorts_pipeline_tests.scripts.stories import (
    BUS,
    CHIP,
    KOREAN_STYLE,
    LOAN,
    MEMORY,
    NAMESPACE,
    PRIVACY,
    ROBOT,
    a_brief,
)

STORIES = [(CHIP, "ko"), (LOAN, "ko"), (BUS, "ko"), (MEMORY, "en"), (PRIVACY, "en"), (ROBOT, "en")]
LENGTHS = [15, 20, 30, 45]


def a_draft(told, language="ko", **over):
    return ExtractiveWriter().write(a_brief(told, language, **over))


@pytest.mark.parametrize(("told", "language"), STORIES)
@pytest.mark.parametrize("seconds", LENGTHS)
def test_a_script_reads_well_aloud(told, language, seconds):
    draft = a_draft(told, language, content={"target_seconds": seconds})
    assert draft.hook
    assert draft.body
    assert draft.conclusion
    assert not regex.search(r"[()\[\]<>{}|@#…▶©]|http|기자|무단|[Rr]ead more|newsletter", draft.text)
    assert len(set(draft.sentences)) == len(draft.sentences)
    assert all(regex.search(r"[.!?][\"”’]?$", sentence) for sentence in draft.sentences)
    assert draft.text.count("\n\n") == 2
    assert sentences(draft.text, language) == [s for part in draft.sentences for s in sentences(part, language)]


@pytest.mark.parametrize(("told", "language"), STORIES)
def test_every_number_and_name_is_the_sources(told, language):
    draft = a_draft(told, language, content={"target_seconds": 60})
    stated = " ".join(sentence for sentence in draft.sentences if sentence not in draft.own)
    assert unsupported(stated, f"{told[0]} {told[1]}", language) == []


@pytest.mark.parametrize(("told", "language"), STORIES)
def test_every_statement_keeps_the_sentence_it_rests_on(told, language):
    draft = a_draft(told, language)
    stated = [sentence for sentence in draft.sentences if sentence not in draft.own]
    assert [claim.sentence for claim in draft.claims] == stated
    flat = " ".join(regex.sub(r"<[^>]+>", " ", f"{told[0]} {told[1]}").split())
    assert all(claim.source in flat for claim in draft.claims)


@pytest.mark.parametrize(("told", "language"), STORIES)
@pytest.mark.parametrize("seconds", [20, 30])
def test_a_script_has_about_the_length_that_is_wanted(told, language, seconds):
    draft = a_draft(told, language, content={"target_seconds": seconds})
    assert 0.75 * seconds <= speaking_seconds(draft.text, language) <= 1.2 * seconds


@pytest.mark.parametrize("formality", ["formal", "polite", "casual"])
@pytest.mark.parametrize("told", [CHIP, LOAN, BUS])
def test_every_statement_ends_as_the_persona_speaks(told, formality):
    draft = a_draft(told, style={"formality": formality})
    spoken = KOREAN_STYLE.model_copy(update={"formality": formality})
    body = [claim.sentence for claim in draft.claims if claim.sentence not in draft.hook]
    assert body
    assert all(in_manner(each, spoken, "ko") for each in body)


@pytest.mark.parametrize("opening", ["question", "statement", "statistic", "story"])
@pytest.mark.parametrize(("told", "language"), [(CHIP, "ko"), (MEMORY, "en")])
def test_a_persona_without_phrases_opens_as_the_channel_wants(told, language, opening):
    draft = a_draft(told, language, content={"opening": opening}, style={"openings": (), "closings": ()})
    assert ("?" in draft.hook[0]) == (opening == "question")
    if opening == "statistic":
        assert regex.search(r"\d", draft.hook[0])
    assert "{" not in draft.text


def test_the_particle_fits_the_keyword():
    style = {"openings": ("오늘은 {keyword:을/를} 봅니다.",)}
    draft = a_draft(CHIP, content={"opening": "statement"}, style=style)
    assert draft.hook[0] == "오늘은 한별반도체를 봅니다."


def test_the_same_topic_gives_the_same_script_and_another_one_other_phrases():
    assert a_draft(CHIP) == a_draft(CHIP)
    closings = {a_draft(told).conclusion for told in (CHIP, LOAN, BUS)}
    assert len(closings) > 1


def test_words_that_the_persona_avoids_are_left_out_with_their_sentences():
    told = (CHIP[0], CHIP[1].replace("전용 생산 라인", "대박 생산 라인"))
    assert "대박" not in a_draft(told, content={"target_seconds": 60}).text


def test_a_persona_that_asks_for_nothing_ends_with_the_story():
    draft = a_draft(BUS, style={"call_to_action": "none", "closings": ()})
    assert [claim.sentence for claim in draft.claims][-1] == draft.conclusion[0]


@pytest.mark.parametrize(
    ("article", "language"),
    [
        ("그래픽 카드 한 장에서 모델을 직접 돌려 봤다. 모델은 130억 개의 매개변수를 쓴다.", "ko"),
        ("We tested the model for a week. The model has 13 billion parameters.", "en"),
    ],
)
def test_what_its_author_did_is_not_told_as_if_the_persona_had(article, language):
    title = "바름 모델 공개" if language == "ko" else "Bareum releases a model"
    assert len(a_draft((title, article), language).claims) == 1


def test_a_short_script_ends_with_one_sentence_of_its_own():
    assert len(a_draft(CHIP, content={"target_seconds": 20}).conclusion) == 1
    assert len(a_draft(CHIP, content={"target_seconds": 30}).conclusion) == 2


def test_a_second_try_after_a_weak_hook_begins_otherwise():
    first = a_draft(LOAN)
    second = a_draft(LOAN, attempt=2, faults=frozenset({Fault.HOOK}))
    third = a_draft(LOAN, attempt=3, faults=frozenset({Fault.HOOK}))
    assert len({first.hook[0], second.hook[0], third.hook[0]}) >= 2


def test_a_second_try_after_too_much_says_less():
    long = a_draft(CHIP, content={"target_seconds": 45})
    less = a_draft(CHIP, content={"target_seconds": 45}, attempt=2, faults=frozenset({Fault.LONG}))
    assert len(less.text) < len(long.text)


def a_past_chunk(text, cosine):
    return Retrieved(NAMESPACE, text, RetrievalView.SIMILAR, 1, 0.9, cosine)


def test_a_story_that_goes_on_says_so():
    past = a_past_chunk("한별반도체가 평택 공장을 짓기 시작했어요.", 0.9)
    draft = a_draft(CHIP, retrieved=(past,), related=0.86)
    assert draft.body[0] == "지난번에 다룬 한별반도체 이야기, 이어서 볼게요."


@pytest.mark.parametrize(
    ("text", "cosine"), [("한별반도체가 공장을 지었어요.", 0.8), ("다른 회사가 공장을 지었어요.", 0.95)]
)
def test_what_is_only_a_little_alike_is_not_tied_together(text, cosine):
    draft = a_draft(CHIP, retrieved=(a_past_chunk(text, cosine),), related=0.86)
    assert "지난번" not in draft.text


def test_several_sources_together_fill_the_time():
    story = {"texts": ("한별반도체가 새 칩의 양산을 시작했다고 2일 밝혔다.", CHIP[1])}
    draft = a_draft(CHIP, story=story)
    assert len(draft.claims) >= 3
    assert speaking_seconds(draft.text, "ko") > 22


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("칩", ""),
        ("", ""),
        ("속보", "기자 = "),
        ("반도체", "<div></div>"),
    ],
)
def test_a_story_without_a_sentence_is_refused_with_a_reason(title, text):
    with pytest.raises(Rejected, match="told aloud"):
        a_draft((title, text))


def test_a_headline_alone_is_told_as_a_headline():
    draft = a_draft(("한별반도체, 3나노 칩 양산 시작", ""))
    assert "한별반도체, 3나노 칩 양산 시작, 이런 소식이 전해졌어요." in draft.text


def test_the_summary_serves_where_there_is_no_article():
    draft = a_draft((BUS[0], " "), story={"summary": BUS[1][:120]})
    assert "10만 명을 넘었다는 소식, 들으셨나요?" in draft.text


def test_another_language_needs_a_model_and_says_so():
    with pytest.raises(Rejected, match="only a model can translate"):
        a_draft(MEMORY, "ko", story={"language": "en"})
    with pytest.raises(Rejected, match="Korean and English"):
        a_draft(MEMORY, "fr")


def test_two_languages_mixed_and_a_book_still_give_a_script():
    mixed = CHIP[1] + " The company said it would expand. " + MEMORY[1]
    assert a_draft((CHIP[0], mixed)).claims
    assert speaking_seconds(a_draft((BUS[0], BUS[1] * 400)).text, "ko") < 40


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=40))
def test_odd_sources_give_a_script_or_a_reason(text, title):
    try:
        draft = a_draft((title, text))
    except Rejected:
        return
    assert draft.text.strip()
