from shorts_pipeline.language import speaking_seconds
from shorts_pipeline.scripts.choose import choose, material
from shorts_pipeline_tests.scripts.stories import BUS, LOAN, a_story


def chosen(story, budget, wanted=bool):
    return [sentence.text for sentence in choose(material(story), story, budget, wanted=wanted)]


def test_the_lead_is_always_told_first():
    for budget in (1, 10, 30, 90):
        assert chosen(a_story(LOAN, "ko"), budget)[0].startswith("시중은행의 전세대출 평균 금리가")


def test_what_is_told_fits_the_time():
    for budget in (15, 20, 30):
        told = chosen(a_story(BUS, "ko"), budget)
        assert sum(speaking_seconds(text, "ko") for text in told) <= budget * 1.08


def test_the_sources_order_is_kept():
    story = a_story(BUS, "ko")
    told = chosen(story, 90)
    assert told == [sentence.text for sentence in material(story) if sentence.text in told]


def test_the_same_said_twice_is_told_once():
    text = "한별반도체가 새 칩의 양산을 시작했다. 한별반도체는 새 칩 양산을 시작했다고 밝혔다. 가격은 공개하지 않았다."
    told = chosen(a_story(("한별반도체 새 칩 양산", text), "ko"), 60)
    assert told == ["한별반도체가 새 칩의 양산을 시작했다.", "가격은 공개하지 않았다."]


def test_a_sentence_that_leans_is_not_told_without_the_one_before():
    text = (
        "Hexa raised money for robots on Monday. The weather was fine in Boston during that whole long announcement, "
        "with a light breeze from the sea. It was praised by visitors."
    )
    story = a_story(("Hexa raises money for robots", text), "en")
    assert chosen(story, 6) == ["Hexa raised money for robots on Monday."]


def test_unwanted_sentences_are_told_only_where_there_are_no_others():
    story = a_story(("새 칩 공개", "새 칩이 대박이라고 했다. 가격은 공개하지 않았다."), "ko")
    wanted = lambda text: "대박" not in text  # noqa: E731
    assert chosen(story, 30, wanted) == ["가격은 공개하지 않았다."]
    only = a_story(("새 칩 공개", "새 칩이 대박이라고 했다."), "ko")
    assert chosen(only, 30, wanted) == ["새 칩이 대박이라고 했다."]
