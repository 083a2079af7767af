import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shorts_pipeline.database.documents.operation_config import ReviewSettings
from shorts_pipeline.review.risk import Findings, OwnWords, assess, read_word_list, sensitive_words

CHECKED = {"similarity": 0.1, "unverified": ()}


def test_harmless_text_with_every_check_made_has_no_risk():
    risk = assess(Findings("반도체 수출이 석 달째 늘었습니다.", "ko", **CHECKED))
    assert risk.score == 0
    assert risk.reasons == ()


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("흉기를 든 남성이 체포됐습니다.", "ko", "흉기"),
        ("온라인도박이 아니라 온라인 도박 사이트 운영진", "ko", "온라인 도박"),
        ("The suspects were charged with murdering two men.", "en", "murdering"),
        ("He was accused of lying.", "en", "accused of"),
    ],
)
def test_sensitive_words_are_found_and_named(text, language, word):
    risk = assess(Findings(text, language, **CHECKED))
    assert risk.score > 0
    assert word in risk.reasons[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("시장 골목의 마약김밥이 인기입니다.", "ko"),
        ("살인적인 더위가 이어집니다.", "ko"),
        ("A shooting star crossed the sky.", "en"),
        ("The grape harvest is late; therapists agree.", "en"),
    ],
)
def test_harmless_phrases_that_contain_a_sensitive_word_pass(text, language):
    assert assess(Findings(text, language, **CHECKED)).score == 0


@pytest.mark.parametrize(
    ("text", "language", "own", "found"),
    [
        ("경쟁사인 누리전자의 새 폰이에요.", "ko", OwnWords(("누리전자",)), "누리전자"),
        ("Our rival Nuri ships it.", "en", OwnWords(("nuri",)), "nuri"),
        ("A nurishing meal.", "en", OwnWords(("nuri",)), ""),
        ("A nurishing meal.", "en", OwnWords(("nuri*",)), "nurishing"),
        ("Say #ad first.", "en", OwnWords(("#ad",)), "#ad"),
        ("Ein Wort von Nuri.", "de", OwnWords(("Nuri",)), "nuri"),
        ("누리전자 팬 모임이에요.", "ko", OwnWords(("누리전자",), ("누리전자 팬",)), ""),
    ],
)
def test_a_channel_adds_its_own_words_and_exceptions(text, language, own, found):
    reasons = assess(Findings(text, language, own=own, **CHECKED)).reasons
    assert [reason for reason in reasons if "own" in reason] == (
        [f"sensitive (the channel's own): {found}"] if found else []
    )


def test_a_channel_may_call_harmless_what_the_shipped_list_names():
    text = "총격 게임의 새 판이에요."
    assert assess(Findings(text, "ko", **CHECKED)).score > 0
    assert assess(Findings(text, "ko", own=OwnWords(harmless=("총격 게임",)), **CHECKED)).score == 0


@pytest.mark.parametrize("word", ["*", " * "])
def test_a_word_that_stands_for_all_is_refused(word):
    with pytest.raises(ValidationError, match="how the word begins"):
        ReviewSettings(sensitive_words=(word,))


def test_a_check_that_could_not_be_made_is_a_risk():
    made = assess(Findings("조용한 소식", "ko", **CHECKED))
    not_made = assess(Findings("조용한 소식", "ko", similarity=None, unverified=None, not_checked=("the voice",)))
    assert made.score == 0
    assert not_made.score > 40
    assert len(not_made.reasons) == 3
    assert all("not checked" in reason for reason in not_made.reasons)


def test_a_language_without_a_list_is_a_risk():
    assert assess(Findings("Une bonne nouvelle", "fr", **CHECKED)).reasons == (
        "sensitive words were not checked: no list for language “fr”",
    )


def test_a_language_code_is_never_a_path():
    assert sensitive_words("../ko") is None


def test_a_near_repeat_an_unverified_claim_and_quality_issues_add_up():
    risk = assess(
        Findings("새 소식", "ko", quality_issues=("too long",), similarity=0.95, too_similar=0.9, unverified=("42%",))
    )
    assert risk.score == pytest.approx(100 * (1 - 0.5 * 0.7 * 0.85), abs=0.1)
    assert [reason.split(" ")[0] for reason in risk.reasons] == ["nearly", "not", "quality:"]


@given(
    st.lists(st.text(min_size=1, max_size=5), max_size=30),
    st.lists(st.text(min_size=1, max_size=5), max_size=30),
    st.one_of(st.none(), st.floats(0, 1)),
)
def test_risk_stays_in_range_and_never_falls_when_a_doubt_is_added(issues, claims, similarity):
    before = assess(Findings("소식", "ko", tuple(issues), similarity, 0.9, tuple(claims)))
    after = assess(Findings("소식", "ko", (*issues, "one more"), similarity, 0.9, tuple(claims)))
    assert 0 <= before.score <= after.score <= 100


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_shipped_lists_are_whole(language):
    listed = sensitive_words(language)
    assert listed is not None
    assert len(listed.words) > 30
    assert all(0 < word.weight < 1 and word.subject for word in listed.words)


def test_a_list_is_a_section_a_word_a_line_and_exceptions():
    listed = read_word_list(["# note", "[money 0.3]", "jackpot*", "-jackpot film"], within_words=False)
    assert [(word.subject, word.weight) for word in listed.words] == [("money", 0.3)]
    assert listed.words[0].pattern.search("two jackpots")
    assert listed.harmless is not None
