"""Illustrate: a still for every sentence, from the channel's sources in their order; nothing twice in a video.

A still is a picture that is drawn or read when it is needed, so that a long video does not hold them all in memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.cards import Card, card_for
from shorts_pipeline.videos.fonts import Face

if TYPE_CHECKING:
    from PIL.Image import Image

Canvas = tuple[int, int]


@dataclass(frozen=True)
class Story:
    """What the video is about."""

    title: str
    keywords: tuple[str, ...]
    language: str
    seed: int


@dataclass(frozen=True)
class Scene:
    """One sentence of it: its text, the `index`-th of `count`, and what its card says."""

    text: str
    index: int
    count: int
    card: Card


@dataclass(frozen=True)
class Credit:
    """Whose work a still is."""

    source: str
    author: str | None
    licence: str
    address: str | None


@dataclass(frozen=True)
class Still:
    """A picture for a scene; `open` gives it in RGB, covering a canvas. `identity` tells two works apart."""

    open: Callable[[Canvas], "Image"]
    source: str
    identity: str
    credit: Credit | None = None


class StillSource(Protocol):
    """Somewhere pictures come from."""

    def still(self, scene: Scene, used: frozenset[str]) -> Still | None:
        """A picture for the scene that is not among the `used` identities, or None."""
        ...


def illustrate(story: Story, sentences: Sequence[str], sources: Sequence[StillSource]) -> list[Still]:
    """One still a sentence: the first source that has one wins. Raises `Rejected` where none has."""
    stills: list[Still] = []
    for scene in scenes(story, sentences):
        used = frozenset(still.identity for still in stills)
        still = next((found for source in sources if (found := source.still(scene, used))), None)
        if still is None:
            raise Rejected(f"no picture for sentence {scene.index + 1}; add `drawn` to the channel's visuals")
        stills.append(still)
    return stills


def scenes(story: Story, sentences: Sequence[str]) -> list[Scene]:
    """The sentences with their cards; a card's words do not come twice in a row of sentences."""
    found: list[Scene] = []
    for index, text in enumerate(sentences):
        said = frozenset(scene.card.text for scene in found)
        card = card_for(text, keywords=story.keywords, language=story.language, said=said)
        found.append(Scene(text, index, len(sentences), card))
    return found


def sources_of(style: VideoStyle, story: Story, store: MediaStore, face: Face) -> list[StillSource]:
    """The channel's sources in its order. `drawn` always comes last: it never has nothing."""
    from shorts_pipeline.videos.drawn import Drawn
    from shorts_pipeline.videos.local_folder import LocalFolder

    chosen: list[StillSource] = []
    if "local" in style.visuals and style.visuals_folder:
        chosen.append(LocalFolder(_folder(store, style.visuals_folder), story, style, face))
    return [*chosen, Drawn(story, style, face)]


def _folder(store: MediaStore, relative: str) -> Path:
    return store.path(relative)
