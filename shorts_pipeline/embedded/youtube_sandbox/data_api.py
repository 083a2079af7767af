"""The Data API apart from uploads: videos, thumbnails, channels, playlists."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shorts_pipeline.embedded.youtube_sandbox import views
from shorts_pipeline.embedded.youtube_sandbox.answers import ApiError, instant
from shorts_pipeline.embedded.youtube_sandbox.metadata import checked_snippet, checked_status
from shorts_pipeline.embedded.youtube_sandbox.records import ChannelRecord, VideoRecord, digest
from shorts_pipeline.embedded.youtube_sandbox.tokens import asking
from shorts_pipeline.embedded.youtube_sandbox.world import World, world_of

THUMBNAIL_BYTES = 50 * 1024 * 1024
_PICTURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}


async def list_videos(request: Request) -> Response:
    """videos.list by id. Private videos exist only for their owner."""
    world = world_of(request)
    asking(request)
    world.called("videos.list", cost=1)
    ids = request.query_params.get("id", "").split(",")
    if not ids[0] or len(ids) > 50:
        raise ApiError(400, "invalidFilters", "1 to 50 ids.")
    found = [video for video in map(world.store.videos.get, ids) if video is not None and not video.deleted]
    items = [_seen(world, request, video) for video in found]
    return _page("youtube#videoListResponse", [item for item in items if item is not None])


def _seen(world: World, request: Request, video: VideoRecord) -> dict[str, Any] | None:
    owner = world.channel(request).name == video.channel
    if not owner and video.privacy_now(world.clock.now()) == "private":
        return None
    high = request.query_params.get("maxHeight", "")
    return views.video(world, video, _parts(request), owner=owner, most_high=int(high) if high.isdigit() else None)


async def update_video(request: Request) -> Response:
    """videos.update: every mutable field of each named part is overwritten."""
    world = world_of(request)
    world.called("videos.update", cost=50)
    body = await request.json()
    video, now, parts = world.own_video(request, str(body.get("id", ""))), world.clock.now(), _parts(request)
    changes: dict[str, Any] = {}
    if "snippet" in parts:
        changes |= checked_snippet(body.get("snippet", {}))
    if "status" in parts:
        changes |= checked_status(body.get("status", {}), now, video.public_since(now))
        if video.order.lock_private:
            changes |= {"privacy": "private", "publish_at": None, "published_at": None}
    changed = video.model_copy(update=changes)
    world.store.save_video(changed)
    return JSONResponse(views.video(world, changed, parts))


async def delete_video(request: Request) -> Response:
    """videos.delete: what its owner does in YouTube Studio. Nobody finds it any more, and its figures go with it."""
    world = world_of(request)
    world.called("videos.delete", cost=50)
    world.store.delete_video(world.own_video(request, request.query_params.get("id", "")))
    return Response(status_code=204)


async def set_thumbnail(request: Request) -> Response:
    """thumbnails.set: a JPEG or PNG, once the video is processed."""
    world = world_of(request)
    world.called("thumbnails.set", cost=50)
    video = world.own_video(request, request.query_params.get("videoId", ""))
    picture = await request.body()
    if not picture:
        raise ApiError(400, "mediaBodyRequired", "The request does not include the image content.")
    suffix = next((suffix for magic, suffix in _PICTURES.items() if picture.startswith(magic)), None)
    if suffix is None or len(picture) > THUMBNAIL_BYTES:
        raise ApiError(400, "invalidImage", "The provided image content is invalid.")
    if video.processing(world.clock.now()) != "succeeded":
        raise ApiError(403, "forbidden", "The thumbnail can't be set for the specified video: it is not processed.")
    world.store.save_thumbnail(video, picture, suffix)
    address = f"https://i.ytimg.com/vi/{video.id}/default.jpg"
    return JSONResponse({"kind": "youtube#thumbnailSetResponse", "items": [{"default": {"url": address}}]})


async def list_channels(request: Request) -> Response:
    """channels.list(mine=true)."""
    world = world_of(request)
    channel = world.channel(request)
    world.called("channels.list", cost=1)
    if request.query_params.get("mine") != "true":
        raise ApiError(400, "missingRequiredParameter", "The sandbox knows mine=true only.")
    mine = world.store.of_channel(channel.name)
    item = {
        "kind": "youtube#channel",
        "id": channel.id,
        "snippet": {
            "title": channel.name,
            "customUrl": f"@{channel.name}",
            "publishedAt": instant(channel.created_at),
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": channel.uploads}},
        "statistics": {"videoCount": str(len(mine))},
    }
    return _page("youtube#channelListResponse", [item])


async def list_playlists(request: Request) -> Response:
    """playlists.list(mine=true)."""
    world = world_of(request)
    channel = world.channel(request)
    world.called("playlists.list", cost=1)
    items = [
        {"kind": "youtube#playlist", "id": key, "snippet": {"title": key, "channelId": channel.id}}
        for key in channel.playlists
    ]
    return _page("youtube#playlistListResponse", items)


async def list_playlist_items(request: Request) -> Response:
    """playlistItems.list: the uploads of the channel that asks, newest first, or a playlist of its own."""
    world = world_of(request)
    channel = world.channel(request)
    world.called("playlistItems.list", cost=1)
    playlist = request.query_params.get("playlistId", "")
    only = request.query_params.get("videoId")
    ids = [video_id for video_id in _entries(world, channel, playlist) if only in (None, video_id)]
    size = min(50, int(request.query_params.get("maxResults", "5")))
    token = request.query_params.get("pageToken", "0")
    if not token.isdigit():
        raise ApiError(400, "invalidPageToken", "The request specifies an invalid page token.")
    begin = int(token)
    items = [_item(world, playlist, video_id) for video_id in ids[begin : begin + size]]
    more = {"nextPageToken": str(begin + size)} if begin + size < len(ids) else {}
    return _page("youtube#playlistItemListResponse", items, total=len(ids), **more)


def _entries(world: World, channel: ChannelRecord, playlist: str) -> list[str]:
    if playlist == channel.uploads:
        return [video.id for video in world.store.of_channel(channel.name)]
    if playlist in channel.playlists:
        return channel.playlists[playlist]
    raise ApiError(404, "playlistNotFound", "The playlist cannot be found.")


async def insert_playlist_item(request: Request) -> Response:
    """playlistItems.insert. A playlist the channel does not have yet is made: a rehearsal has nobody to make it."""
    world = world_of(request)
    channel = world.channel(request)
    world.called("playlistItems.insert", cost=50)
    snippet = (await request.json()).get("snippet", {})
    playlist, video_id = str(snippet.get("playlistId", "")), str(snippet.get("resourceId", {}).get("videoId", ""))
    if not playlist or playlist.startswith("UU"):
        raise ApiError(404, "playlistNotFound", "The playlist cannot be found.")
    world.own_video(request, video_id)
    channel.playlists.setdefault(playlist, []).append(video_id)
    world.store.save_channel(channel)
    return JSONResponse(_item(world, playlist, video_id))


def _item(world: World, playlist: str, video_id: str) -> dict[str, Any]:
    video, now = world.store.videos[video_id], world.clock.now()
    public = video.public_since(now)
    there = not video.deleted
    return {
        "kind": "youtube#playlistItem",
        "id": digest("item", playlist, video_id, length=24),
        "snippet": {
            "publishedAt": instant(video.uploaded_at),
            "title": video.title if there else "Deleted video",
            "playlistId": playlist,
            "resourceId": {"kind": "youtube#video", "videoId": video_id},
        },
        "contentDetails": {"videoId": video_id}
        | ({"videoPublishedAt": instant(public)} if public is not None and there else {}),
        "status": {"privacyStatus": video.privacy_now(now) if there else "privacyStatusUnspecified"},
    }


def _parts(request: Request) -> list[str]:
    return request.query_params.get("part", "").split(",")


def _page(kind: str, items: list[dict[str, Any]], *, total: int | None = None, **more: str) -> JSONResponse:
    count = len(items) if total is None else total
    info = {"totalResults": count, "resultsPerPage": len(items)}
    return JSONResponse({"kind": kind, "pageInfo": info, "items": items} | more)


ROUTES = [
    Route("/youtube/v3/videos", list_videos, methods=["GET"]),
    Route("/youtube/v3/videos", update_video, methods=["PUT"]),
    Route("/youtube/v3/videos", delete_video, methods=["DELETE"]),
    Route("/upload/youtube/v3/thumbnails/set", set_thumbnail, methods=["POST"]),
    Route("/youtube/v3/channels", list_channels, methods=["GET"]),
    Route("/youtube/v3/playlists", list_playlists, methods=["GET"]),
    Route("/youtube/v3/playlistItems", list_playlist_items, methods=["GET"]),
    Route("/youtube/v3/playlistItems", insert_playlist_item, methods=["POST"]),
]
