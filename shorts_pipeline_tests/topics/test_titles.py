import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.topics.titles import LONGEST_TITLE, clean_title, content_hash, headline, normalize_title


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("[속보] 삼성전자, 영업이익 10조원 돌파(종합)", "삼성전자, 영업이익 10조원 돌파"),
        ("[단독][영상] 카카오 &quot;새 서비스&quot; 공개 (종합2보)", '카카오 "새 서비스" 공개'),
        ("카카오, 새 서비스 공개 - 연합뉴스 : 네이버 뉴스", "카카오, 새 서비스 공개"),
        ("【단독】 벚꽃 개화(2보)", "벚꽃 개화"),
        ("OpenAI launches GPT-6 🚀 | The Verge", "OpenAI launches GPT-6"),
        ("Nvidia’s new chip is here - TechCrunch", "Nvidia’s new chip is here"),
        ("UPDATE 2-Fed cuts rates", "Fed cuts rates"),
        ("Show HN: A tiny database", "A tiny database"),
        ("<b>굵은</b> 제목 &amp;amp; 나머지", "굵은 제목 & 나머지"),
        ("코스피 1,234.5 마감 | 매일경제", "코스피 1,234.5 마감"),
        ("속\u200b보\u202e 아닌\u0000 제목", "속보 아닌 제목"),
        # What only looks like a mark or a site stays.
        ("[삼성전자] 실적 발표", "[삼성전자] 실적 발표"),
        ("iPhone 17 review - Good, not great", "iPhone 17 review - Good, not great"),
        ("AI 시대 - 무엇이 달라지나", "AI 시대 - 무엇이 달라지나"),
        ("[속보]", ""),
    ],
)
def test_a_title_loses_what_the_newsroom_hung_on_it(raw, title):
    assert clean_title(raw) == title


LABELLED = [json.loads(line) for line in Path(__file__).with_name("titles.jsonl").read_text("utf-8").splitlines()]
MARKS = [
    "[속보] ",
    "[질문]",
    "(종합2보)",
    " - 연합뉴스",
    " : 네이버 뉴스",
    " (20)",
    " [132]",
    "r/rust: ",
    "[OC] ",
    "ㅋㅋㅋ",
    "!!!",
    "…더보기",
]
BROKEN = [
    "&amp;",
    "&lt;b&gt;",
    "<b>",
    "\u200b",
    "🚀",
    "UPDATE 2-",
    "Breaking: ",
    " | Reuters",
    "...",
    "(2019)",
    "C++",
    " ",
    "Fed",
    "칩",
]


@pytest.mark.parametrize("held", [False, True])
def test_labelled_titles_of_newsrooms_and_communities_come_out_clean(held):
    rows = [row for row in LABELLED if row["held"] is held]
    wrong = [(row["raw"], clean_title(row["raw"])) for row in rows if clean_title(row["raw"]) != row["title"]]
    assert len(rows) >= 60
    assert len(wrong) <= 1, wrong


@given(st.lists(st.sampled_from(MARKS + BROKEN) | st.text(max_size=12), max_size=12).map("".join))
def test_cleaning_a_clean_title_changes_nothing(raw):
    once = clean_title(raw)
    assert clean_title(once) == once
    assert len(once) <= LONGEST_TITLE


def test_the_sources_own_name_is_no_part_of_the_story():
    assert clean_title("칩 공개 | 우리동네", site="우리동네") == "칩 공개"
    assert clean_title("칩 공개 | 우리동네") == "칩 공개 | 우리동네"


def test_tellings_that_differ_in_marks_and_punctuation_have_one_hash():
    titles = [
        "[속보] 삼성전자, 10조원 돌파!",
        "삼성전자 10조원 돌파(종합)",
        "삼성전자  10조원… 돌파",
        "삼성전자· 10조원 돌파 - 연합뉴스",
    ]
    assert len({headline(title).content_hash for title in titles}) == 1


def test_signs_that_make_a_difference_stay():
    assert normalize_title("C++ 26 Released!") == "c++ 26 released"
    assert normalize_title("C# 14 Released!") == "c# 14 released"
    assert normalize_title("금리 3.5% → 3.25%") == "금리 3.5% 3.25%"
    assert normalize_title("1,234,567명") == "1234567명"


def test_the_hash_is_the_sha256_of_the_normalised_title():
    assert content_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.text(max_size=120))
def test_any_title_can_be_cleaned_and_cleaning_again_changes_no_hash(raw):
    first = headline(raw)
    assert len(first.title) <= LONGEST_TITLE
    assert not set(first.title) & set("<>\x00\n")
    first.title.encode("utf-8")
    assert normalize_title(first.normalized) == first.normalized


def test_hostile_titles_cost_no_time():
    began = time.perf_counter()
    for raw in (
        "[속보" * 5000,
        "- a " * 5000,
        "<" * 20000,
        "&amp;" * 5000,
        "(종합" * 5000,
        "🚀" * 5000,
        "a | b " * 3000,
    ):
        headline(raw)
    assert time.perf_counter() - began < 1
