"""Captions: the tracks of a video, and a track in a format. Only its owner may ask."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError, instant
from shorts_pipeline.embedded.youtube_sandbox.records import CaptionRecord, VideoRecord
from shorts_pipeline.embedded.youtube_sandbox.world import World, world_of

LIST_UNITS, DOWNLOAD_UNITS = 50, 200
_TIME = re.compile(r"(\d\d:\d\d:\d\d),(\d\d\d)")


async def list_captions(request: Request) -> Response:
    """captions.list of one video: what tracks there are, not what they say."""
    world = world_of(request)
    world.called("captions.list", cost=LIST_UNITS)
    video = world.store.videos.get(request.query_params.get("videoId", ""))
    if video is None or video.deleted:
        raise ApiError(404, "videoNotFound", "The video identified by the videoId parameter could not be found.")
    _check_owner(world, request, video)
    items = [_track(video, track) for track in video.captions]
    return JSONResponse({"kind": "youtube#captionListResponse", "items": items})


async def download_captions(request: Request) -> Response:
    """captions.download: the track as SubRip, or as `tfmt` says."""
    world = world_of(request)
    world.called("captions.download", cost=DOWNLOAD_UNITS)
    wanted = request.path_params["id"]
    for video in world.store.videos.values():
        for track in video.captions:
            if track.id == wanted:
                _check_owner(world, request, video)
                return PlainTextResponse(_formatted(track, request.query_params.get("tfmt", "srt")))
    raise ApiError(404, "captionNotFound", "The caption track could not be found.")


def _check_owner(world: World, request: Request, video: VideoRecord) -> None:
    if world.channel(request).name != video.channel:
        raise ApiError(403, "forbidden", "The permissions associated with the request are not sufficient.")


def _track(video: VideoRecord, track: CaptionRecord) -> dict[str, object]:
    return {
        "kind": "youtube#caption",
        "id": track.id,
        "snippet": {
            "videoId": video.id,
            "lastUpdated": instant(video.uploaded_at),
            "trackKind": track.kind,
            "language": track.language,
            "name": track.name,
            "audioTrackType": "unknown",
            "isCC": False,
            "isDraft": track.draft,
            "status": "serving",
        },
    }


def _formatted(track: CaptionRecord, wanted: str) -> str:
    if wanted == "vtt":
        return "WEBVTT\n\n" + _TIME.sub(r"\1.\2", track.text)
    if wanted != "srt":
        raise ApiError(400, "couldNotConvert", "The caption track data could not be converted.")
    return track.text


ROUTES = [
    Route("/youtube/v3/captions", list_captions, methods=["GET"]),
    Route("/youtube/v3/captions/{id}", download_captions, methods=["GET"]),
]
