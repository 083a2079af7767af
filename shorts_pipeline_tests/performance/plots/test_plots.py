"""Pictures for the UI: drawn for one upload and for hundreds, in letters that are there and can be read."""

import io
import random
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from shorts_pipeline.database.publishing_time import CONFIDENT
from shorts_pipeline.performance.ages import Course
from shorts_pipeline.performance.bands import golden_bands, measured_bands
from shorts_pipeline.performance.plots.age import _draw, usual, views_by_age
from shorts_pipeline.performance.plots.drawing import DOTS_PER_INCH, SIZE_INCHES, as_markdown, short_title
from shorts_pipeline.performance.plots.week import COLOURS, DARK, GOLDEN_COLOURS, heading, luminance, week
from shorts_pipeline.performance.publishing_times import PublishingTimes
from shorts_pipeline_tests.performance.simulated import a_simulated_channel

TITLES = [
    "반도체 수출이 7달 연속 늘었다 — 삼성전자 웃었다",
    "$5 coffee, $10 milk",
    "AI 칩 전쟁 🤖🔥",
    "_밑줄 <긴급>",
    "🤖",
]
# Two screens of the UI may not weigh more than a photograph: the picture is stored with every run.
MOST_BYTES = 100_000


@pytest.fixture(autouse=True)
def _no_missing_letter() -> Iterator[None]:
    """matplotlib draws a box for a letter that it lacks, and warns."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        yield


def a_course(number: int, days: int, scale: float = 1000.0) -> Course:
    each = scale * random.Random(number).lognormvariate(0, 1)
    return Course(TITLES[number % len(TITLES)], tuple(each * (1 - 0.6**day) for day in range(1, days + 1)))


@pytest.mark.parametrize(
    "courses",
    [
        [],
        [Course("아직", ())],
        [a_course(0, 1)],
        [a_course(number, 7 - number) for number in range(7)],
        [a_course(number, min(28, 500 - number)) for number in range(500)],
        [a_course(number, 28, 10**9 if number == 4 else 10) for number in range(5)],
        [Course("없음", (0.0,) * 5)] * 5,
    ],
    ids=["none", "not reported", "one", "a week", "hundreds", "viral", "unseen"],
)
def test_views_by_age_are_drawn_whatever_there_is(courses: list[Course]):
    png = views_by_age(courses)
    picture = Image.open(io.BytesIO(png))
    assert picture.size == (round(SIZE_INCHES[0] * DOTS_PER_INCH), round(SIZE_INCHES[1] * DOTS_PER_INCH))
    assert picture.convert("L").getextrema()[0] < 128
    assert len(png) < MOST_BYTES


def test_the_same_courses_are_in_the_band_at_every_age():
    """With the young ones in it only as far as they go, the median of growing views fell."""
    old, young = [a_course(n, 28, 10) for n in range(6)], [a_course(n, 3, 10**5) for n in range(5)]
    band, of_how_many = usual(old + young)
    assert (len(band), of_how_many) == (28, 6)
    medians = [middle for _, middle, _ in band]
    assert medians == sorted(medians)
    assert all(low <= middle <= high for low, middle, high in band)
    assert band[27][1] == pytest.approx(np.median([course.views[27] for course in old]))


def test_a_few_courses_have_no_band():
    assert usual([a_course(n, 28) for n in range(3)]) == ([], 0)


def test_a_title_in_a_legend_is_short_and_in_letters_that_the_font_has():
    assert short_title(TITLES[0]).endswith("…")
    assert short_title(TITLES[2]) == "AI 칩 전쟁"
    assert short_title(TITLES[1]) == r"\$5 coffee, \$10 milk"
    assert short_title(TITLES[3]) == " _밑줄 <긴급>"
    assert short_title("🤖") == ""


def test_every_course_that_is_drawn_is_named():
    """A title that begins with an underscore was drawn and not named."""
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    _draw(axes, [Course(title, (1.0, 2.0)) for title in TITLES], len(TITLES))
    assert len(axes.get_legend().get_texts()) == 2 + len(TITLES)


def test_the_week_says_what_it_rests_on():
    published = a_simulated_channel(random.Random(3), better=18, count=400)
    bands = tuple(measured_bands(published))
    assert max(band.confidence for band in bands) >= CONFIDENT
    measured = PublishingTimes("one", bands, 400, measured=True, timezone="Asia/Seoul", by_weekday={(0, 18): 7})
    golden = PublishingTimes("one", tuple(golden_bands((7, 12))), 4, timezone="America/New_York")
    assert heading(measured) == "Score of 400 uploads by hour of publication (Asia/Seoul)"
    assert heading(golden) == "Golden hours stand in: 4 of 10 uploads measured (America/New_York)"
    for times in (measured, golden):
        assert len(week(times)) < MOST_BYTES
    assert week(measured) == week(measured)


@pytest.mark.parametrize("colours", [COLOURS, GOLDEN_COLOURS])
def test_numbers_can_be_read_on_every_colour(colours: str):
    from matplotlib import colormaps

    for share in np.linspace(0, 1, 101):
        behind = luminance(colormaps[colours](share))
        contrast = 1.05 / (behind + 0.05) if behind < DARK else (behind + 0.05) / 0.05
        assert contrast >= 4.5


def test_a_picture_is_a_line_of_markdown():
    assert as_markdown(b"png", "views") == "![views](data:image/png;base64,cG5n)"
