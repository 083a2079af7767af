"""Illustrate: a still for every sentence, from the channel's sources in their order; nothing twice in a video.

A still is a picture that is drawn or read when it is needed, or a clip that is read as it is shown, so that a long
video does not hold them all in memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.errors import Rejected
from shorts_pipeline.language import speaking_seconds
from shorts_pipeline.videos.cards.choose import Card, card_for
from shorts_pipeline.videos.composing.planes import Planes
from shorts_pipeline.videos.fonts import Face

if TYPE_CHECKING:
    from PIL.Image import Image

    from shorts_pipeline.resources.media import MediaStore
    from shorts_pipeline.videos.composing.headline import Overlay
    from shorts_pipeline.videos.pictures.supply import Supply

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
    """One sentence of it: its text, the `index`-th of `count`, what its card says, and about how long it is spoken."""

    text: str
    index: int
    count: int
    card: Card
    seconds: float = 4.0


@dataclass(frozen=True)
class Credit:
    """Whose work a still is; `identity` tells it from every other, in this video and the channel's next ones."""

    source: str
    author: str | None
    licence: str
    address: str | None
    identity: str | None = None


class Reel(Protocol):
    """A clip being shown. Frames are asked for in order; another order works and is slow."""

    def at(self, frame: int) -> Planes:
        """The planes of the `frame`-th picture (yuv420p, 1080x1920), the caller's own."""
        ...

    def close(self) -> None:
        """Let go of its file."""
        ...


class Film(Protocol):
    """A clip that can be shown for any number of frames."""

    def play(self, frames: int, rate: int) -> Reel: ...


class Effect(Protocol):
    """A change that a channel's own Python makes to a scene: takes a moviepy clip, gives one back."""

    @property
    def name(self) -> str:
        """As the channel's file calls it."""
        ...

    def __call__(self, clip: object) -> object: ...


@dataclass(frozen=True)
class Still:
    """A picture for a scene; `open` gives it in RGB, covering a canvas. `identity` tells two works apart.

    With a `film` the scene moves by itself and the picture is its beginning. The `card` stands still upon it and
    `says` something.
    """

    open: Callable[[Canvas], "Image"]
    source: str
    identity: str
    credit: Credit | None = None
    film: Film | None = None
    card: "Callable[[], Overlay | None] | None" = None
    says: str = ""
    effects: tuple[Effect, ...] = ()


class StillSource(Protocol):
    """Somewhere pictures come from."""

    def still(self, scene: Scene, used: frozenset[str]) -> Still | None:
        """A picture for the scene that is not among the `used` identities, or None."""
        ...


def illustrate(
    story: Story, sentences: Sequence[str], sources: Sequence[StillSource], shown: frozenset[str] = frozenset()
) -> list[Still]:
    """One still a sentence, none that is in `shown`: the first source that has one wins.

    Raises `Rejected` where none has.
    """
    stills: list[Still] = []
    for scene in scenes(story, sentences):
        used = shown | {still.identity for still in stills}
        still = next((found for source in sources if (found := source.still(scene, used))), None)
        if still is None:
            raise Rejected(f"no picture for sentence {scene.index + 1}; add `drawn` to the channel's visuals")
        stills.append(still)
    return stills


def scenes(story: Story, sentences: Sequence[str]) -> list[Scene]:
    """The sentences with their cards: none says again what another said; where there is nothing new, the last stays."""
    found: list[Scene] = []
    for index, text in enumerate(sentences):
        said = frozenset(scene.card.text for scene in found)
        card = card_for(text, keywords=story.keywords, language=story.language, said=said)
        if card.kind == "none":
            card = found[-1].card if found else _of_title(story)
        found.append(Scene(text, index, len(sentences), card, speaking_seconds(text, story.language)))
    return found


def _of_title(story: Story) -> Card:
    """A beginning that shows nothing of its own shows the story's word, as its title writes it."""
    return card_for(story.title, keywords=story.keywords, language=story.language, said=frozenset())


def sources_of(
    style: VideoStyle, story: Story, store: "MediaStore", face: Face, supply: "Supply | None" = None
) -> list[StillSource]:
    """The channel's sources in its order; `supply` is what those of the web take.

    `drawn` always comes last: it never has nothing. Raises `ConfigurationError` where a key is missing.
    """
    from shorts_pipeline.videos.pictures.supply import source_named

    named = [name for name in style.visuals if name != "drawn"] if "drawn" not in style.visuals else _until(style)
    return [source_named(name, style, story, store, face, supply) for name in [*named, "drawn"]]


def _until(style: VideoStyle) -> list[str]:
    """What comes before `drawn`: what is named behind it would never be asked."""
    return list(style.visuals[: style.visuals.index("drawn")])
