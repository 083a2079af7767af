"""Plots for the UI: views by age, the week as a heat map. PNG bytes out; no reading of tables here."""

import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from shorts_pipeline.database import WeekdayClass
from shorts_pipeline.performance.bands import BAND_HOURS, BAND_STARTS, Band

SIZE_INCHES = (6.0, 2.6)
# Kept small: the picture is stored with every run.
DOTS_PER_INCH = 72
AGES_SHOWN = 35


def views_by_age(means: Sequence[float]) -> bytes:
    """Mean views of a short on the day it went public, the day after, …."""
    figure, axes = _figure()
    shown = list(means)[:AGES_SHOWN]
    axes.bar(range(len(shown)), shown, color="#1d4ed8")
    axes.set_xlabel("days since publication")
    axes.set_ylabel("mean views a day")
    return _png(figure)


def week(bands: Sequence[Band], timezone: str) -> bytes:
    """Score of every band of weekdays and weekends; the number is how many shorts it rests on."""
    figure, axes = _figure()
    cells = {(band.weekday, band.hour): band for band in bands}
    kinds = list(WeekdayClass)
    rows = [[_score(cells, kind, hour) for hour in BAND_STARTS] for kind in kinds]
    axes.imshow(rows, vmin=0, vmax=1, cmap="viridis", aspect="auto")
    axes.set_xticks(range(len(BAND_STARTS)), [f"{hour:02d}–{hour + BAND_HOURS:02d}" for hour in BAND_STARTS])
    axes.set_yticks(range(len(kinds)), [kind.value for kind in kinds])
    axes.set_xlabel(timezone)
    for row, kind in enumerate(kinds):
        for column, hour in enumerate(BAND_STARTS):
            band = cells.get((kind, hour))
            axes.text(column, row, str(band.samples if band else 0), ha="center", va="center", color="white")
    return _png(figure)


def as_markdown(png: bytes, described: str) -> str:
    """The picture in a line of Markdown, for a run's metadata."""
    return f"![{described}](data:image/png;base64,{b64encode(png).decode()})"


def _score(cells: dict[tuple[WeekdayClass, int], Band], kind: WeekdayClass, hour: int) -> float:
    band = cells.get((kind, hour))
    return band.score if band else 0.0


def _figure() -> tuple[Any, Any]:
    # Never pyplot: it keeps every figure and looks for a screen.
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    return figure, figure.subplots()


def _png(figure: Any) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    made = io.BytesIO()
    FigureCanvasAgg(figure).print_png(made)
    return made.getvalue()
