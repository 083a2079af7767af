"""Search terms: one row a term, renewed by every poll, with how fast interest grows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shorts_pipeline.sources.items import FoundItem
from shorts_pipeline.sources.terms import as_terms, renewed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def polled(*polls: tuple[float, float | None]) -> dict[str, Any]:
    """The metrics after polls of (hours after noon, traffic)."""
    metrics: dict[str, Any] | None = None
    for hours, traffic in polls:
        metrics = renewed(metrics, traffic, NOON + timedelta(hours=hours))
    assert metrics is not None
    return metrics


def test_a_new_term_has_traffic_and_no_growth_yet() -> None:
    metrics = polled((0, 20_000))
    assert (metrics["traffic"], metrics["first_traffic"], metrics["seen"]) == (20_000, 20_000, 1)
    assert "growth" not in metrics


@pytest.mark.parametrize(
    ("polls", "growth"),
    [
        ([(0, 20_000), (1, 20_000)], 0),
        ([(0, 20_000), (1, 50_000)], 1.5),
        ([(0, 20_000), (1, 50_000), (2, 50_000)], 1.5),
        ([(0, 20_000), (6, 50_000)], 1.5),
        ([(0, 20_000), (12, 50_000)], 0.75),
        ([(0, 50_000), (1, 20_000)], -0.6),
        ([(0, 1_000), (3, 2_000), (7, 4_000)], 3 * 6 / 7),
        ([(0, 1_000), (3, 2_000), (7, 4_000), (9, 4_000)], 1),
        ([(0, 1_000), (3, 2_000), (9.5, 4_000), (20, 4_000)], 0),
        ([(0, 0), (1, 100)], None),
    ],
)
def test_growth_is_against_six_hours_ago(polls: list[tuple[float, float]], growth: float | None) -> None:
    found = polled(*polls).get("growth")
    assert found == (None if growth is None else pytest.approx(growth, abs=1e-3))


def test_polls_every_minute_keep_no_more_than_growth_needs() -> None:
    metrics = polled(*((minute / 60, 1_000 + minute) for minute in range(24 * 60)))
    assert len(metrics["polls"]) <= 27
    assert metrics["seen"] == 24 * 60
    assert metrics["growth"] == pytest.approx((1_000 + 1_439) / (1_000 + 1_439 - 360) - 1, abs=0.05)


def test_a_term_that_was_away_for_a_day_begins_anew() -> None:
    metrics = polled((0, 20_000), (30, 50_000))
    assert (metrics["seen"], metrics["first_traffic"]) == (1, 50_000)
    assert "growth" not in metrics


def test_a_term_without_figures_counts_how_often_it_was_seen() -> None:
    assert polled((0, None), (1, None), (2, None))["seen"] == 3


def test_a_term_is_one_row_however_it_is_written_and_one_for_each_place() -> None:
    found = as_terms([FoundItem("1", "삼성  전자"), FoundItem("2", "ChatGPT"), FoundItem("3", "chatgpt")], "geo=KR")
    assert [(term.key, term.title) for term in found] == [
        ("geo=KR 삼성 전자", "삼성 전자"),
        ("geo=KR chatgpt", "ChatGPT"),
    ]
