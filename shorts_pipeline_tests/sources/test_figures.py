"""Figures as sources write them."""

import pytest

from shorts_pipeline.sources.figures import figure


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("20,000+", 20_000),
        ("20K+", 20_000),
        ("2만+", 20_000),
        ("1M+", 1_000_000),
        ("1.5만", 15_000),
        ("3천", 3_000),
        ("1.2k", 1_200),
        ("추천 12", 12),
        ("12 comments", 12),
        ("12 km", 12),
        ("-3", -3),
        (7, 7),
        (2.5, 2.5),
    ],
)
def test_a_figure_is_read_however_it_is_written(written: object, value: float) -> None:
    assert figure(written) == value


@pytest.mark.parametrize(
    "written", [None, "", "many", True, [7], {"n": 7}, float("nan"), float("inf"), 10**400, "9" * 300]
)
def test_what_is_no_figure_is_none(written: object) -> None:
    assert figure(written) is None
