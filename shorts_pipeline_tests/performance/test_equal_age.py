"""Equal age: n days are n × 24 hours whatever the hour of publication, and what is not reported is not 0."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shorts_pipeline.performance.days import pacific_day
from shorts_pipeline.performance.equal_age import Counts, Run, percentiles, standings

FOUR_PM = datetime(2026, 2, 2, 0, tzinfo=UTC)  # 16:00 Pacific on February 1: a third of that day is left


def a_run(*views: float, at: datetime = FOUR_PM, number: int = 1) -> Run:
    first = pacific_day(at)
    days = {first + timedelta(days=n): Counts(seen, seen / 10) for n, seen in enumerate(views)}
    return Run(UUID(int=number), f"short {number}", at, days)


def test_the_last_day_counts_by_the_part_that_belongs_to_the_age():
    run = a_run(30, 90, 60)
    assert run.at(1) == Counts(pytest.approx(30 + 60), pytest.approx(9))
    assert run.at(2) == Counts(pytest.approx(30 + 90 + 40), pytest.approx(16))


def test_an_age_whose_days_are_not_all_reported_is_unknown():
    assert a_run(30, 90).at(2) is None
    run = a_run(30, 90, 60, 60, 60)
    assert run.at(3) is not None
    gap = Run(run.upload_id, run.title, run.published_at, {d: c for d, c in run.days.items() if d != date(2026, 2, 2)})
    assert [gap.at(age) for age in (1, 2, 3)] == [None, None, None]
    assert gap.course() == ()


def test_at_midnight_pacific_no_part_of_the_next_day_is_needed():
    at = datetime(2026, 2, 1, 8, tzinfo=UTC)
    assert a_run(30, at=at).at(1) == Counts(30, 3)
    assert a_run(30, at=at).at(2) is None


@pytest.mark.parametrize("day", [datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC)])
@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_the_hour_of_publication_neither_helps_nor_harms(day: datetime, hour: int):
    """By whole days a short of 23:00 Pacific had an hour for its first day; March 8 has 23 hours."""
    at = day + timedelta(hours=hour)
    steady: list[float] = []
    for number in range(9):
        begin = _midnight(pacific_day(at) + timedelta(days=number))
        end = _midnight(pacific_day(at) + timedelta(days=number + 1))
        steady.append((end - max(begin, at)) / timedelta(hours=1))
    for age in (1, 3, 7):
        counted = a_run(*steady, at=at).at(age)
        assert counted is not None
        assert counted.views == pytest.approx(24 * age)


def _midnight(day: date) -> datetime:
    offset = 7 if day > date(2026, 3, 8) else 8
    return datetime(day.year, day.month, day.day, offset, tzinfo=UTC)


def test_a_course_goes_as_far_as_it_is_reported_and_never_falls():
    course = a_run(30, 90, 60, 10, 0, 0).course()
    assert len(course) == 5
    assert list(course) == sorted(course)


def test_a_percentile_is_the_share_that_did_less_with_equal_ones_counted_half():
    assert percentiles([10, 30, 20, 40]) == [12.5, 62.5, 37.5, 87.5]
    assert percentiles([5, 5]) == [50.0, 50.0]
    assert percentiles([7]) == [None]


def test_each_age_is_compared_with_those_that_reached_it():
    old, young = a_run(*[100] * 30, number=1), a_run(*[200] * 3, number=2)
    ranks = {(one.upload_id.int, one.age_days): one.percentile for one in standings([old, young])}
    assert ranks == {(1, 1): 25.0, (2, 1): 75.0, (1, 3): None, (1, 7): None, (1, 28): None}
