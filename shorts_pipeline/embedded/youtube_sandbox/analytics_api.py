"""Analytics: reports.query, with the combinations that the real one answers reliably, late and restated."""

from collections.abc import Callable
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shorts_pipeline.embedded.youtube_sandbox import figures, views
from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError
from shorts_pipeline.embedded.youtube_sandbox.world import World, world_of

MAX_VIDEOS = 500
MAX_DAYS = 3660

Value = str | int | float
_METRICS: dict[str, tuple[str, Callable[[figures.Day, float], Value]]] = {
    "views": ("INTEGER", lambda day, _: day.views),
    "engagedViews": ("INTEGER", lambda day, _: round(day.views * 0.7)),
    "likes": ("INTEGER", lambda day, _: day.likes),
    "dislikes": ("INTEGER", lambda day, _: day.dislikes),
    "comments": ("INTEGER", lambda day, _: day.comments),
    "shares": ("INTEGER", lambda day, _: day.shares),
    "estimatedMinutesWatched": ("INTEGER", lambda day, _: round(day.watch_seconds / 60)),
    "averageViewDuration": ("INTEGER", lambda day, _: round(day.watch_seconds / day.views) if day.views else 0),
    "averageViewPercentage": (
        "FLOAT",
        lambda day, length: round(100 * day.watch_seconds / day.views / length, 2) if day.views else 0.0,
    ),
    "subscribersGained": ("INTEGER", lambda day, _: day.subscribers_gained),
    "subscribersLost": ("INTEGER", lambda day, _: day.subscribers_lost),
}


async def query(request: Request) -> Response:
    """GET v2/reports."""
    world = world_of(request)
    world.called("reports.query")
    asked = request.query_params
    videos = _filtered(world, request)
    days = _days(asked.get("startDate", ""), asked.get("endDate", ""))
    metrics = [name for name in asked.get("metrics", "").split(",") if name]
    dimensions = asked.get("dimensions", "")
    rows = _rows(dimensions, metrics, videos, days, world)
    names = [name for name in dimensions.split(",") if name] + metrics
    rows = _sorted(rows, names, asked.get("sort", ""))
    begin = int(asked.get("startIndex", "1")) - 1
    rows = rows[begin : begin + int(asked.get("maxResults", "10000"))]
    headers = [_header(name, name not in metrics) for name in names]
    return JSONResponse({"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers, "rows": rows})


def _rows(
    dimensions: str, metrics: list[str], videos: list[figures.Shown], days: list[date], world: World
) -> list[list[Value]]:
    if dimensions == "ageGroup,gender":
        return _audience_rows(metrics, videos, days, world)
    if not metrics or any(name not in _METRICS for name in metrics):
        raise ApiError(400, "badRequest", "Unknown or unsupported metric for this report.")
    if dimensions == "insightTrafficSourceType":
        return _traffic_rows(metrics, videos, days, world)
    if dimensions == "video":
        grouped: list[tuple[list[Value], list[figures.Shown], list[date]]] = [([v.id], [v], days) for v in videos]
    elif dimensions == "day":
        grouped = [([day.isoformat()], videos, [day]) for day in days]
    elif not dimensions:
        grouped = [([], videos, days)]
    else:
        # day,video among them: the real service answers it unreliably, so nobody shall get used to it.
        raise ApiError(400, "badRequest", "The query is not supported.")
    rows = []
    for key, some, when in grouped:
        counted = _counted(some, when, world)
        if counted is not None:
            length = some[0].duration if len(some) == 1 else 30.0
            rows.append(key + [_METRICS[name][1](counted, length) for name in metrics])
    return rows


def _counted(videos: list[figures.Shown], days: list[date], world: World) -> figures.Day | None:
    """All reported figures added up; None where nothing is reported yet."""
    now = world.clock.now()
    found = [day for video in videos for each in days if (day := figures.reported(video, each, now)) is not None]
    whole = figures.Day()
    for day in found:
        whole += day
    # The real service leaves out rows without any activity.
    return whole if found and whole.views else None


def _traffic_rows(metrics: list[str], videos: list[figures.Shown], days: list[date], world: World) -> list[list[Value]]:
    sums: dict[str, int] = {}
    for video in videos:
        counted = _counted([video], days, world)
        for source, views_from in figures.traffic(video, counted.views if counted else 0).items():
            sums[source] = sums.get(source, 0) + views_from
    allowed = {"views", "estimatedMinutesWatched"}
    if not set(metrics) <= allowed:
        raise ApiError(400, "badRequest", "Traffic sources have views and estimatedMinutesWatched.")
    length = sum(video.duration for video in videos) / len(videos) if videos else 0.0
    values: dict[str, Callable[[int], Value]] = {
        "views": lambda count: count,
        "estimatedMinutesWatched": lambda count: round(count * length * 0.7 / 60),
    }
    return [[source, *(values[name](count) for name in metrics)] for source, count in sums.items()]


def _audience_rows(
    metrics: list[str], videos: list[figures.Shown], days: list[date], world: World
) -> list[list[Value]]:
    if metrics != ["viewerPercentage"]:
        raise ApiError(400, "badRequest", "ageGroup,gender has viewerPercentage only.")
    counted = {video: _counted([video], days, world) for video in videos}
    whole = sum(day.views for day in counted.values() if day)
    shares: dict[tuple[str, str], float] = {}
    for video, day in counted.items():
        if day is None or not whole:
            continue
        for key, percentage in figures.audience(video, whole).items():
            shares[key] = shares.get(key, 0.0) + percentage * day.views / whole
    return [[age, gender, round(share, 1)] for (age, gender), share in shares.items()]


def _filtered(world: World, request: Request) -> list[figures.Shown]:
    """The asking channel's videos that have an audience, narrowed by `filters=video==a,b`."""
    channel = world.channel(request)
    if request.query_params.get("ids") not in {"channel==MINE", f"channel=={channel.id}"}:
        raise ApiError(403, "forbidden", "Only the owner may ask.")
    records = world.store.of_channel(channel.name)
    for text in filter(None, request.query_params.get("filters", "").split(";")):
        name, _, value = text.partition("==")
        wanted = value.split(",")
        if name != "video" or len(wanted) > MAX_VIDEOS:
            raise ApiError(400, "badRequest", "The filter is not supported.")
        records = [record for record in records if record.id in set(wanted)]
    seen = [views.shown(record, world) for record in records]
    return [video for video in seen if video is not None]


def _days(start: str, end: str) -> list[date]:
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        raise ApiError(400, "badRequest", "startDate and endDate are YYYY-MM-DD.") from None
    if not 0 <= (last - first).days <= MAX_DAYS:
        raise ApiError(400, "badRequest", "The dates are not in order.")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _sorted(rows: list[list[Value]], names: list[str], sort: str) -> list[list[Value]]:
    for key in reversed([key for key in sort.split(",") if key]):
        if key.removeprefix("-") not in names:
            raise ApiError(400, "badRequest", "sort must be one of the columns.")
        column = names.index(key.removeprefix("-"))
        rows = sorted(rows, key=lambda row: row[column], reverse=key.startswith("-"))
    return rows


def _header(name: str, dimension: bool) -> dict[str, str]:
    kind = "STRING" if dimension else _METRICS[name][0] if name in _METRICS else "FLOAT"
    return {"name": name, "columnType": "DIMENSION" if dimension else "METRIC", "dataType": kind}


ROUTES = [Route("/v2/reports", query, methods=["GET"])]
