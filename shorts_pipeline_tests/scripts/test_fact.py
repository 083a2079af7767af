import pytest

from shorts_pipeline.scripts.choose import material
from shorts_pipeline.scripts.fact import LONGEST_SECONDS, facts
from shorts_pipeline_tests.scripts.stories import BUS, CHIP, LOAN, MEMORY, PRIVACY, ROBOT, a_story


def texts(title, text="", language="ko"):
    story = a_story((title, text), language)
    return [fact.text for fact in facts(story, material(story))]


@pytest.mark.parametrize(
    ("title", "fact"),
    [
        ("D램 고정 가격 1분기 8.4% 상승…노트북값도 들썩", "D램 고정 가격 1분기 8.4% 상승"),
        ("'장바구니랩' 정보 유출, 퇴사자 계정이 문이었다", "장바구니랩 정보 유출, 퇴사자 계정이 문이었다는"),
        ("전세대출 금리 넉 달 만에 내렸다", "전세대출 금리 넉 달 만에 내렸다는"),
        ("[속보] 삼성전자, HBM4 양산 돌입", "삼성전자 HBM4 양산 돌입"),
        ("탁구 16세 노하람, 세계 3위 꺾고 국제 대회 4강", "탁구 16세 노하람, 세계 3위 꺾고 국제 대회 4강"),
    ],
)
def test_a_korean_headline_is_said_before_a_noun(title, fact):
    assert texts(title) == [fact]


@pytest.mark.parametrize(
    "title",
    [
        "계란 한 판 7,000원 넘어",
        "통영 섬 분교, 마지막 졸업생 배출하고 도서관으로",
        "집값, 이제 내릴까?",
        "온새로직 '나리 2' 뜯어보기: 4.2와트로 모델을 돌리는 법",
        "지금 http://a.example 에서 무료 코인 출시",
        "속보",
    ],
)
def test_a_korean_headline_that_could_mean_two_things_is_not_said(title):
    assert texts(title) == []


@pytest.mark.parametrize(
    ("title", "fact"),
    [
        ("Memory prices jump 8% as AI servers drain supply", "Memory prices jump 8% as AI servers drain supply"),
        ("Startup Hexa raises $45 million for robots | The Example", "Startup Hexa raises $45 million for robots"),
        ("Halden Silicon to spend $3.4 billion on a plant", "Halden Silicon to spend $3.4 billion on a plant"),
    ],
)
def test_an_english_headline_that_states_something_is_said(title, fact):
    assert texts(title, language="en") == [fact]


@pytest.mark.parametrize(
    "title",
    [
        "Is the foldable phone dead?",
        "10 best laptops for students",
        "Why chips cost more",
        "Review: a phone that folds twice",
        "The week in robots",
        "Visit www.scam.example and claims your prize",
    ],
)
def test_an_english_headline_that_asks_lists_or_lures_is_not(title):
    assert texts(title, language="en") == []


def test_a_headline_in_capitals_is_written_as_a_sentence():
    text = "The maker unveils a chip that halves the cost of every laptop for offices."
    fact = texts("Parallax Unveils a Chip That Halves the Cost of Every Laptop", text, "en")[-1]
    assert fact == "Parallax unveils a chip that halves the cost of every laptop"


@pytest.mark.parametrize(("told", "language"), [(CHIP, "ko"), (LOAN, "ko"), (BUS, "ko"), (MEMORY, "en")])
def test_the_first_sentence_is_a_fact_where_it_is_short(told, language):
    title, text = told
    lead = material(a_story(told, language))[0]
    found = facts(a_story(told, language), material(a_story(told, language)))
    assert found
    assert all(fact.headline or fact.told == lead for fact in found)
    too_long = a_story((title, text.replace(". ", ", ").replace("다. ", "고, ")), language)
    assert all(fact.headline for fact in facts(too_long, material(too_long)))


@pytest.mark.parametrize("told", [PRIVACY, ROBOT])
def test_no_fact_takes_longer_than_a_hook_may(told):
    long = (told[0] + " and many other things that nobody could ever say in one breath of four seconds or less", "")
    assert texts(*long, "en") == []
    assert LONGEST_SECONDS < 8
