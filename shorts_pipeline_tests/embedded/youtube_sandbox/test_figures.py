"""Figures that repeat, arrive late, are restated, and are worth learning from."""

import csv
import io
import statistics
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from googleapiclient.errors import HttpError

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.embedded.youtube_sandbox import figures
from shorts_pipeline.embedded.youtube_sandbox.figures import Day, Shown
from shorts_pipeline.resources.youtube.transport import Services

NOON = datetime(2026, 3, 2, 3, tzinfo=UTC)
DAY = date(2026, 3, 1)  # still Sunday in California


def a_short(name: str, *, channel: str = "demo", at: datetime = NOON) -> Shown:
    return Shown(name, channel, "ko", 40.0, at)


def asked(services: Services, **changes):
    query = {"ids": "channel==MINE", "startDate": "2026-03-02", "endDate": "2026-03-02", "dimensions": "video"}
    query |= {"metrics": "views,likes", "sort": "-views", "maxResults": 200}
    return services.analytics.reports().query(**query | changes).execute()


def test_the_same_video_day_and_instant_give_the_same_figures():
    later = NOON + timedelta(days=9)
    assert figures.reported(a_short("a"), DAY, later) == figures.reported(a_short("a"), DAY, later)
    assert figures.reported(a_short("a"), DAY, later) != figures.reported(a_short("b"), DAY, later)


def test_a_day_is_silent_for_48_hours_then_partial_then_restated_and_final_after_a_week():
    day, video = date(2026, 3, 2), a_short("a")
    ends = datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert figures.reported(video, day, ends + timedelta(hours=47)) is None
    partial = figures.reported(video, day, ends + timedelta(hours=49))
    nearly = figures.reported(video, day, ends + timedelta(hours=73))
    final = figures.reported(video, day, ends + timedelta(days=8))
    assert partial.views < nearly.views <= final.views
    assert final.views == figures.happened(video, day, ends).views


def test_some_videos_do_clearly_better_than_most():
    totals = sorted(figures.total(a_short(f"v{n}"), NOON + timedelta(days=30)).views for n in range(200))
    spread = totals[180] / statistics.median(totals)
    assert 2 < spread < 8
    assert statistics.median(totals) > 500


def test_the_audience_has_a_favourite_subject():
    plain, liked = a_short("a"), replace(a_short("a"), title="메모리 반도체, 3년 만에 최고")
    later = NOON + timedelta(days=30)
    assert figures.total(liked, later).views > 2.5 * figures.total(plain, later).views


def test_interest_decays_and_counts_add_up():
    video, days = a_short("a"), [date(2026, 3, 2) + timedelta(days=n) for n in range(28)]
    per_day = [figures.happened(video, day, NOON + timedelta(days=60)).views for day in days]
    assert per_day[0] > 3 * per_day[6] > 3 * per_day[27]
    whole = sum((figures.happened(video, day, NOON + timedelta(days=40)) for day in [DAY, *days]), Day())
    later = figures.total(video, NOON + timedelta(days=27)).views
    assert abs(whole.views - later) <= 0.05 * whole.views


def test_the_hour_of_publishing_matters():
    def mean(hour: int) -> float:
        at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour - 9)
        return statistics.mean(figures.total(a_short(f"v{n}", at=at), at + timedelta(days=7)).views for n in range(60))

    by_hour = {hour: mean(hour) for hour in range(6, 24, 3)}
    assert max(by_hour.values()) > 1.8 * min(by_hour.values())


def test_the_true_client_asks_for_one_day_by_video(upload, services: Services, clock: ManualClock):
    ids = [upload(title=f"Short {n}", defaultAudioLanguage="ko")["id"] for n in range(4)]
    assert asked(services)["rows"] == []
    clock.move(timedelta(days=9))
    table = asked(services, filters=f"video=={ids[0]},{ids[1]},unknown-vid")
    assert [column["name"] for column in table["columnHeaders"]] == ["video", "views", "likes"]
    assert {row[0] for row in table["rows"]} == set(ids[:2])
    assert table["rows"] == sorted(table["rows"], key=lambda row: -row[1])


def test_two_hundred_ids_make_an_address_too_long_for_a_get_and_still_work(
    upload, services: Services, clock: ManualClock
):
    video_id = upload()["id"]
    clock.move(timedelta(days=9))
    ids = ",".join([video_id, *(f"x{n:010d}" for n in range(199))])
    assert [row[0] for row in asked(services, filters=f"video=={ids}")["rows"]] == [video_id]


@pytest.mark.parametrize(
    "changes",
    [
        {"dimensions": "day,video"},
        {"metrics": "views,impressions"},
        {"metrics": "views,videoThumbnailImpressions"},
        {"sort": "-comments"},
        {"startDate": "yesterday"},
        {"filters": "country==KR"},
        {"ids": "channel==UC-somebody-else"},
    ],
)
def test_what_the_real_service_refuses_is_refused(services: Services, changes):
    with pytest.raises(HttpError) as refused:
        asked(services, **changes)
    assert refused.value.resp.status in {400, 403}


def test_traffic_adds_up_to_the_views_and_a_small_audience_is_not_told(upload, services, clock: ManualClock):
    video_id = upload(title="널리 퍼진 소식")["id"]
    clock.move(timedelta(days=12))
    when = {"startDate": "2026-03-01", "endDate": "2026-03-09", "filters": f"video=={video_id}"}
    (whole,) = asked(services, **when, dimensions="", metrics="views", sort="")["rows"]
    by_source = asked(services, **when, dimensions="insightTrafficSourceType", metrics="views", sort="")["rows"]
    assert sum(views for _, views in by_source) == whole[0]
    people = {"dimensions": "ageGroup,gender", "metrics": "viewerPercentage", "sort": ""}
    shares = asked(services, **when, **people)["rows"]
    assert 98 < sum(share for _, _, share in shares) < 102
    # A tail day of a single video: fewer than a hundred viewers.
    clock.move(timedelta(days=400))
    tail = when | {"startDate": "2027-03-20", "endDate": "2027-03-20"}
    assert asked(services, **tail, **people)["rows"] == []


def test_impressions_come_as_a_daily_file_of_the_reporting_api(upload, services: Services, clock: ManualClock):
    video_id = upload()["id"]
    jobs = services.reporting.jobs()
    job = jobs.create(body={"reportTypeId": "channel_reach_basic_a1", "name": "reach"}).execute()
    clock.move(timedelta(days=5))
    reports = jobs.reports().list(jobId=job["id"], startTimeAtOrAfter="2026-03-02T08:00:00Z").execute()["reports"]
    assert [report["startTime"] for report in reports] == ["2026-03-03T08:00:00Z", "2026-03-02T08:00:00Z"]
    name = reports[-1]["downloadUrl"].split("/v1/media/")[1].split("?")[0]
    text = services.reporting.media().download_media(resourceName=name).execute().decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["date"], row["video_id"]) == ("20260302", video_id)
    assert int(row["video_thumbnail_impressions"]) > 0
    assert 0 < float(row["video_thumbnail_impressions_ctr"]) < 1
