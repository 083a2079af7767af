"""Shown: the pictures and tables that the UI shows of a channel, as Markdown by name; none of a channel left alone."""

from shorts_pipeline.performance.plots.age import views_by_age
from shorts_pipeline.performance.plots.drawing import as_markdown
from shorts_pipeline.performance.plots.week import week
from shorts_pipeline.performance.publishing_times import PublishingTimes
from shorts_pipeline.performance.totals import Totals


def shown_totals(totals: Totals) -> dict[str, str]:
    """Views by age, the trend at equal age, the newest uploads and the best ones."""
    if totals.skipped is not None:
        return {}
    return {
        "views_by_age": as_markdown(views_by_age(totals.ages.courses), "views by age"),
        "trend_at_equal_age": totals.ages.trends_as_markdown(),
        "newest": totals.ages.newest_as_markdown(),
        "best": totals.best_as_markdown(),
    }


def shown_times(times: PublishingTimes) -> dict[str, str]:
    """The week as a heat map."""
    if times.skipped is not None:
        return {}
    return {"week": as_markdown(week(times), "score by weekday and hour")}
