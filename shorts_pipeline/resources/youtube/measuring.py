"""Figures: Analytics one Pacific day a call, and the Reporting API's daily file.

Absent is None or left out, never 0. `day,video` together is unreliable there, so a call is one day.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.youtube.states import DailyMetrics, Reach, ReachFile
from shorts_pipeline.resources.youtube.transport import Services

PACIFIC = ZoneInfo("America/Los_Angeles")
MOST_VIDEOS = 200
REACH_REPORT = "channel_reach_basic_a1"
_REACH_COLUMNS = ("video_id", "video_thumbnail_impressions", "video_thumbnail_impressions_ctr")
_METRICS = {
    "views": "views",
    "likes": "likes",
    "dislikes": "dislikes",
    "comments": "comments",
    "shares": "shares",
    "averageViewDuration": "avg_view_duration",
    "averageViewPercentage": "avg_view_percentage",
    "subscribersGained": "subscribers_gained",
    "subscribersLost": "subscribers_lost",
}
_MINUTES = "estimatedMinutesWatched"


def daily_metrics(services: Services, day: date, video_ids: Sequence[str]) -> list[DailyMetrics]:
    """The figures of one Pacific day; videos without reported figures are left out."""
    found: list[DailyMetrics] = []
    for begin in range(0, len(video_ids), MOST_VIDEOS):
        ids = video_ids[begin : begin + MOST_VIDEOS]
        rows = _query(
            services,
            first=day,
            last=day,
            dimensions="video",
            metrics=",".join([*_METRICS, _MINUTES]),
            filters=f"video=={','.join(ids)}",
            sort="-views",
            maxResults=MOST_VIDEOS,
        )
        found += [_metrics(row) for row in rows]
    return found


def traffic(services: Services, video_id: str, first: date, last: date) -> dict[str, int]:
    """Views by insightTrafficSourceType."""
    rows = _query(
        services,
        first=first,
        last=last,
        dimensions="insightTrafficSourceType",
        metrics="views",
        filters=f"video=={video_id}",
    )
    return {row["insightTrafficSourceType"]: int(row["views"]) for row in rows}


def audience(services: Services, video_id: str, first: date, last: date) -> dict[str, float]:
    """viewerPercentage by `ageGroup.gender`."""
    rows = _query(
        services,
        first=first,
        last=last,
        dimensions="ageGroup,gender",
        metrics="viewerPercentage",
        filters=f"video=={video_id}",
    )
    return {f"{row['ageGroup']}.{row['gender']}": float(row["viewerPercentage"]) for row in rows}


def reach_files(services: Services, first: date, last: date) -> list[ReachFile]:
    """The files of `channel_reach_basic_a1` for the days from `first` to `last`: of each day the newest, oldest first.

    A day that was made again has several; one without a file is left out. The job that makes the files is created by
    the first call; its files begin 30 days before. Raises Rejected for an answer in another shape.
    """
    newest: dict[date, ReachFile] = {}
    with _expected("list of reports"):
        for report in _reports(services, _reach_job(services), first, last):
            begins, made_at = (datetime.fromisoformat(report[name]) for name in ("startTime", "createTime"))
            name = report["downloadUrl"].partition("/v1/media/")[2].partition("?")[0]
            found = ReachFile(begins.astimezone(PACIFIC).date(), made_at, name)
            if found.day not in newest or newest[found.day].made_at < made_at:
                newest[found.day] = found
    return [newest[day] for day in sorted(newest)]


def read_reach(services: Services, file: ReachFile) -> list[Reach]:
    """The rows of one file, in its order. Raises Rejected for a file in another shape."""
    text = services.reporting.media().download_media(resourceName=file.name).execute()
    with _expected(f"file of {file.day}"):
        rows = csv.DictReader(io.StringIO(text.decode() if isinstance(text, bytes) else text))
        if missing := [name for name in _REACH_COLUMNS if name not in (rows.fieldnames or ())]:
            raise ValueError(f"no column {', '.join(missing)}")
        return [_reach(row, file.day) for row in rows]


def _reach(row: Mapping[str, str | None], day: date) -> Reach:
    video_id, shown, rate = (row[name] for name in _REACH_COLUMNS)
    share = float(rate) if rate else None
    if share is not None and not isfinite(share):
        raise ValueError(f"a click-through rate of {rate}")
    return Reach(str(video_id), day, int(shown) if shown else None, share)


def _reports(services: Services, job: str, first: date, last: date) -> Iterator[dict[str, Any]]:
    reports = services.reporting.jobs().reports()
    within = {"startTimeAtOrAfter": _midnight(first), "startTimeBefore": _midnight(last + timedelta(days=1))}
    request = reports.list(jobId=job, **within)
    while request is not None:
        answer = request.execute()
        yield from answer.get("reports", [])
        request = reports.list_next(request, answer)


@contextmanager
def _expected(what: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Rejected(f"the Reporting API's {what} is not as its documentation says ({reason})") from error


def _reach_job(services: Services) -> str:
    from googleapiclient.errors import HttpError

    if (known := _known_reach_job(services)) is not None:
        return known
    body = {"reportTypeId": REACH_REPORT, "name": "shorts_pipeline reach"}
    try:
        return str(services.reporting.jobs().create(body=body).execute()["id"])
    except HttpError as error:
        # Another run of this channel's made it in between.
        if error.resp.status == HTTPStatus.CONFLICT and (known := _known_reach_job(services)) is not None:
            return known
        raise


def _known_reach_job(services: Services) -> str | None:
    jobs = services.reporting.jobs().list().execute().get("jobs", [])
    return next((str(job["id"]) for job in jobs if job["reportTypeId"] == REACH_REPORT), None)


def _metrics(row: dict[str, Any]) -> DailyMetrics:
    values = {ours: row.get(theirs) for theirs, ours in _METRICS.items()}
    minutes = row.get(_MINUTES)
    return DailyMetrics(row["video"], watch_time_seconds=None if minutes is None else round(minutes * 60), **values)


def _query(services: Services, *, first: date, last: date, **asked: object) -> Iterator[dict[str, Any]]:
    """Rows by column name: their order is not promised."""
    days = {"startDate": first.isoformat(), "endDate": last.isoformat()}
    answer = services.analytics.reports().query(ids="channel==MINE", **days, **asked).execute()
    names = [header["name"] for header in answer.get("columnHeaders", [])]
    for row in answer.get("rows", []):
        yield dict(zip(names, row, strict=True))


def _midnight(day: date) -> str:
    at = datetime.combine(day, time.min, tzinfo=PACIFIC).astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
