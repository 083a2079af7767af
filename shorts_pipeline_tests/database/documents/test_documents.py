"""What the documents say: ranges, presets, and the few questions they answer."""

import pytest
from pydantic import ValidationError

from shorts_pipeline.database.documents import ContentConfig, ItemFilters, OperationConfig, SourceConfig, TopicConfig
from shorts_pipeline.database.documents.topic_config import HALF_LIFE_HOURS, PRESETS, PRESETS_VERSION

SIX = ("source_credibility", "source_score", "freshness", "trend", "relevance", "novelty")


@pytest.mark.parametrize("preset", PRESETS)
def test_the_six_weights_of_a_preset_sum_to_one(preset: str):
    weights = TopicConfig.model_validate({"score": {"preset": preset}}).score.resolved()
    assert sum(getattr(weights, name) for name in SIX) == pytest.approx(1)


def test_an_override_is_scaled_with_the_rest():
    score = TopicConfig.model_validate({"score": {"weights": {"trend": 1, "series_bonus": 20}}}).score
    weights = score.resolved()
    assert sum(getattr(weights, name) for name in SIX) == pytest.approx(1)
    assert weights.trend == pytest.approx(1 / 1.9)
    assert (weights.series_bonus, weights.multi_source_bonus) == (20, PRESETS["news"].multi_source_bonus)


def test_a_score_without_any_weight_is_refused():
    with pytest.raises(ValidationError, match="every weight is 0"):
        TopicConfig.model_validate({"score": {"weights": dict.fromkeys(SIX, 0)}})


def test_the_half_life_is_the_presets_until_the_file_says_another():
    assert TopicConfig().score.half_life_hours == HALF_LIFE_HOURS["news"]
    given = TopicConfig.model_validate({"score": {"preset": "tech", "freshness_half_life_hours": 5}})
    assert given.score.half_life_hours == 5


def test_the_presets_have_a_version():
    assert PRESETS_VERSION == 1


@pytest.mark.parametrize(
    ("categories", "hours"),
    [([], 72), (["gardening"], 72), (["breaking", "evergreen"], 6), (["tech"], 168), (["tech", "mine"], 3)],
)
def test_the_shortest_of_a_topics_categories_counts(categories: list[str], hours: float):
    config = TopicConfig.model_validate({"expiry": {"hours_by_category": {"mine": 3}}})
    assert config.expiry.hours_for(categories) == hours


def test_a_channels_filter_is_laid_over_its_sources():
    own = ItemFilters(least_score=5, keywords=())
    general = ItemFilters(least_score=1, least_comments=2, keywords=("a",))
    assert own.over(general) == ItemFilters(least_score=5, least_comments=2, keywords=())


def test_a_region_that_the_file_does_not_name_keeps_its_weight():
    config = SourceConfig.model_validate({"regions": {"foreign": 0.1}})
    assert [config.region_weight(region) for region in ("domestic", "foreign", "global")] == [1.0, 0.1, 0.9]


def test_hours_allowed_are_whole_hours():
    uploads = OperationConfig.model_validate({"uploads": {"first_hour": 9, "last_hour": 10}}).uploads
    assert [uploads.allows(hour) for hour in (8, 9, 10, 11)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"target_seconds": 181}, "less than or equal to 180"),
        ({"retrieval": {"semantic_weight": 0.9}}, "makes no 1 with keyword_weight"),
        ({"video": {"visuals": ["local"]}}, "without a folder"),
        ({"video": {"visuals": []}}, "at least 1 item"),
        ({"video": {"colours": {"text": "white"}}}, "should match pattern"),
        ({"model": "sk-proj-abcdefghijklmnopqrstuvwx"}, "looks like a secret"),
        ({"must_avoid": ["a\x07b"]}, "control character"),
    ],
)
def test_what_content_cannot_be_is_refused(document: dict[str, object], says: str):
    with pytest.raises(ValidationError, match=says):
        ContentConfig.model_validate(document)


def test_nothing_goes_out_unseen_by_default():
    config = OperationConfig()
    gates = (config.review.topic, config.review.script, config.review.video, config.review.upload)
    assert {gate.mode for gate in gates} == {"manual"}
    assert (config.publish.publish_to, config.publish.privacy) == ("sandbox", "private")
