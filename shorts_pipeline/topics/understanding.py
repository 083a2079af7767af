"""Understanding by a language model: one structured call for a batch of stories, every answer checked on its story.

What a model says is believed only as far as the source bears it out: each name, figure and keyword must stand in the
story, each category in the channel's list. A story whose answer fails, is missing or comes twice keeps what the rules
found (normalize.py); a call that fails leaves its whole batch to the rules. Nobody is stopped by a model.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import regex
from pydantic import BaseModel, Field

from shorts_pipeline.errors import PipelineError
from shorts_pipeline.language import clean_line, detect, graphemes
from shorts_pipeline.language.lexicon import is_common
from shorts_pipeline.resources.models.language_model import NOTHING_SPENT, LanguageModel, Spent
from shorts_pipeline.topics.entities import MOST_ENTITIES, TYPES, Entity
from shorts_pipeline.topics.normalize import MOST_KEYWORDS, Read, Understood, understand
from shorts_pipeline.topics.summaries import LONGEST_SUMMARY
from shorts_pipeline.topics.titles import LONGEST_TITLE, normalize_title

STORIES_A_CALL = 10
MOST_TEXT = 1_500
SENTIMENTS = ("negative", "neutral", "positive")
INSTRUCTIONS = """\
You read news items for a video channel. The data is a JSON array of items: number, title, text, language by our guess.
Give for every item, by its number, exactly one object:
- language: ISO 639-1 code of the item's language.
- title: the item's own title without marks, site names and emoji; no word that is not in it.
- summary: at most {summary} characters of whole sentences in the item's own language; nothing that the item does not
  say; no figure, name, address, handle or hashtag that is not in it.
- categories: those of this list that the item is about, the nearest first, or none: {categories}.
- keywords: up to {keywords} words of the item, as they stand there, the most telling first.
- entities: persons, organisations, places and other names in the item, as they stand there: name, type (person,
  organisation, place or name) and the sentiment of what is said about it (negative, neutral or positive).
- translated_title, translated_summary: title and summary in {language}, only where the item's language is another.
"""
_NUMBER = regex.compile(r"\d+(?:[.,]\d+)*")
_ADDRESS = regex.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|(?<![\p{L}\p{N}])[@#][\p{L}\p{N}_]+|"
    r"(?<![\w.])(?:[\w-]+\.)+(?:com|net|org|io|kr|co|ru|info|shop|xyz|me|ly|gg|tv|app|link|biz|top)\b(?:/\S*)?",
    regex.IGNORECASE,
)
_LATIN_NAME = regex.compile(r"\p{Lu}[\p{Latin}\p{N}&+-]*")
_HANGUL_WORD = regex.compile(r"\p{Hangul}{2,}")


class ToldEntity(BaseModel):
    """A named thing, as the model sees it."""

    name: str
    type: str = "name"
    sentiment: str = "neutral"


class Told(BaseModel):
    """What the model says of one story. Loose on purpose: one bad field must cost one story, not the batch."""

    number: int
    language: str = ""
    title: str = ""
    summary: str | None = None
    categories: list[str] = Field(default_factory=list)
    keywords: list[str] = Field(default_factory=list)
    entities: list[ToldEntity] = Field(default_factory=list)
    translated_title: str | None = None
    translated_summary: str | None = None


class ToldStories(BaseModel):
    """The answer to one call."""

    items: list[Told]


@dataclass
class Notes:
    """What the model did in a run, for the run's metadata."""

    model: str = ""
    understood: int = 0
    by_rules: Counter[str] = field(default_factory=Counter)
    failed_calls: Counter[str] = field(default_factory=Counter)
    spent: Spent = NOTHING_SPENT
    prompt_sha256: str = ""

    def as_metadata(self) -> dict[str, Any]:
        """Plain values; nothing where no model is configured."""
        if not self.model:
            return {}
        return {
            "model": self.model,
            "model_understood": self.understood,
            "model_answers_refused": dict(self.by_rules),
            "model_calls_failed": dict(self.failed_calls),
            "model_tokens": self.spent.tokens_in + self.spent.tokens_out,
            "model_usd": float(self.spent.cost or 0),
            "prompt_sha256": self.prompt_sha256,
        }


@dataclass
class Reader:
    """Reads stories for one channel: by the rules, and by its model where it has one.

    `open_model` is asked once, at the first story; what it raises is a failed call like any other.
    """

    categories: Sequence[str] = ()
    language: str = "en"
    open_model: Callable[[], LanguageModel | None] = lambda: None
    notes: Notes = field(default_factory=Notes)
    _model: LanguageModel | None = None
    _opened: bool = False

    def understand(self, stories: Sequence[Read]) -> list[Understood]:
        """What each story is about, in order."""
        understood = understand(stories)
        model = self._open() if stories else None
        if model is None:
            return understood
        for start in range(0, len(stories), STORIES_A_CALL):
            part = range(start, min(start + STORIES_A_CALL, len(stories)))
            told = self._ask(model, [stories[index] for index in part])
            for number, index in enumerate(part, 1):
                if number in told:
                    understood[index] = self._checked(stories[index], told[number], understood[index])
        return understood

    def _open(self) -> LanguageModel | None:
        if not self._opened:
            self._opened = True
            try:
                self._model = self.open_model()
            except PipelineError as error:
                self.notes.model = "not to be had"
                self.notes.failed_calls[str(error)] += 1
        if self._model is not None:
            self.notes.model = self._model.name
        return self._model

    def _ask(self, model: LanguageModel, stories: Sequence[Read]) -> Mapping[int, Told]:
        """Story number → its one answer; empty where the call fails."""
        data = [
            {
                "number": number,
                "title": clean_line(story.item.title)[:LONGEST_TITLE],
                "text": story.text[:MOST_TEXT],
                "language": story.headline.language,
            }
            for number, story in enumerate(stories, 1)
        ]
        instructions = INSTRUCTIONS.format(
            summary=LONGEST_SUMMARY,
            categories=json.dumps(list(self.categories), ensure_ascii=False),
            keywords=MOST_KEYWORDS,
            language=self.language,
        )
        self.notes.prompt_sha256 = hashlib.sha256(instructions.encode()).hexdigest()
        try:
            answer = model.ask(instructions, json.dumps(data, ensure_ascii=False), ToldStories)
        except PipelineError as error:
            self.notes.failed_calls[str(error)] += 1
            self.notes.spent += getattr(error, "spent", NOTHING_SPENT)
            return {}
        self.notes.spent += answer.spent
        times = Counter(told.number for told in answer.value.items)
        for number in range(1, len(stories) + 1):
            if times[number] != 1:
                self.notes.by_rules["missing" if not times[number] else "more than one answer"] += 1
        return {told.number: told for told in answer.value.items if times[told.number] == 1}

    def _checked(self, story: Read, told: Told, by_rules: Understood) -> Understood:
        fault = fault_of(story, told, self.categories)
        if fault:
            self.notes.by_rules[fault] += 1
            return by_rules
        self.notes.understood += 1
        title, summary = self._translation(story, told)
        return replace(
            by_rules,
            title=clean_line(told.title),
            language=told.language,
            summary=clean_line(told.summary) if told.summary else by_rules.summary,
            keywords=tuple(dict.fromkeys(map(clean_line, told.keywords)))[:MOST_KEYWORDS] or by_rules.keywords,
            entities=tuple(_entities(told)),
            categories=tuple(dict.fromkeys(told.categories)),
            translated_title=title,
            translated_summary=summary,
            sentiment_checked=True,
        )

    def _translation(self, story: Read, told: Told) -> tuple[str | None, str | None]:
        """Title and summary in the channel's language; None where none is due or it says more than its source."""
        if told.language == self.language or not told.translated_title:
            return None, None
        parts = []
        for text, most in ((told.translated_title, LONGEST_TITLE), (told.translated_summary, LONGEST_SUMMARY)):
            line = clean_line(text or "").replace("<", "〈").replace(">", "〉")
            wrong = (
                len(graphemes(line)) > most
                or detect(line, self.language) != self.language
                or _adds(story, line, names=False)
            )
            parts.append(None if not line or wrong else line)
        return parts[0], parts[1]


def fault_of(story: Read, told: Told, categories: Sequence[str]) -> str:
    """Why an answer cannot be believed; "" where it can."""
    source = _letters(f"{story.item.title}\n{story.headline.title}\n{story.text}")
    summary = told.summary or ""
    checks = (
        ("a language that is none", regex.fullmatch(r"[a-z]{2}", told.language) is None),
        ("a title that is not its own", not _shortened(told.title, story.headline.title)),
        ("a summary that is too long", len(graphemes(summary)) > LONGEST_SUMMARY),
        ("a category that is not the channel's", not set(told.categories) <= set(categories)),
        ("a keyword that is not in the story", any(_letters(word) not in source for word in told.keywords)),
        ("a name that is not in the story", any(_letters(each.name) not in source for each in told.entities)),
        ("an empty name or keyword", not all(map(_letters, [*told.keywords, *(each.name for each in told.entities)]))),
        ("a type that is none", any(each.type not in TYPES for each in told.entities)),
        ("a sentiment that is none", any(each.sentiment not in SENTIMENTS for each in told.entities)),
        ("a summary in another language", bool(summary) and detect(summary, told.language) != told.language),
        ("a summary that says more than the story", bool(summary) and _adds(story, summary, names=True)),
    )
    return next((reason for reason, wrong in checks if wrong), "")


def _adds(story: Read, text: str, *, names: bool) -> bool:
    """Whether a text has a figure, address, handle, hashtag or Latin name (`names`: any name) that its story lacks."""
    raw = f"{story.item.title}\n{story.headline.title}\n{story.text}"
    source = _letters(raw)
    if any(_letters(each) not in source or each.casefold() not in raw.casefold() for each in _ADDRESS.findall(text)):
        return True
    if not _figures(text) <= _figures(raw):
        return True
    latin = (word for word in _LATIN_NAME.findall(text) if not is_common(word) or not names)
    if any(_letters(word) not in source for word in latin):
        return True
    return names and any(_letters(name) not in source for name in _korean_names(text))


def _korean_names(text: str) -> list[str]:
    """The names of a Korean text, by the rules."""
    if not _HANGUL_WORD.search(text):
        return []
    from shorts_pipeline.language import morphemes
    from shorts_pipeline.topics.korean_names import korean_entities

    return [each.name for each in korean_entities(morphemes(text), text) if _HANGUL_WORD.search(each.name)]


def _figures(text: str) -> set[str]:
    return {match.replace(",", "").rstrip(".") for match in _NUMBER.findall(text)}


def _letters(text: str) -> str:
    """How words are looked for in a source: NFC, case and everything but letters and figures aside."""
    return "".join(normalize_title(text).split())


def _shortened(title: str, own: str) -> bool:
    """Whether a title has nothing but words of the story's own title, in their order."""
    mine, left = normalize_title(title).split(), iter(normalize_title(own).split())
    return bool(mine) and all(word in left for word in mine)


def _entities(told: Told) -> list[Entity]:
    named: dict[str, Entity] = {}
    for each in told.entities:
        name = clean_line(each.name)
        named.setdefault(name, Entity(name, each.type, each.sentiment))  # type: ignore[arg-type]
    return list(named.values())[:MOST_ENTITIES]
