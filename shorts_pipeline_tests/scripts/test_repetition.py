from shorts_pipeline.scripts.brief import Draft
from shorts_pipeline.scripts.repetition import TOO_SIMILAR, told_before

EARLIER = (
    "전기차 살 생각이세요? 올해부터 보조금 전액 기준이 5,000만원 미만으로 낮아졌어요. 서울은 지방 보조금이 "
    "60만원이에요. 울릉도는 1,100만원까지 받아요. 오늘도 알뜰하게 살아요."
)


def draft(*body, own=()):
    return Draft((), tuple(body), (), (), "test", own)


def test_the_same_script_in_slightly_other_words_was_told_before():
    again = draft(
        "보조금 전액 기준이 올해 5,000만원 미만으로 낮아졌거든요.",
        "지방 보조금은 서울이 60만원이고요.",
        "울릉도에서는 1,100만원까지 받을 수 있어요.",
    )
    assert told_before(again, [EARLIER], "ko") >= TOO_SIMILAR


def test_another_story_of_the_same_subject_was_not():
    sequel = draft(
        "전기차 보조금이 석 달 만에 바닥났어요.",
        "서울시는 추가 예산 200억원을 편성하기로 했어요.",
        "신청은 9월 1일부터 다시 받아요.",
    )
    assert told_before(sequel, [EARLIER], "ko") < TOO_SIMILAR


def test_the_personas_own_phrases_are_no_repetition():
    own = "오늘도 알뜰하게 살아요."
    assert told_before(draft("새 이야기가 하나 있어요.", own, own=(own,)), [own], "ko") == 0


def test_with_nothing_earlier_nothing_was_told_before():
    assert told_before(draft("무언가 있어요."), [], "ko") == 0
