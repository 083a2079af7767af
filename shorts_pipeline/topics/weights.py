"""Weights: what each feature of a pair is worth, as `python bench/deduplicate.py --fit` prints them.

Two questions, two logistic models: RELATED, are they about one matter (fitted on tellings of one story against
neighbours from other stories); UNCHANGED, is there nothing new (fitted on tellings of one matter, of one story or not).
"""

RELATED: dict[str, float] = {
    "intercept": -2.318,
    "nearness": 1.015,
    "words": 2.0,
    "words_mean": 0.713,
    "title_words": -1.496,
    "keywords": 1.327,
    "names": 1.307,
    "no_name_shared": -0.441,
    "no_title_name_shared": -0.637,
    "figures": 2.262,
    "concepts": 0.088,
    "concepts_share": 2.705,
    "concepts_across": 3.625,
    "without_lead": -0.109,
    "across": 2.25,
    "english": 1.915,
}
UNCHANGED: dict[str, float] = {
    "intercept": 0.829,
    "nearness": 0.872,
    "words": 4.252,
    "words_mean": 2.093,
    "title_words": -1.033,
    "title_words_both": -5.453,
    "title_words_alone": -0.26,
    "frame": -1.191,
    "frame_refilled": -3.403,
    "title_letters": -5.002,
    "keywords": 1.697,
    "opposites": -2.939,
    "names": 0.18,
    "no_name_shared": -0.843,
    "no_title_name_shared": -0.565,
    "figures": 0.822,
    "figures_differ": -0.035,
    "title_figures_differ": -1.735,
    "magnitude_differs": -2.534,
    "new_title_figures": -0.688,
    "same_day": 0.635,
    "other_day": -1.121,
    "looks_back": 3.179,
    "concepts": 0.127,
    "concepts_share": 1.999,
    "concepts_across": 2.575,
    "new_steps": -0.234,
    "steps_apart": -1.842,
    "follows": 0.502,
    "follows_later": -1.057,
    "hours": -0.716,
    "hours_across": -0.789,
    "without_lead": 0.858,
    "across": -1.116,
    "english": 2.281,
}
# From this product of the two on, two tellings are one story.
LEAST = 0.4
