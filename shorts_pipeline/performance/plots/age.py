"""Age plot: how a channel's views grow with age, and the newest uploads drawn against that."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any

from shorts_pipeline.performance.ages import Course
from shorts_pipeline.performance.equal_age import AGES, OLDEST_AGE
from shorts_pipeline.performance.plots.drawing import drawn, short_title

NEWEST_DRAWN = 5
# Quartiles of fewer say nothing: their courses are drawn themselves.
LEAST_FOR_BAND = 4
TICKS = (*AGES[:3], 14, 21, OLDEST_AGE)
EVERY_DAY_UP_TO = 10
# From here on the largest course would press all the others flat.
LOGARITHMIC_FROM = 20.0
BAND_COLOUR, MIDDLE_COLOUR = "#c7d2fe", "#3730a3"
NEWEST_COLOURS = ("#dc2626", "#ea580c", "#ca8a04", "#16a34a", "#0891b2")


def views_by_age(courses: Sequence[Course]) -> bytes:
    """Cumulative views by days since publication: median and quartiles, the newest uploads; oldest course first."""
    reached = [course for course in courses if course.views]
    return drawn(lambda _, axes: _draw(axes, reached, len(courses)))


def usual(courses: Sequence[Course]) -> tuple[list[tuple[float, float, float]], int]:
    """Quartiles (lower, median, upper) at 1, 2, … days, and of how many courses.

    Of the same courses at every age, those that reach the age that half of all have: were the young ones in the band
    where they are and missing where they are not, it would rise and fall with who is in it.
    """
    lengths = sorted((len(course.views) for course in courses), reverse=True)
    if len(lengths) < LEAST_FOR_BAND:
        return [], 0
    import numpy as np

    age = lengths[(len(lengths) - 1) // 2]
    long = np.array([course.views[:age] for course in courses if len(course.views) >= age])
    quartiles = np.quantile(long, [0.25, 0.5, 0.75], axis=0).T
    return [(float(low), float(middle), float(high)) for low, middle, high in quartiles], len(long)


def _draw(axes: Any, courses: Sequence[Course], uploads: int) -> None:
    axes.set_xlabel("days since publication")
    axes.set_ylabel("views so far")
    if not courses:
        axes.set_axis_off()
        told = f"{uploads} published" if uploads else "Nothing is published"
        axes.text(0.5, 0.5, f"{told}; no first day is fully reported yet", ha="center", transform=axes.transAxes)
        return
    band, of_how_many = usual(courses)
    if band:
        _draw_band(axes, band, of_how_many)
    newest = list(reversed(courses))[:NEWEST_DRAWN]
    for course, colour in zip(newest, NEWEST_COLOURS, strict=False):
        _draw_course(axes, course, colour)
    _scale(axes, [course.views for course in newest], [middle for _, middle, _ in band])
    axes.set_title(_heading(uploads, len(newest), of_how_many), fontsize=10, loc="left")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=8)


def _heading(uploads: int, newest: int, of_how_many: int) -> str:
    if not of_how_many:
        return f"Views by age: {uploads} published"
    return f"Views by age: the {newest} newest of {uploads} against the channel's usual course"


def _draw_band(axes: Any, band: Sequence[tuple[float, float, float]], of_how_many: int) -> None:
    ages = range(1, len(band) + 1)
    low, middle, high = zip(*band, strict=True)
    marker = "o" if len(band) == 1 else None
    axes.plot(ages, middle, color=MIDDLE_COLOUR, linewidth=2.2, marker=marker, label=f"median of {of_how_many}")
    if len(band) == 1:
        axes.errorbar(1, middle[0], [[middle[0] - low[0]], [high[0] - middle[0]]], color=MIDDLE_COLOUR, capsize=4)
    else:
        axes.fill_between(ages, low, high, color=BAND_COLOUR, linewidth=0, label="middle half of them")


def _draw_course(axes: Any, course: Course, colour: str) -> None:
    ages = range(1, len(course.views) + 1)
    axes.plot(ages, course.views, color=colour, linewidth=1.2, label=short_title(course.title) or "untitled")
    axes.plot(ages[-1:], course.views[-1:], "o", color=colour, markersize=4)


def _scale(axes: Any, newest: Sequence[tuple[float, ...]], middle: Sequence[float]) -> None:
    from matplotlib.ticker import FuncFormatter, NullLocator

    ends = [views[-1] for views in newest] + list(middle[-1:])
    highest = max(ends)
    # What stands at nothing is no reason for a scale without a 0.
    lowest = min((end for end in ends if end > 0), default=highest)
    if lowest > 0 and highest / lowest >= LOGARITHMIC_FROM:
        axes.set_yscale("symlog", linthresh=10.0 ** floor(log10(max(lowest, 1.0))))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylim(0, None if highest >= 1 else 1.0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda views, _: _counted(views)))
    longest = max(len(middle), *(len(views) for views in newest))
    axes.set_xticks([tick for tick in TICKS if tick <= longest] if longest > EVERY_DAY_UP_TO else range(1, longest + 1))
    axes.set_xlim(*((1.0, longest + longest / 50) if longest > 1 else (0.0, 2.0)))
    axes.grid(axis="y", color="#e5e7eb", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)


def _counted(views: float) -> str:
    for size, sign in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if views >= size:
            return f"{views / size:.3g}{sign}"
    return f"{views:g}"
