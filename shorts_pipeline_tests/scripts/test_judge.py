from dataclasses import replace

import pytest

from shorts_pipeline.scripts.brief import Fault
from shorts_pipeline.scripts.extractive import ExtractiveWriter
from shorts_pipeline.scripts.facts import figure, names, numbers
from shorts_pipeline.scripts.judge import judge
from shorts_pipeline.scripts.support import unsupported
from shorts_pipeline.scripts.words import found_words
from shorts_pipeline_tests.scripts.stories import BUS, CHIP, MEMORY, ROBOT, a_brief


def judged(told=CHIP, language="ko", change=lambda draft: draft, similarity=0.1, **over):
    brief = a_brief(told, language, **over)
    draft = change(ExtractiveWriter().write(brief))
    return judge(draft, brief, similarity=similarity)


@pytest.mark.parametrize(("told", "language"), [(CHIP, "ko"), (BUS, "ko"), (MEMORY, "en"), (ROBOT, "en")])
def test_a_good_script_passes_without_risk(told, language):
    report = judged(told, language)
    assert report.passed
    assert report.issues == ()
    assert report.style >= 0.8
    assert report.risk("조용한 소식" if language == "ko" else "quiet news", language).score == 0


def test_endings_of_another_formality_are_off_voice():
    plain = judged(change=lambda draft: replace(draft, body=tuple("값이 크게 올랐다." for _ in range(6))))
    assert Fault.STYLE in plain.faults
    assert not plain.passed


def test_a_hook_that_says_nothing_is_weak():
    report = judged(change=lambda draft: replace(draft, hook=("안녕하세요.",)))
    assert Fault.HOOK in report.faults
    assert any(issue.startswith("hook 0.0") for issue in report.issues)


@pytest.mark.parametrize(
    ("sentence", "found"), [("매출은 77% 늘었어요.", "77 %"), ("구글도 이 칩을 사기로 했어요.", "구글")]
)
def test_a_number_or_name_that_the_source_lacks_is_named(sentence, found):
    report = judged(change=lambda draft: replace(draft, body=(*draft.body, sentence)))
    assert Fault.NOT_IN_SOURCE in report.faults
    assert report.unsupported == (found,)
    assert any("not found in the source" in reason for reason in report.risk("소식", "ko").reasons)


def test_english_names_that_the_source_lacks_are_named():
    report = judged(MEMORY, "en", change=lambda draft: replace(draft, body=(*draft.body, "Even Intel was surprised.")))
    assert report.unsupported == ("Intel",)


def test_too_long_fails_and_too_short_only_says_so():
    long = judged(change=lambda draft: replace(draft, body=draft.body * 3))
    assert Fault.LONG in long.faults
    short = judged(("가온전자가 구미에 배터리 공장을 짓는다", "가온전자가 구미에 배터리 공장을 짓는다."))
    assert short.faults == {Fault.SHORT}
    assert short.passed


def test_avoided_words_are_counted_against_the_channels_limit():
    said = lambda draft: replace(draft, body=(*draft.body, "정말 충격이고 경악이고 대박이에요."))  # noqa: E731
    assert Fault.AVOIDED in judged(change=said).faults
    assert Fault.AVOIDED not in judged(change=said, content={"quality": {"most_avoided_words": 3}}).faults
    assert Fault.AVOIDED in judged(change=said, content={"must_avoid": ["경악"]}).faults


def test_a_repetition_is_a_fault_and_an_unmade_check_a_risk():
    assert Fault.REPEATS in judged(similarity=0.95).faults
    unmade = judged(similarity=None)
    assert unmade.passed
    assert "closeness to earlier content was not checked" in unmade.risk("소식", "ko").reasons


def test_what_must_be_mentioned_is_missed():
    assert Fault.UNMENTIONED in judged(content={"must_mention": ["반려동물"]}).faults


def test_numbers_are_compared_as_values():
    assert numbers("1,200명, 3.50%, 007") == {"1200", "3.5", "7"}
    assert unsupported("1200명이 3.5%", "1,200명 가운데 3.50%", "ko") == []


def test_names_are_proper_nouns_and_inner_capitals():
    assert names("삼성전자가 TSMC를 앞섰다.", "ko") == {"삼성전자", "TSMC"}
    assert names("Yesterday Apple and iFixit met. The OpenAI team's plan. Then I left.", "en") == {
        "Apple",
        "iFixit",
        "OpenAI",
    }


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("매출이 8% 늘어 3조 2000억원이 됐다", "ko", "8%"),
        ("2조4000억원을 들였다", "ko", "2조4000억원"),
        ("In 2024 it raised $45 million", "en", "$45 million"),
        ("Twelve people", "en", None),
        ("2026년 첫 소식", "ko", None),
    ],
)
def test_a_figure_comes_with_what_it_counts(text, language, found):
    assert figure(text, language) == found


def test_words_are_found_whole_in_english_and_with_particles_in_korean():
    assert found_words("An insane price, insanely high", ["insane", "price", "high price"]) == ["insane", "price"]
    assert found_words("충격을 받았다. 헐", ["충격", "헐", "경악"]) == ["충격", "헐"]
    assert found_words("헐값에 팔렸다", ["헐"]) == []


def test_a_person_of_whom_the_story_speaks_badly_is_a_risk_where_the_script_names_them():
    brief = a_brief(CHIP)
    report = judge(ExtractiveWriter().write(brief), brief, similarity=0.0)
    named = report.risk("박서준 대표가 물러나요.", "ko", ["박서준", "김하늘"])
    assert named.reasons == ("quality: speaks badly of a person: 박서준",)
    assert named.score > report.risk("대표가 물러나요.", "ko", ["박서준"]).score
