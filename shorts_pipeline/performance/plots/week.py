"""Week plot: a channel's week as a heat map, weekday by hour."""

from collections.abc import Mapping, Sequence
from typing import Any

from shorts_pipeline.database import WeekdayClass
from shorts_pipeline.database.publishing_time import BAND_HOURS, CONFIDENT
from shorts_pipeline.performance.bands import BAND_STARTS, LEAST_SAMPLES, SATURDAY, Band
from shorts_pipeline.performance.plots.drawing import drawn
from shorts_pipeline.performance.publishing_times import PublishingTimes

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# 0.5 is the channel's mean. Shrunk scores lie near it: colours reach at least so far from it, and further where needed.
LEAST_REACH = 0.25
COLOURS = "BrBG"
# Nothing is known to be bad yet: from white.
GOLDEN_COLOURS = "YlOrBr"
# Relative luminance (WCAG 2) below which white letters stand out more than black ones: either way at least 4.5 to 1.
DARK = 0.179


def week(times: PublishingTimes) -> bytes:
    """Colours: the score of the band on that kind of day. Numbers: uploads of that very day and band."""
    return drawn(lambda figure, axes: _draw(figure, axes, times))


def heading(times: PublishingTimes) -> str:
    """What the colours rest on, and in whose hours."""
    if times.measured:
        return f"Score of {times.samples} uploads by hour of publication ({times.timezone})"
    return f"Golden hours stand in: {times.samples} of {LEAST_SAMPLES} uploads measured ({times.timezone})"


def _draw(figure: Any, axes: Any, times: PublishingTimes) -> None:
    bands = {(band.weekday, band.hour): band for band in times.bands}
    rows = [[bands[_kind(day), hour] for hour in BAND_STARTS] for day in range(len(DAYS))]
    image = axes.imshow([[band.score for band in row] for row in rows], aspect="auto", **_colours(times))
    axes.set_title(heading(times), fontsize=10)
    axes.set_xlabel(_legend(times))
    axes.set_xticks(range(len(BAND_STARTS)), [f"{hour:02d}–{hour + BAND_HOURS:02d}" for hour in BAND_STARTS])
    axes.set_yticks(range(len(DAYS)), DAYS)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for day, row in enumerate(rows):
        for place, band in enumerate(row):
            _draw_cell(axes, image, day, place, band, times.by_weekday)
    bar = figure.colorbar(image, ax=axes, pad=0.02)
    bar.set_label("score (0.5: the channel's mean)" if times.measured else "golden hours, the first one darkest")
    bar.outline.set_visible(False)


def _colours(times: PublishingTimes) -> dict[str, Any]:
    if not times.measured:
        return {"cmap": GOLDEN_COLOURS, "vmin": 0.0, "vmax": 1.0}
    reach = max(LEAST_REACH, *(abs(band.score - 0.5) for band in times.bands))
    return {"cmap": COLOURS, "vmin": 0.5 - reach, "vmax": 0.5 + reach}


def _legend(times: PublishingTimes) -> str:
    if not times.measured:
        return "numbers: uploads"
    if any(band.confidence >= CONFIDENT for band in times.bands):
        return f"outlined: luck is unlikely (confidence of {CONFIDENT:.0%} or more); numbers: uploads"
    return "no band stands out beyond luck; numbers: uploads"


def _draw_cell(
    axes: Any, image: Any, day: int, place: int, band: Band, by_weekday: Mapping[tuple[int, int], int]
) -> None:
    from matplotlib.patches import Rectangle

    count = by_weekday.get((day, band.hour), 0)
    axes.text(place, day, str(count) if count else "·", ha="center", va="center", color=_letters(image, band.score))
    if band.confidence >= CONFIDENT:
        axes.add_patch(Rectangle((place - 0.46, day - 0.44), 0.92, 0.88, fill=False, edgecolor="black", linewidth=1.6))


def _letters(image: Any, score: float) -> str:
    return "white" if luminance(image.cmap(image.norm(score))) < DARK else "black"


def luminance(colour: Sequence[float]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2), 0 to 1."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _kind(day: int) -> WeekdayClass:
    return WeekdayClass.WEEKEND if day >= SATURDAY else WeekdayClass.WEEKDAY
