"""Categories by meaning, on the model that is measured."""

from dataclasses import replace

import pytest

from shorts_pipeline.database.documents import TopicConfig
from shorts_pipeline.topics.categories import Fit, Subjects, completed, fit
from shorts_pipeline.topics.nearness import Nearness

CONFIG = TopicConfig.model_validate(
    {
        "include": {
            "categories": {
                "security": {"weight": 1.2, "keywords": ["hack", "breach", "ransomware", "malware"]},
                "startups": {"weight": 1.0, "keywords": ["startup", "founder", "funding", "seed round"]},
            }
        }
    }
)
SUBJECTS = Subjects.of(CONFIG)


def meant(embedder, title: str) -> str | None:
    return Nearness.of(CONFIG, embedder).clearly(embedder.embed([title])[0])


def test_a_story_without_the_words_is_put_where_it_clearly_belongs(embedder):
    title = "Attackers took over a popular npm package"
    assert not fit(SUBJECTS, title, "").fits
    assert meant(embedder, title) == "security"


@pytest.mark.parametrize("title", ["Sinner beats Draper to reach Wimbledon final", "How to make the perfect sourdough"])
def test_what_belongs_nowhere_is_put_nowhere(embedder, title):
    assert meant(embedder, title) is None


def test_a_model_that_nobody_measured_decides_nothing(embedder):
    nearness = replace(Nearness.of(CONFIG, embedder), thresholds=None)
    assert nearness.clearly(embedder.embed(["Attackers took over a popular npm package"])[0]) is None


def test_words_stay_first_then_a_language_model_then_meaning():
    words = fit(SUBJECTS, "Startup hit by ransomware", "")
    assert completed(words, SUBJECTS, told=("startups",), nearest="startups") is words
    assert completed(Fit(), SUBJECTS, told=("startups", "invented"), nearest="security").categories == ("startups",)
    by_meaning = completed(Fit(), SUBJECTS, told=(), nearest="security")
    assert (by_meaning.categories, by_meaning.weight) == (("security",), pytest.approx(0.6))
    assert completed(Fit(), SUBJECTS, told=(), nearest=None) == Fit()
