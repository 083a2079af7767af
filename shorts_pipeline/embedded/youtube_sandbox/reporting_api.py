"""Reporting: jobs, and one CSV file a Pacific day with impressions and click-through rate per video."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shorts_pipeline.embedded.youtube_sandbox import figures, views
from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError, day_begins, day_ends, instant, pacific_day
from shorts_pipeline.embedded.youtube_sandbox.records import ChannelRecord, JobRecord, digest
from shorts_pipeline.embedded.youtube_sandbox.world import World, world_of

REPORT_TYPE = "channel_reach_basic_a1"
# A new job also gets files for the days before it was made.
HISTORY = timedelta(days=30)
# A day's file is made again when its figures are final: the newer one counts.
_MADE = {"1": figures.REPORTED_AFTER, "2": figures.FINAL_AFTER}
_COLUMNS = ["date", "channel_id", "video_id", "video_thumbnail_impressions", "video_thumbnail_impressions_ctr"]


async def create_job(request: Request) -> Response:
    """jobs.create: one job a report type."""
    world = world_of(request)
    channel = world.channel(request)
    world.called("jobs.create")
    body = await request.json()
    if body.get("reportTypeId") != REPORT_TYPE:
        raise ApiError(400, "badRequest", "Unknown report type.")
    job_id = digest("job", channel.name, REPORT_TYPE, length=20)
    if job_id in channel.jobs:
        raise ApiError(409, "conflict", "There is a job for this report type.")
    now = world.clock.now()
    job = JobRecord(id=job_id, name=str(body.get("name", "")), report_type=REPORT_TYPE, created_at=now)
    channel.jobs[job_id] = job
    world.store.save_channel(channel)
    return JSONResponse(_job(job))


async def list_jobs(request: Request) -> Response:
    """jobs.list."""
    world = world_of(request)
    world.called("jobs.list")
    return JSONResponse({"jobs": [_job(job) for job in world.channel(request).jobs.values()]})


async def list_reports(request: Request) -> Response:
    """jobs.reports.list: the newest first, each some 48 hours after its day; paged."""
    world = world_of(request)
    world.called("reports.list")
    job = _own_job(world.channel(request), request.path_params["job_id"])
    now = world.clock.now()
    made = [_report(request, job, day, at) for day in _days(job, now) for at in _made(day) if at <= now]
    asked = request.query_params
    bounds = {
        "createTime": (asked.get("createdAfter", ""), "9999"),
        "startTime": (asked.get("startTimeAtOrAfter", ""), asked.get("startTimeBefore", "9999")),
    }
    made = [each for each in made if all(low <= each[key] < high for key, (low, high) in bounds.items())]
    begin, size = int(asked.get("pageToken", "0")), int(asked.get("pageSize", "50"))
    more = {"nextPageToken": str(begin + size)} if begin + size < len(made) else {}
    return JSONResponse({"reports": made[begin : begin + size]} | more)


async def download(request: Request) -> Response:
    """media.download: the CSV of one job and day, as it was when it was made."""
    world = world_of(request)
    world.called("media.download")
    channel = world.channel(request)
    job = _own_job(channel, request.path_params["job_id"])
    try:
        day, at = date.fromisoformat(request.path_params["day"]), _MADE[request.path_params["making"]]
    except (ValueError, KeyError):
        raise ApiError(404, "notFound") from None
    if day not in _days(job, world.clock.now()) or day_ends(day) + at > world.clock.now():
        raise ApiError(404, "notFound")
    return Response(_csv(world, channel, day, day_ends(day) + at), media_type="text/csv")


def _csv(world: World, channel: ChannelRecord, day: date, at: datetime) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for record in sorted(world.store.of_channel(channel.name), key=lambda video: video.id):
        video = views.shown(record, world)
        counted = figures.reported(video, day, at) if video else None
        if counted and counted.impressions:
            rate = min(1.0, counted.views * 0.35 / counted.impressions)
            writer.writerow([day.strftime("%Y%m%d"), channel.id, record.id, counted.impressions, f"{rate:.6f}"])
    return text.getvalue()


def _days(job: JobRecord, now: datetime) -> list[date]:
    """The days that have a file at `now`, newest first."""
    first, last = pacific_day(job.created_at - HISTORY), pacific_day(now)
    days = [last - timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day_ends(day) + figures.REPORTED_AFTER <= now]


def _own_job(channel: ChannelRecord, job_id: str) -> JobRecord:
    if job_id not in channel.jobs:
        raise ApiError(404, "notFound", "No such job.")
    return channel.jobs[job_id]


def _job(job: JobRecord) -> dict[str, Any]:
    created = instant(job.created_at)
    return {"id": job.id, "name": job.name, "reportTypeId": job.report_type, "createTime": created}


def _made(day: date) -> list[datetime]:
    """When the day's files are made."""
    return [day_ends(day) + after for after in _MADE.values()]


def _report(request: Request, job: JobRecord, day: date, at: datetime) -> dict[str, str]:
    making = next(name for name, after in _MADE.items() if day_ends(day) + after == at)
    return {
        "id": f"{job.id}-{day.isoformat()}-{making}",
        "jobId": job.id,
        "startTime": instant(day_begins(day)),
        "endTime": instant(day_ends(day)),
        "createTime": instant(at),
        "downloadUrl": f"{str(request.base_url).rstrip('/')}/v1/media/{job.id}/{day.isoformat()}/{making}?alt=media",
    }


ROUTES = [
    Route("/v1/jobs", create_job, methods=["POST"]),
    Route("/v1/jobs", list_jobs, methods=["GET"]),
    Route("/v1/jobs/{job_id}/reports", list_reports, methods=["GET"]),
    Route("/v1/media/{job_id}/{day}/{making}", download, methods=["GET"]),
]
