"""Normalise: an item as a story: clean title, language, summary, keywords, entities, categories.

In two steps, because the second is dear: `read` (title, text, hash) for every item, `understand` (morphemes, entities)
only for what the cheap looks at duplicates left. Both are rules and deterministic; a language model comes on top of
them (understanding.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shorts_pipeline.language import clean_line, detect, keywords
from shorts_pipeline.language.tokens import keywords_of, morphemes_of
from shorts_pipeline.topics.english_names import english_entities
from shorts_pipeline.topics.entities import Entity
from shorts_pipeline.topics.items import Item
from shorts_pipeline.topics.korean_names import korean_entities
from shorts_pipeline.topics.summaries import body_sentences, plain_text, summarize
from shorts_pipeline.topics.titles import Headline, headline

MOST_KEYWORDS = 10


@dataclass(frozen=True)
class Read:
    """An item with its markup gone: `headline` for comparing, `text` in plain paragraphs."""

    item: Item
    headline: Headline
    text: str

    @property
    def all_words(self) -> str:
        """Everything a keyword may appear in; the raw title too, whose marks ("[속보]") say something."""
        return f"{clean_line(self.item.title)}\n{self.text}"

    @property
    def told_at(self) -> datetime:
        """When the story was told."""
        return self.item.told_at


@dataclass(frozen=True)
class Understood:
    """What a story is about.

    The rest only a language model says (understanding.py): a cleaner title, the language, categories of the channel's
    list, title and summary in the channel's language, and whether anybody looked at what is said of whom.
    """

    summary: str | None
    keywords: tuple[str, ...]
    entities: tuple[Entity, ...]
    title: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    translated_title: str | None = None
    translated_summary: str | None = None
    sentiment_checked: bool = False


def read(item: Item) -> Read:
    """Title, language and plain text of an item."""
    language = item.raw_language or item.source.language
    text = plain_text(item.text)
    first = headline(item.title, site=item.source.name, language=(language or "en")[:2].lower())
    return Read(item, first, text)


def understand(stories: Sequence[Read]) -> list[Understood]:
    """Summary, keywords and entities of each story, in order; Korean is analysed in one batch."""
    bodies = [_sentences_of(story) for story in stories]
    korean = [index for index, story in enumerate(stories) if story.headline.language == "ko"]
    texts = [" ".join([stories[index].headline.title + ".", *bodies[index][:5]]) for index in korean]
    tagged = dict(zip(korean, zip(texts, morphemes_of(texts), strict=True), strict=True)) if korean else {}
    understood = []
    for index, story in enumerate(stories):
        summary = summarize(story.text, _body_language(story)) if story.text else None
        if index in tagged:
            text, morphemes = tagged[index]
            words = keywords_of(morphemes, MOST_KEYWORDS)
            named = korean_entities(morphemes, text)
        else:
            text = " ".join([story.headline.title + ".", *bodies[index][:5]])
            words = keywords(text, story.headline.language, MOST_KEYWORDS)
            named = english_entities(story.headline.title, bodies[index][:5])
        understood.append(Understood(_new_words(summary, story.headline.title), tuple(words), tuple(named)))
    return understood


def _sentences_of(story: Read) -> list[str]:
    return body_sentences(story.text, _body_language(story)) if story.text else []


def _body_language(story: Read) -> str:
    return detect(story.text[:500], default=story.headline.language)


def _new_words(summary: str | None, title: str) -> str | None:
    """A feed that repeats its title as text has no summary."""
    return None if summary is None or summary.rstrip(".").casefold() == title.rstrip(".").casefold() else summary
