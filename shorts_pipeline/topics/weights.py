"""Weights: what each feature of a pair is worth, as `python bench/deduplicate.py --fit` prints them.

Two questions, two logistic models: RELATED, are they about one matter (fitted on tellings of one story against
neighbours from other stories); UNCHANGED, is there nothing new (fitted on tellings of one matter, of one story or not).
"""

RELATED: dict[str, float] = {
    "intercept": -2.775,
    "nearness": 1.08,
    "words": 1.364,
    "words_mean": 0.099,
    "title_words": -0.923,
    "keywords": 0.556,
    "names": 1.201,
    "no_name_shared": -0.483,
    "no_title_name_shared": -0.725,
    "figures": 1.89,
    "concepts_share": 2.801,
    "concepts_across": 3.078,
    "without_lead": -0.083,
    "across": 1.831,
    "english": 1.678,
}
UNCHANGED: dict[str, float] = {
    "intercept": 0.853,
    "nearness": 0.857,
    "words": 4.454,
    "words_mean": 2.364,
    "title_words": -1.164,
    "title_words_both": -5.818,
    "title_words_alone": -0.266,
    "frame": -0.967,
    "frame_refilled": -3.381,
    "title_letters": -5.109,
    "keywords": 1.69,
    "opposites": -2.922,
    "names": 0.151,
    "no_name_shared": -0.9,
    "no_title_name_shared": -0.511,
    "figures": 0.756,
    "figures_differ": -0.092,
    "title_figures_differ": -1.728,
    "magnitude_differs": -2.419,
    "new_title_figures": -0.694,
    "same_day": 0.648,
    "other_day": -1.027,
    "looks_back": 2.549,
    "concepts": 0.15,
    "concepts_share": 2.144,
    "concepts_across": 2.065,
    "new_steps": -0.371,
    "steps_apart": -1.744,
    "follows": 0.551,
    "follows_later": -0.893,
    "hours": -0.694,
    "hours_across": -0.714,
    "without_lead": 0.844,
    "across": -1.158,
    "english": 2.234,
}
# From this product of the two on, two tellings are one story; across languages, where less can be compared, from a
# higher one: a story lost is worse than one told twice.
LEAST = 0.3
LEAST_ACROSS = 0.5
