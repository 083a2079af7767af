"""Slots: hours, days, distances, and both days on which the clocks change."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shorts_pipeline.database import WeekdayClass
from shorts_pipeline.database.documents import OperationConfig
from shorts_pipeline.uploads.schedule import NOTICE, BestBand, made_up, rules_of, slots, why

NOW = datetime(2026, 3, 2, tzinfo=UTC)  # Monday, 09:00 in Seoul
SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")


def rules(*, bands=(), timezone="Asia/Seoul", **uploads):
    return rules_of(OperationConfig.model_validate({"timezone": timezone, "uploads": uploads}), bands)


def local(found, zone=SEOUL) -> list[str]:
    return [f"{at.astimezone(zone):%a %d %H:%M}" for at in found]


def test_golden_hours_are_used_until_there_are_figures():
    found = slots(rules(golden_hours=[18, 12], target_a_day=2), taken=[], now=NOW, count=4)
    assert local(found) == ["Mon 02 12:00", "Mon 02 18:00", "Tue 03 12:00", "Tue 03 18:00"]


def test_the_channels_own_best_hours_come_first_where_luck_is_unlikely():
    bands = [
        BestBand(WeekdayClass.WEEKDAY, 15, 0.9, 0.97),
        BestBand(WeekdayClass.WEEKDAY, 9, 0.99, 0.5),
        BestBand(WeekdayClass.WEEKEND, 6, 0.8, 0.95),
    ]
    found = slots(rules(bands=bands, target_a_day=1, golden_hours=[12]), taken=[], now=NOW, count=6)
    assert local(found) == [
        "Mon 02 16:00", "Tue 03 16:00", "Wed 04 16:00", "Thu 05 16:00", "Fri 06 16:00", "Sat 07 07:00",
    ]  # fmt: skip


def test_a_golden_hour_inside_the_best_band_is_its_hour():
    band = BestBand(WeekdayClass.WEEKDAY, 18, 0.9, 0.97)
    assert local(slots(rules(bands=[band], golden_hours=[20]), taken=[], now=NOW, count=1)) == ["Mon 02 20:00"]


def test_preferred_days_fill_first_and_the_rest_of_the_week_after_them():
    wanted = rules(preferred_days=["sat"], target_a_day=1, golden_hours=[12])
    assert local(slots(wanted, taken=[], now=NOW, count=1)) == ["Sat 07 12:00"]
    assert local(slots(wanted, taken=[], now=NOW, count=2)) == ["Mon 02 12:00", "Sat 07 12:00"]


def test_hours_outside_the_allowed_ones_are_never_used():
    found = slots(rules(first_hour=10, last_hour=11, golden_hours=[7, 22], target_a_day=1), taken=[], now=NOW, count=3)
    assert {at.astimezone(SEOUL).hour for at in found} <= {10, 11}


def test_the_least_interval_and_the_days_target_hold_against_what_is_taken():
    taken = [datetime(2026, 3, 2, 3, tzinfo=UTC)]
    wanted = rules(golden_hours=[13, 17], target_a_day=2, least_hours_between=4)
    assert local(slots(wanted, taken=taken, now=NOW, count=3)) == ["Mon 02 17:00", "Tue 03 13:00", "Tue 03 17:00"]


def test_another_hour_helps_out_where_the_golden_ones_do_not_suffice_for_a_day():
    wanted = rules(golden_hours=[13, 14], target_a_day=2, least_hours_between=4)
    found = slots(wanted, taken=[], now=NOW + timedelta(hours=12), count=2)
    assert local(found) == ["Tue 03 13:00", "Tue 03 17:00"]


def test_nothing_is_planned_for_a_channel_that_aims_at_nothing():
    assert slots(rules(target_a_day=0), taken=[], now=NOW, count=3) == []


def test_an_hour_that_the_clocks_leave_out_is_no_slot():
    before = datetime(2026, 3, 8, 5, tzinfo=UTC)  # 00:00 in New York; 02:00 does not exist on this day
    wanted = rules(timezone="America/New_York", first_hour=2, last_hour=2, golden_hours=[2], target_a_day=1)
    assert local(slots(wanted, taken=[], now=before, count=1), NEW_YORK) == ["Mon 09 02:00"]


def test_an_hour_that_comes_twice_is_one_slot():
    before = datetime(2026, 11, 1, 4, tzinfo=UTC)  # 00:00 in New York; 01:00 comes twice on this day
    wanted = rules(
        timezone="America/New_York", first_hour=1, last_hour=1, golden_hours=[1], target_a_day=2, least_hours_between=0
    )
    found = slots(wanted, taken=[], now=before, count=2)
    assert found == [datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 11, 2, 6, tzinfo=UTC)]


def test_hours_stay_the_channels_hours_across_a_change_of_clocks():
    wanted = rules(timezone="America/New_York", golden_hours=[18], target_a_day=1)
    found = slots(wanted, taken=[], now=datetime(2026, 3, 6, tzinfo=UTC), count=5)
    assert {at.astimezone(NEW_YORK).hour for at in found} == {18}
    assert {at.hour for at in found} == {23, 22}
    assert local(found, NEW_YORK)[0] == "Fri 06 18:00"


def test_a_missed_slot_is_made_up_at_once_where_the_rules_allow_it():
    wanted = rules(golden_hours=[12])
    assert made_up(wanted, taken=[], now=NOW) == NOW
    assert made_up(wanted, taken=[NOW - timedelta(hours=1)], now=NOW) == datetime(2026, 3, 2, 3, tzinfo=UTC)
    at_night = NOW + timedelta(hours=15)
    assert made_up(wanted, taken=[], now=at_night) == datetime(2026, 3, 3, 3, tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["Asia/Seoul", "America/New_York", "Europe/London", "Australia/Lord_Howe"]),
    target=st.integers(1, 5),
    between=st.integers(0, 30),
    ahead=st.lists(st.integers(0, 400), max_size=10),
)
def test_every_slot_keeps_every_rule(now, zone, target, between, ahead):
    wanted = rules(timezone=zone, target_a_day=target, most_a_day=5, least_hours_between=between)
    taken = [now + timedelta(hours=hours) for hours in ahead]
    found = slots(wanted, taken=taken, now=now, count=12)
    assert found == sorted(found)
    assert all(at >= now + NOTICE and wanted.first_hour <= at.astimezone(wanted.zone).hour <= 22 for at in found)
    apart = timedelta(hours=between)
    assert all(abs(at - other) >= apart for at in found for other in [*taken, *found] if other is not at)
    before = Counter(at.astimezone(wanted.zone).date() for at in taken)
    for day, count in Counter(at.astimezone(wanted.zone).date() for at in found).items():
        assert before[day] + count <= target


def test_a_slot_says_why_it_was_taken():
    operation = OperationConfig.model_validate({"timezone": "Asia/Seoul", "uploads": {"golden_hours": [12]}})
    bands = [
        BestBand(WeekdayClass.WEEKDAY, 15, 0.9, 0.97),
        BestBand(WeekdayClass.WEEKDAY, 9, 0.99, 0.5),
        BestBand(WeekdayClass.WEEKEND, 12, 0.8, 0.95),
    ]

    def said(day: int, hour: int) -> str:
        return why(operation, bands, datetime(2026, 3, day, hour, tzinfo=SEOUL))

    assert said(2, 16) == "Mon 16:00 Asia/Seoul: measured weekday 15–18, score 0.90, confidence 0.97"
    assert said(7, 12) == "Sat 12:00 Asia/Seoul: measured weekend 12–15, score 0.80, confidence 0.95"
    assert said(2, 12) == "Mon 12:00 Asia/Seoul: a golden hour of its file"
    assert said(2, 10) == "Mon 10:00 Asia/Seoul: free and allowed"
