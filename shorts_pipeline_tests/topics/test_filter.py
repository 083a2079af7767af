from datetime import timedelta
from typing import Any

import pytest

from shorts_pipeline.database import SourceType
from shorts_pipeline.database.documents import ItemFilters, TopicConfig
from shorts_pipeline.topics.categories import Fit, Subjects, fit
from shorts_pipeline.topics.filter import Sieve, Verdict, passes_channel, passes_source
from shorts_pipeline.topics.vocabulary import Vocabulary
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.topics.stories import heard


def verdict(text: str, categories: tuple[str, ...] = (), **config: Any) -> Verdict:
    sieve = Sieve.of(TopicConfig.model_validate(config))
    return passes_channel(sieve, text, fit(sieve.subjects, text, "", source_categories=categories), categories)


def test_latin_words_match_as_words_and_hangul_anywhere():
    words = Vocabulary.plain(["AI", "반도체", "open source"])
    assert words.found("FAIR play said the HAIR") == ()
    assert words.found("차세대반도체를 AI가") == ("반도체", "AI")
    assert words.found("Open  Source wins") == ("open source",)


def test_plurals_and_possessives_are_the_word():
    assert Vocabulary.plain(["chip", "Nvidia"]).found("Nvidia's chips") == ("Nvidia", "chip")


def test_a_word_may_stand_for_several_names():
    words = Vocabulary.of([("칩", "반도체"), ("칩", "감자칩")])
    assert words.found("새 칩") == ("반도체", "감자칩")


def test_no_words_match_nothing():
    assert Vocabulary.plain([]).found("anything") == ()


@pytest.mark.parametrize(
    ("filters", "metrics", "hours", "reason"),
    [
        ({"least_score": 10}, {"score": 9}, 1, "score 9 is below 10"),
        ({"least_score": 10}, {"score": 10}, 1, ""),
        ({"least_score": 10}, {}, 1, ""),
        ({"least_comments": 5}, {"comments": 0}, 1, "comments 0 is below 5"),
        ({"greatest_age_hours": 24}, {}, 30, "30 hours old, above 24"),
        ({"greatest_age_hours": 24}, {}, 23, ""),
        ({"keywords": ["반도체"]}, {}, 1, "none of the source's keywords appears"),
        ({"excluded_keywords": ["날씨"]}, {}, 1, "excluded word of the source: 날씨"),
    ],
)
def test_source_filters_say_why_they_drop(filters, metrics, hours, reason):
    item = heard("오늘 날씨", metrics=metrics, told_at=NINE_IN_SEOUL - timedelta(hours=hours))
    found = passes_source(item, "오늘 날씨", ItemFilters.model_validate(filters), NINE_IN_SEOUL)
    assert found == Verdict(not reason, reason)


def test_a_term_people_search_for_is_no_story():
    item = heard("손흥민")
    trend = type(item)(**{**vars(item), "source": type(item.source)(**{**vars(item.source), "type": SourceType.TREND})})
    assert not passes_source(trend, "손흥민", ItemFilters(), NINE_IN_SEOUL).kept


def test_a_channel_without_a_list_takes_everything():
    assert verdict("무엇이든") == Verdict(True)


def test_what_fits_nothing_is_outside():
    include = {"categories": {"ai": {"keywords": ["인공지능"]}}, "keywords": {"삼성전자": {"synonyms": ["Samsung"]}}}
    assert verdict("오늘 날씨", include=include) == Verdict(False, "outside the channel's subjects")
    assert verdict("인공지능이 온다", include=include).kept
    assert verdict("Samsung posts profit", include=include).kept


def test_a_source_of_a_category_brings_its_items_into_it():
    include = {"categories": {"ai": {"keywords": ["인공지능"]}}}
    assert verdict("새 모델 공개", ("ai",), include=include).kept


def test_exclusion_wins_over_inclusion_and_knows_synonyms():
    include = {"keywords": {"코인": {"synonyms": ["가상자산"]}, "은행": {}}}
    assert verdict("은행이 가상자산을 연다", include=include, exclude={"keywords": ["코인"]}) == Verdict(
        False, "excluded word: 가상자산"
    )


def test_an_excluded_category_drops_by_its_source_and_by_its_words():
    include = {"categories": {"연예": {"keywords": ["배우"]}}}
    assert verdict("배우 결혼", include=include, exclude={"categories": ["연예"]}).reason == "excluded category: 연예"
    assert verdict("새 소식", ("sports",), exclude={"categories": ["Sports"]}).reason == "excluded category: sports"


@pytest.mark.parametrize(
    ("text", "joined", "then", "kept", "review"),
    [
        ("코인 급등", "and", "reject", False, False),
        ("코인 소식", "and", "reject", True, False),
        ("코인 소식", "or", "reject", False, False),
        ("코인 소식", "or", "review", True, True),
        ("코인 소식", "or", "allow", True, False),
    ],
)
def test_conditional_rules_join_words_and_decide(text, joined, then, kept, review):
    found = verdict(text, rules=[{"keywords": ["코인", "급등"], "joined": joined, "then": then, "reason": "rule"}])
    assert (found.kept, found.review) == (kept, review)


def test_the_first_rule_that_matches_counts():
    rules = [{"keywords": ["코인"], "then": "allow"}, {"keywords": ["급등"], "then": "reject"}]
    assert verdict("코인 급등", rules=rules).kept


def test_allowed_is_allowed_whatever_is_excluded():
    rules = [{"keywords": ["반도체"], "then": "allow"}]
    assert verdict("반도체 광고", rules=rules, exclude={"keywords": ["광고"]}).kept
    assert not verdict("반도체 광고", exclude={"keywords": ["광고"]}).kept


def test_a_sieve_open_to_all_still_knows_the_subjects():
    config = TopicConfig.model_validate(
        {
            "include": {"keywords": {"AI": {}}},
            "exclude": {"keywords": ["광고"]},
            "rules": [{"keywords": ["a"], "then": "reject"}],
        }
    )
    sieve = Sieve.open_to_all(config)
    assert passes_channel(sieve, "a 광고", Fit()).kept
    assert fit(sieve.subjects, "AI", "").keywords == ("AI",)


def subjects(**include: Any) -> Subjects:
    return Subjects.of(TopicConfig.model_validate({"include": include}))


def test_the_title_weighs_more_than_the_text():
    known = subjects(categories={"ai": {"keywords": ["인공지능"]}, "chips": {"keywords": ["반도체"]}})
    assert fit(known, "반도체 소식", "인공지능 이야기").categories == ("chips", "ai")


def test_a_subcategorys_words_belong_to_its_category():
    known = subjects(categories={"ai": {"subcategories": {"robot": {"keywords": ["로봇"]}}}})
    assert fit(known, "로봇이 온다", "").categories == ("ai",)


def test_meaning_only_breaks_a_tie():
    known = subjects(categories={"ai": {"keywords": ["로봇"]}, "work": {"keywords": ["로봇"]}})
    assert fit(known, "로봇", "", closeness={"work": 0.9, "ai": 0.8}).categories == ("work", "ai")
    assert fit(known, "로봇", "").categories == ("ai", "work")


def test_weights_of_the_channel_count():
    known = subjects(
        categories={"ai": {"keywords": ["로봇"], "weight": 0.5}, "work": {"keywords": ["회사"], "weight": 2}}
    )
    assert fit(known, "로봇 회사", "").categories == ("work", "ai")
