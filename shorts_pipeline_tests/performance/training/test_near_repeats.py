"""Near repeats: a story told again is seen as one, a persona's own phrases make none."""

import pytest

from shorts_pipeline.performance.training.near_repeats import LEAST_SHARED, Told, groups, near_pairs, shared, shingles
from shorts_pipeline_tests.performance.retold import families


def told(language: str) -> tuple[list[Told], list[int]]:
    """All stories, and the family of each; no two of one topic."""
    found = [(number, title, script) for number, own in enumerate(families(language)) for title, script in own]
    return [Told(place, title, script) for place, (_, title, script) in enumerate(found)], [n for n, *_ in found]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_story_told_again_is_one_family_and_other_stories_in_the_same_voice_are_not(language: str):
    stories, family = told(language)
    pairs = near_pairs(stories)
    assert all(family[i] == family[j] for i, j in pairs)
    together = groups(len(stories), pairs)
    assert [{family[place] for place in own} for own in together] == [{0}, {1}, {2}]


def test_a_voice_that_is_half_of_every_script_makes_no_story_of_another():
    """A long greeting and farewell: by all they say, no two of the channel's scripts could have been told apart."""
    said = "안녕하세요, 오늘의 해설자입니다. 이 소식, 들어 보셨나요? {} 오늘도 함께해 주셔서 고마워요. 내일 또 만나요!"
    stories_told = (
        "커피 한 잔 값이 올랐어요. 브라질에 가뭄이 들었거든요.",
        "프로야구가 돌아왔어요. 첫날부터 표가 다 팔렸어요.",
        "남쪽에 큰비가 내렸어요. 다리 세 곳이 잠겼어요.",
        "새 인공지능 칩이 나왔어요. 전력을 절반만 써요.",
        "여름 전기 요금이 내려요. 누진 구간이 넓어졌어요.",
    )
    scripts = [said.format(one) for one in stories_told]
    assert shared(scripts[0], scripts[1]) > LEAST_SHARED
    stories = [Told(n, f"{n}", script) for n, script in enumerate(scripts)]
    longer = Told(9, "아홉", said.format(f"{stories_told[0]} 동네 카페들은 값을 올릴지 고민해요."))
    assert near_pairs([*stories, longer]) == {(0, 5)}


def test_order_spaces_and_form_of_unicode_make_no_other_script():
    assert shared("반도체 수출이 늘었어요. 커피값이 올랐어요.", "커피값이올랐어요 반도체수출이늘었어요") > LEAST_SHARED
    assert shared("가나다라마바", "가나다라마바".encode().decode()) == 1.0
    assert shared("한국어 대본입니다", "한국어 대본입니다") == 1.0
    assert shared("", "무엇") == 0.0
    assert shingles("네!") == {"네"}


def test_what_is_new_is_compared_with_all_before_it_and_nothing_old_with_old():
    stories = [Told(n, f"{n}", "같은 대본을 세 번 말해요") for n in range(3)]
    assert near_pairs(stories) == {(0, 1), (0, 2), (1, 2)}
    assert near_pairs(stories, since=2) == {(0, 2), (1, 2)}


def test_scripts_of_one_topic_are_near_whatever_they_say():
    assert near_pairs([Told(7, "가", "하나"), Told(7, "나", "둘")]) == {(0, 1)}
    assert near_pairs([Told(7, "", "하나"), Told(8, "", "둘")]) == set()
