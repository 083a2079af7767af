"""Which sources are due: pure, so every case is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from shorts_pipeline.sources.due import (
    BATCH,
    MOST_BATCHES,
    MOST_TRIES,
    Fire,
    SourceClock,
    back_off,
    batches,
    due,
    next_fire,
    next_reading,
)

NOW = datetime(2026, 3, 2, 9, 7, tzinfo=UTC)
EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_backlog_is_caught_up_once() -> None:
    a_day_behind = SourceClock(uuid4(), "0 */2 * * *", NOW - timedelta(days=1))
    assert due([a_day_behind], NOW).fires == [Fire(a_day_behind.id, EIGHT)]


def test_a_source_that_was_never_read_is_due() -> None:
    new = SourceClock(uuid4(), "0 0 1 1 *", None)
    assert due([new], NOW).fires == [Fire(new.id, datetime(2026, 1, 1, tzinfo=UTC))]


def test_a_source_read_since_its_last_fire_is_not_due() -> None:
    assert due([SourceClock(uuid4(), "0 */2 * * *", EIGHT)], NOW).fires == []


def test_a_fire_at_this_very_instant_counts() -> None:
    source = SourceClock(uuid4(), "0 */2 * * *", EIGHT - timedelta(hours=2))
    assert due([source], EIGHT).fires == [Fire(source.id, EIGHT)]
    assert due([source], EIGHT - timedelta(microseconds=1)).fires == []


@pytest.mark.parametrize("cron", ["", "every day", "61 * * * *", "0 0 30 2 *", "* * * *", "@daily"])
def test_a_bad_expression_stops_only_its_own_source(cron: str) -> None:
    bad, good = SourceClock(uuid4(), cron, None), SourceClock(uuid4(), "0 */2 * * *", None)
    plan = due([bad, good], NOW)
    assert [fire.source_id for fire in plan.fires] == [good.id]
    assert [id_ for id_, why in plan.broken if "cron expression" in why] == [bad.id]


@pytest.mark.parametrize("zone", ["Asia/Atlantis", "", "../../etc/passwd"])
def test_an_unknown_time_zone_stops_only_its_own_source(zone: str) -> None:
    bad, good = SourceClock(uuid4(), "0 * * * *", None, zone), SourceClock(uuid4(), "0 * * * *", None)
    plan = due([bad, good], NOW)
    assert [fire.source_id for fire in plan.fires] == [good.id]
    assert [id_ for id_, why in plan.broken if "time zone" in why] == [bad.id]


def test_a_cron_means_the_sources_own_time_zone() -> None:
    seoul = SourceClock(uuid4(), "0 7 * * *", None, "Asia/Seoul")
    new_york = SourceClock(uuid4(), "0 7 * * *", None, "America/New_York")
    at = [fire.at for fire in due([seoul, new_york], NOW).fires]
    assert at == [datetime(2026, 3, 1, 22, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("zone", "day", "cron", "fires"),
    [
        # New York goes from 02:00 to 03:00 on 8 March: 02:30 is not there, and is made up for at 03:00.
        ("America/New_York", (3, 8), "30 2 * * *", ["07:00"]),
        ("America/New_York", (3, 8), "0 */6 * * *", ["05:00", "10:00", "16:00", "22:00"]),
        # It goes from 02:00 back to 01:00 on 1 November: 01:30 is there twice, and fires once.
        ("America/New_York", (11, 1), "30 1 * * *", ["05:30"]),
        ("America/New_York", (11, 1), "30 2 * * *", ["07:30"]),
        ("Europe/Berlin", (3, 29), "30 2 * * *", ["01:00"]),
        ("Europe/Berlin", (10, 25), "30 2 * * *", ["00:30"]),
        ("Asia/Seoul", (3, 8), "30 2 * * *", ["17:30"]),
    ],
)
def test_the_day_the_clocks_change_a_source_fires_as_often_as_on_any_other(
    zone: str, day: tuple[int, int], cron: str, fires: list[str]
) -> None:
    at = datetime(2026, *day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    until = datetime(2026, day[0], day[1] + 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    source, seen = SourceClock(uuid4(), cron, at - timedelta(seconds=1), zone), []
    while at < until:
        for fire in due([source], at).fires:
            seen.append(f"{fire.at:%H:%M}")
            source = replace(source, last_fired_at=fire.at)
        at += timedelta(minutes=5)
    assert seen == fires


@pytest.mark.parametrize(("day", "hours"), [((3, 8), 23), ((11, 1), 25), ((5, 1), 24)])
def test_an_hourly_source_fires_every_hour_that_there_is(day: tuple[int, int], hours: int) -> None:
    new_york = ZoneInfo("America/New_York")
    at = datetime(2026, *day, tzinfo=new_york).astimezone(UTC) - timedelta(seconds=1)
    end = (datetime(2026, *day, tzinfo=new_york) + timedelta(days=1)).astimezone(UTC)
    fires = []
    while (at := next_fire("0 * * * *", "America/New_York", at)) < end:
        fires.append(at)
    assert len(fires) == hours


def test_a_failing_source_waits_and_is_asked_again() -> None:
    failing = SourceClock(uuid4(), "0 */2 * * *", None, backoff_until=NOW, failures=2)
    assert due([failing], NOW - timedelta(seconds=1)).fires == []
    assert due([failing], NOW).fires == [Fire(failing.id, EIGHT, waited_until=NOW)]


def test_the_wait_doubles_to_six_hours_and_never_ends_a_source() -> None:
    minutes = [back_off(failures).total_seconds() / 60 for failures in (1, 2, 3, 4, 8, 10_000)]
    assert minutes == [5, 10, 20, 40, 360, 360]
    assert back_off(1, timedelta(days=1)) == timedelta(days=1)


def test_sources_that_failed_together_come_back_apart_and_always_at_the_same_time() -> None:
    ids = [UUID(int=number) for number in range(1_000)]
    waits = [back_off(1, of=id_) for id_ in ids]
    assert waits == [back_off(1, of=id_) for id_ in ids]
    assert timedelta(minutes=4) <= min(waits) < timedelta(minutes=4, seconds=3)
    assert timedelta(minutes=4, seconds=57) < max(waits) <= timedelta(minutes=5)
    assert back_off(1, timedelta(hours=1), of=ids[0]) == timedelta(hours=1)


def test_next_is_now_for_a_due_source_and_after_its_wait_for_a_failing_one() -> None:
    assert next_reading(SourceClock(uuid4(), "0 */2 * * *", None), NOW) == NOW
    assert next_reading(SourceClock(uuid4(), "0 */2 * * *", EIGHT), NOW) == datetime(2026, 3, 2, 10, tzinfo=UTC)
    later = NOW + timedelta(minutes=5)
    assert next_reading(SourceClock(uuid4(), "0 */2 * * *", None, backoff_until=later), NOW) == later
    assert next_fire("0 9 * * *", "Asia/Seoul", NOW) == datetime(2026, 3, 3, tzinfo=UTC)


def test_the_same_fires_have_the_same_key_and_other_fires_another() -> None:
    fire = Fire(uuid4(), EIGHT)
    (once,) = batches([fire])
    assert batches([fire]) == [once]
    assert batches([Fire(fire.source_id, EIGHT, waited_until=NOW)])[0].run_key != once.run_key
    assert batches([Fire(fire.source_id, NOW)])[0].run_key != once.run_key


def test_a_killed_run_is_asked_for_again_but_not_for_ever() -> None:
    keys = [
        batches([Fire(UUID(int=1), EIGHT)], tries=lambda keys, n=tried: dict.fromkeys(keys, n))
        for tried in range(MOST_TRIES + 1)
    ]
    assert len({batch.run_key for found in keys for batch in found}) == MOST_TRIES
    assert keys[MOST_TRIES] == []


def test_a_source_that_is_being_read_is_not_asked_for_again() -> None:
    fires = [Fire(uuid4(), EIGHT) for _ in range(3)]
    (batch,) = batches(fires, in_flight={fires[1].source_id})
    assert batch.source_ids == (fires[0].source_id, fires[2].source_id)


def test_ten_thousand_due_at_once_are_asked_for_in_one_tick_of_at_most_fifty_runs() -> None:
    plan = due([SourceClock(UUID(int=n), "0 */2 * * *", None, "Asia/Seoul") for n in range(10_000)], NOW)
    made = batches(plan.fires)
    assert len(made) == 10_000 / BATCH <= MOST_BATCHES
    assert sum(len(batch.source_ids) for batch in made) == 10_000
    assert len(batches(plan.fires, size=10)) == MOST_BATCHES


def test_after_a_long_downtime_every_source_is_asked_for_once() -> None:
    crons = ["* * * * *", "*/15 * * * *", "0 */2 * * *", "0 7 * * *", "0 0 1 * *"]
    down_since = NOW - timedelta(days=90)
    sources = [SourceClock(uuid4(), cron, down_since, "Asia/Seoul") for cron in crons]
    fires = due(sources, NOW).fires
    assert [fire.source_id for fire in fires] == [source.id for source in sources]
    read = [replace(source, last_fired_at=fire.at) for source, fire in zip(sources, fires, strict=True)]
    assert due(read, NOW).fires == []


def test_how_often_batches_were_tried_is_asked_once_for_all_of_them() -> None:
    asked: list[int] = []
    fires = [Fire(UUID(int=n), EIGHT) for n in range(1_000)]
    made = batches(fires, tries=lambda keys: asked.append(len(keys)) or {})  # type: ignore[func-returns-value]
    assert (asked, len(made)) == ([4], 4)
    dead = {batch.key: MOST_TRIES for batch in made[:2]}
    assert batches(fires, tries=lambda _: dead) == made[2:]
