"""Told: a published short as a story: the topic it was about, by the topics room's own rules, and its script.

No model is asked: hundreds of videos would cost money, and rules say the same each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from shorts_pipeline.database import ImportedFrom
from shorts_pipeline.importing.captions import spoken
from shorts_pipeline.importing.described import is_text, prose, without_hashtags
from shorts_pipeline.language import clean_line, detect
from shorts_pipeline.resources.youtube import ExistingVideo
from shorts_pipeline.scripts.brief import Story
from shorts_pipeline.scripts.hooks import hook_score
from shorts_pipeline.scripts.material import Newsroom
from shorts_pipeline.scripts.style import style_score
from shorts_pipeline.scripts.words import found_words
from shorts_pipeline.topics.categories import Fit, completed, fit
from shorts_pipeline.topics.desk import Desk
from shorts_pipeline.topics.items import Item, Origin
from shorts_pipeline.topics.nearness import Nearness
from shorts_pipeline.topics.normalize import Read, Understood, read, understand
from shorts_pipeline.topics.telling import standing_for
from shorts_pipeline.topics.title_keys import title_bands
from shorts_pipeline.topics.titles import Headline, content_hash

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Embedder


@dataclass(frozen=True)
class Words:
    """What a short said: sentences, where they are from, and the scores of spoken ones (None: not judged)."""

    sentences: tuple[str, ...]
    source: ImportedFrom
    style: float | None = None
    hook: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The script: a paragraph each for hook, body and conclusion where it has all three."""
        told = self.sentences
        parts = (told[:1], told[1:-1], told[-1:]) if len(told) > 2 else (told,)
        return "\n\n".join(" ".join(part) for part in parts)


@dataclass(frozen=True)
class Published:
    """What is known of a short: its video's id, title, time and language, as the topics room is told of an item."""

    video_id: str
    title: str
    url: str
    at: datetime
    language: str | None

    @classmethod
    def of(cls, video: ExistingVideo, url: str) -> "Published":
        """Of a video on YouTube."""
        return cls(video.id, video.title, url, video.published_at, video.language)


@dataclass(frozen=True)
class Told:
    """A short as a story: its headline, what it is about, its categories, its title's bands, its words."""

    short: Published
    headline: Headline
    understood: Understood
    fit: Fit
    bands: Sequence[int]
    words: Words


def described(video: ExistingVideo, language: str) -> Words:
    """The words of a short by its description where that is a text; else its title and what stands under it.

    Neither was spoken: they have no scores, and so are no examples to train with.
    """
    known = detect(video.description[:500], default=language)
    told = prose(video.description, known)
    if is_text(told, known):
        return Words(tuple(told), ImportedFrom.DESCRIPTION)
    title = without_hashtags(video.title) or video.id
    return Words((title, *(each for each in told if each != title)), ImportedFrom.TITLE)


def heard(track: str, title: str, room: Newsroom, details: Mapping[str, Any]) -> Words | None:
    """The words of a short by its captions, judged as any script of the channel; None where nothing was said."""
    language = room.content.language
    said = spoken(track, language)
    if not said:
        return None
    style = room.voice.style
    avoided = found_words(" ".join(said), (*style.avoided_words, *style.avoided_phrases, *room.content.must_avoid))
    # A hook is held against what comes after it: against itself it would always be about its story.
    story = Story(uuid4(), clean_line(title), language, "", (" ".join(said[1:]),), ())
    return Words(
        sentences=tuple(said),
        source=ImportedFrom.CAPTIONS,
        style=style_score(said, style, language, avoided=len(avoided)),
        hook=round(hook_score(said[:1], story, room.content.opening, language).total, 4),
        details=details,
    )


def tell(
    desk: Desk, origin: Origin, shorts: Sequence[tuple[Published, Words]], embedder: "Embedder", now: datetime
) -> list[Told]:
    """The stories of these shorts, in order."""
    stories = [read(_item(short, words, origin, now)) for short, words in shorts]
    headlines = [_named(story.headline, short) for story, (short, _) in zip(stories, shorts, strict=True)]
    understood = understand(stories)
    fits = _fits(desk, stories, understood, embedder)
    bands = title_bands([each.normalized for each in headlines])
    return [
        Told(short, headline, about, fitted, band, words)
        for (short, words), headline, about, fitted, band in zip(
            shorts, headlines, understood, fits, bands, strict=True
        )
    ]


def _item(short: Published, words: Words, origin: Origin, now: datetime) -> Item:
    return Item(
        id=uuid4(),
        source=origin,
        title=without_hashtags(short.title),
        text="" if words.source is ImportedFrom.TITLE and len(words.sentences) == 1 else words.text,
        url=short.url,
        published_at=short.at,
        fetched_at=now,
        raw_language=short.language,
    )


def _named(headline: Headline, short: Published) -> Headline:
    """A title of emoji alone leaves nothing to compare: the video's id stands for it."""
    if headline.normalized:
        return headline
    name = short.video_id.casefold()
    title = clean_line(short.title) or short.video_id
    return replace(headline, title=title, normalized=name, content_hash=content_hash(name))


def _fits(desk: Desk, stories: Sequence[Read], understood: Sequence[Understood], embedder: "Embedder") -> list[Fit]:
    """Categories by words; where none fits, by what the story means."""
    subjects = desk.sieve.subjects
    fits = [fit(subjects, story.headline.title, story.text) for story in stories]
    without = [place for place, found in enumerate(fits) if not found.categories]
    if not without or not desk.topics.include.categories:
        return fits
    nearness = Nearness.of(desk.topics, embedder)
    vectors = embedder.embed(
        [standing_for(stories[place].headline.title, understood[place].summary) for place in without]
    )
    for place, vector in zip(without, vectors, strict=True):
        fits[place] = completed(fits[place], subjects, told=(), nearest=nearness.clearly(vector))
    return fits
