"""Pixabay: https://pixabay.com/api/docs/ — photos and videos; a key in the query; 100 requests a minute.

Its terms ask that answers are kept for 24 hours (searches.py), that files are downloaded rather than linked, and that
one says where they are from: that goes into the credit.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel

from shorts_pipeline.videos.pictures.illustrate import Credit
from shorts_pipeline.videos.pictures.stock.offers import Kind, Offer, Rendition, best
from shorts_pipeline.videos.pictures.stock.requests import Request, valid

LICENCE: Final = "Pixabay Content License"
MOST_CHARACTERS: Final = 100
_LARGE: Final = 1280
_FULL_HD: Final = 1920
_LANGUAGES: Final = frozenset(
    "cs da de en es fr id it hu nl no pl pt ro sk fi sv tr vi th bg ru el ja ko zh".split()  # noqa: SIM905
)


class _Photo(BaseModel):
    id: int
    pageURL: str  # noqa: N815 - its own names
    user: str = ""
    imageWidth: int  # noqa: N815
    imageHeight: int  # noqa: N815
    largeImageURL: str  # noqa: N815
    # Only for keys that were given full access.
    fullHDURL: str | None = None  # noqa: N815
    imageURL: str | None = None  # noqa: N815


class _File(BaseModel):
    url: str = ""
    width: int = 0
    height: int = 0


class _Video(BaseModel):
    id: int
    pageURL: str  # noqa: N815
    user: str = ""
    duration: float = 0
    videos: dict[str, _File]


@dataclass(frozen=True)
class Pixabay:
    """What it is asked and what its answers mean."""

    base: str
    name: str = "pixabay"
    rests: timedelta = timedelta(minutes=1)
    # A wrong key is a bad request there.
    key_refused: tuple[int, ...] = (400, 401)

    def request(self, words: str, language: str, kind: Kind, key: str) -> Request:
        """A search in the language of the words; films cannot be asked for upright."""
        query = {"q": _cut(words), "safesearch": "true", "per_page": "200"}
        if language in _LANGUAGES:
            query["lang"] = language
        if kind == "photo":
            query |= {"image_type": "photo", "orientation": "vertical", "min_height": "1200"}
        else:
            query |= {"video_type": "film"}
        path = "/api/videos/" if kind == "video" else "/api/"
        return Request(self.base + path, query, secret_query={"key": key})

    def offers(self, document: dict[str, Any], kind: Kind) -> list[Offer]:
        """The works of an answer; one that is not as documented is left out."""
        if kind == "photo":
            return [offer for one in valid(_Photo, document.get("hits")) if (offer := _photo(one))]
        return [offer for one in valid(_Video, document.get("hits")) if (offer := _video(one))]


def _photo(one: _Photo) -> Offer | None:
    sizes = [(one.largeImageURL, _LARGE), (one.fullHDURL, _FULL_HD), (one.imageURL, 0)]
    found = best([_fitted(address, most, one) for address, most in sizes if address], "photo")
    identity = f"pixabay:photo:{one.id}"
    return None if found is None else Offer(identity, found, _credit(one.user, one.pageURL, identity))


def _fitted(address: str, most: int, one: _Photo) -> Rendition:
    """A rendition whose longer edge has at most `most` pixels (0: the original)."""
    longer = max(one.imageWidth, one.imageHeight, 1)
    share = min(most / longer, 1.0) if most else 1.0
    return Rendition(address, round(one.imageWidth * share), round(one.imageHeight * share))


def _video(one: _Video) -> Offer | None:
    files = [file for file in one.videos.values() if file.url]
    found = best([Rendition(file.url, file.width, file.height) for file in files], "video")
    identity = f"pixabay:video:{one.id}"
    return None if found is None else Offer(identity, found, _credit(one.user, one.pageURL, identity), one.duration)


def _credit(author: str, page: str, identity: str) -> Credit:
    return Credit("pixabay", author or None, LICENCE, page, identity)


def _cut(words: str) -> str:
    """Whole words of at most 100 characters."""
    while len(words) > MOST_CHARACTERS and " " in words:
        words = words.rpartition(" ")[0]
    return words[:MOST_CHARACTERS]
