"""Pexels: https://www.pexels.com/api/documentation/ — photos and videos; a key in a header; 200 requests an hour.

Its guidelines ask for a link to the work and the name of who made it: both go into the credit.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel

from shorts_pipeline.videos.pictures.illustrate import Credit
from shorts_pipeline.videos.pictures.stock.offers import Kind, Offer, Rendition, best
from shorts_pipeline.videos.pictures.stock.requests import Request, valid

LICENCE: Final = "Pexels License"
# The documented sizes of its renditions: a box the photo is fitted into, or crops of exactly this size.
_LARGE_2X: Final = (1880, 1300)
_PORTRAIT: Final = (800, 1200)
_LOCALES: Final = {"ko": "ko-KR", "en": "en-US", "ja": "ja-JP", "de": "de-DE", "fr": "fr-FR", "es": "es-ES"}


class _Sizes(BaseModel):
    original: str
    large2x: str
    portrait: str


class _Photo(BaseModel):
    id: int
    width: int
    height: int
    url: str
    photographer: str = ""
    src: _Sizes


class _User(BaseModel):
    name: str = ""


class _File(BaseModel):
    link: str
    width: int | None = None
    height: int | None = None
    file_type: str = ""


class _Video(BaseModel):
    id: int
    url: str
    duration: float = 0
    user: _User = _User()
    video_files: list[_File]


@dataclass(frozen=True)
class Pexels:
    """What it is asked and what its answers mean."""

    base: str
    name: str = "pexels"
    # Its limit is an hour's; a refusal says nothing of when it ends.
    rests: timedelta = timedelta(minutes=20)
    key_refused: tuple[int, ...] = (401,)

    def request(self, words: str, language: str, kind: Kind, key: str) -> Request:
        """A search for upright works in the language of the words."""
        query = {"query": words, "orientation": "portrait", "per_page": "80"}
        # Films of Full HD at least; photos of four megapixels.
        query["size"] = "medium" if kind == "video" else "small"
        if language in _LOCALES:
            query["locale"] = _LOCALES[language]
        path = "/videos/search" if kind == "video" else "/v1/search"
        return Request(self.base + path, query, headers={"Authorization": key})

    def offers(self, document: dict[str, Any], kind: Kind) -> list[Offer]:
        """The works of an answer; one that is not as documented is left out."""
        if kind == "photo":
            return [offer for one in valid(_Photo, document.get("photos")) if (offer := _photo(one))]
        return [offer for one in valid(_Video, document.get("videos")) if (offer := _video(one))]


def _photo(one: _Photo) -> Offer | None:
    if one.width <= 0 or one.height <= 0:
        return None
    share = min(_LARGE_2X[0] / one.width, _LARGE_2X[1] / one.height, 1.0)
    large = Rendition(one.src.large2x, round(one.width * share), round(one.height * share))
    found = best(
        [Rendition(one.src.original, one.width, one.height), large, Rendition(one.src.portrait, *_PORTRAIT)], "photo"
    )
    identity = f"pexels:photo:{one.id}"
    return None if found is None else Offer(identity, found, _credit(one.photographer, one.url, identity))


def _video(one: _Video) -> Offer | None:
    files = [file for file in one.video_files if file.file_type in {"video/mp4", ""} and file.width and file.height]
    found = best([Rendition(file.link, file.width or 0, file.height or 0) for file in files], "video")
    identity = f"pexels:video:{one.id}"
    return None if found is None else Offer(identity, found, _credit(one.user.name, one.url, identity), one.duration)


def _credit(author: str, page: str, identity: str) -> Credit:
    return Credit("pexels", author or None, LICENCE, page, identity)
