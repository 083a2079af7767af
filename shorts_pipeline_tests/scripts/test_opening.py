import pytest

from shorts_pipeline.scripts.brief import Fault
from shorts_pipeline.scripts.extractive import ExtractiveWriter
from shorts_pipeline.scripts.judge import judge
from shorts_pipeline_tests.scripts.stories import BUS, CHIP, LOAN, MEMORY, PRIVACY, ROBOT, a_brief

STORIES = [(CHIP, "ko"), (LOAN, "ko"), (BUS, "ko"), (MEMORY, "en"), (PRIVACY, "en"), (ROBOT, "en")]


def written(told, language="ko", **over):
    brief = a_brief(told, language, **over)
    draft = ExtractiveWriter().write(brief)
    return draft, judge(draft, brief, similarity=None)


@pytest.mark.parametrize(("told", "language"), STORIES)
def test_a_script_begins_with_what_happened_and_passes_its_judge(told, language):
    draft, report = written(told, language)
    assert report.hook >= 0.8
    assert report.passed, report.issues
    stated = [claim for claim in draft.claims if claim.sentence in draft.hook]
    assert stated
    assert all(claim.source in f"{told[0]} {told[1]}" for claim in stated)


def test_what_the_hook_says_is_not_told_again():
    style = {"openings": ("{fact} 소식, 들으셨나요?",)}
    draft, _ = written(BUS, style=style, story={"title": "심야버스"})
    lead = "누적 이용객이 운행 1년 만에 10만 명을 넘었다는 소식, 들으셨나요?"
    assert draft.hook[0].endswith(lead)
    assert not any("10만 명을 넘었" in sentence for sentence in draft.body)


def test_a_story_of_one_sentence_keeps_it_for_the_body():
    draft, _ = written(("심야버스", "서울 자율주행 심야버스 이용객이 10만 명을 넘었다."))
    assert draft.body == ("서울 자율주행 심야버스 이용객이 10만 명을 넘었어요.",)


def test_phrases_that_say_something_go_before_those_that_could_begin_any_video():
    style = {"openings": ("Twenty seconds, one story.", "Okay, look: {fact}.")}
    draft, _ = written(ROBOT, "en", style=style)
    assert draft.hook == ("Okay, look: Startup Hexa raises $45 million for warehouse robots.",)


def test_a_persona_with_empty_phrases_only_still_says_them():
    draft, _ = written(ROBOT, "en", style={"openings": ("Twenty seconds, one story.",)})
    assert draft.hook[0] == "Twenty seconds, one story."
    assert draft.own[0] == "Twenty seconds, one story."


def test_a_persona_without_phrases_begins_with_what_happened():
    assert "소식, 들으셨나요?" in written(LOAN, style={"openings": ()})[0].hook[0]
    english, _ = written(ROBOT, "en", style={"openings": ()})
    assert "$45 million" in english.hook[0]


def test_a_fact_with_a_word_to_avoid_is_not_said():
    style = {"openings": ("{fact}.", "{keyword}: here is what happened."), "avoided_words": ("raises",)}
    assert "raises" not in written(ROBOT, "en", style=style)[0].text


def test_each_try_after_a_weak_hook_begins_otherwise():
    tries = [
        written(ROBOT, "en", attempt=number, faults=frozenset({Fault.HOOK} if number > 1 else ()))[0].hook
        for number in (1, 2, 3)
    ]
    assert len(set(tries)) == 3
