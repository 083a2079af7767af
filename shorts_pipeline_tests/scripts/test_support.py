import pytest

from shorts_pipeline.scripts.support import unsupported

KOREAN = (
    "가온전자는 3일 전라남도 나주에 1조 2천억원을 들여 공장을 짓는다고 밝혔다. 지난해보다 38.6% 늘어난 금액이다. "
    "안테나 값 45만원의 80%를 도가 댄다. 직원은 9,640명이고 12개월 동안 세 곳을 더 짓는다."
)
ENGLISH = (
    "Kuulo, founded in 1981 in Poland, lowers its price from 12 euros to 9 euros. 88% of 1,200 users agreed, and "
    "errors rose from 4.1% to 5.6%. The app keeps notes for 48 hours; Ford sold 5,830 cars."
)


@pytest.mark.parametrize(
    "said",
    [
        "1.2조원짜리 공장이에요.",
        "작년보다 39퍼센트쯤 늘었죠.",
        "전남 나주에 들어서요.",
        "주민은 9만원만 내면 돼요.",
        "직원이 9천6백 명쯤이에요.",
        "1년 동안 세 곳을 더 지어요.",
        "열에 여덟은 도가 내요.",
    ],
)
def test_a_figure_or_name_said_otherwise_is_no_invention(said):
    assert unsupported(said, KOREAN, "ko") == []


@pytest.mark.parametrize(
    "said",
    [
        "It's three euros cheaper.",
        "Nearly nine in ten said yes.",
        "The Poles keep your notes for two days.",
        "It began 45 years ago.",
        "Almost six thousand Fords were sold.",
        "One of ten ideas, and a Polish one.",
    ],
)
def test_reckoning_and_inflection_are_no_invention(said):
    assert unsupported(said, ENGLISH, "en") == []


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("3조원짜리 공장이에요.", ["3e+12 won"]),
        ("베트남에도 지어요.", ["베트남"]),
        ("직원이 9만 명이에요.", ["90000 people"]),
        ("포스코퓨처엠이랑 함께 지어요.", ["포스코퓨처엠"]),
    ],
)
def test_what_the_source_lacks_is_named(said, named):
    assert unsupported(said, KOREAN, "ko") == named


def test_a_foreign_name_or_figure_is_named_in_english_too():
    assert unsupported("Users in Sweden pay 19 euros, says Samsung.", ENGLISH, "en") == ["19 euro", "Samsung", "Sweden"]
