"""Asking: a brief as what a model is told (instructions) and what it is given to read (data).

The channel's file is trusted and becomes instructions. Everything that came from the web, and everything written
from it (the story, the series, the channel's past, the last draft and its faults), is data: between marks, as JSON.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from shorts_pipeline.database import RetrievalView
from shorts_pipeline.language.speaking import ENGLISH_WORDS_A_SECOND, KOREAN_SYLLABLES_A_SECOND, SENTENCE_PAUSE
from shorts_pipeline.scripts.brief import Brief, Fault
from shorts_pipeline.scripts.phrases import calls
from shorts_pipeline.scripts.prompt_files import Prompt, prompt

# A story longer than this is read from its beginning, in characters of all its texts together.
MOST_SOURCE = 12_000
MOST_PAST = 600
# One sentence of a script takes about so long, in seconds; the pauses between them are not spoken.
SECONDS_A_SENTENCE = 4.0
# Each time a judge says "too long", and where an answer was cut off, this much less is asked for.
SHORTER, AFTER_A_CUT = 0.85, 0.6
_VIEWS = {
    RetrievalView.SIMILAR: "similar",
    RetrievalView.OPINION: "opinions",
    RetrievalView.EXAMPLE: "examples",
    RetrievalView.HOOK: "hooks_that_performed",
}
_NONE = {"ko": "없음", "en": "none"}
_WORDS: dict[str, dict[str, str]] = {
    "ko": {
        "formal": "합니다체",
        "polite": "해요체",
        "casual": "해체 (반말)",
        "never": "쓰지 않는다",
        "sometimes": "가끔",
        "often": "자주",
        "question": "질문으로 시작한다.",
        "statement": "단언하는 문장으로 시작한다.",
        "statistic": "숫자로 시작한다.",
        "story": "이야기의 한 장면으로 시작한다.",
        "no call": "아무것도 청하지 않는다.",
        "call": "다음 가운데 하나를 글자 그대로: ",
    },
    "en": {
        "formal": "formal",
        "polite": "polite",
        "casual": "casual",
        "never": "never",
        "sometimes": "sometimes",
        "often": "often",
        "question": "It begins with a question.",
        "statement": "It begins with a statement.",
        "statistic": "It begins with a figure.",
        "story": "It begins as a story does, with a scene.",
        "no call": "nothing.",
        "call": "one of these, word for word: ",
    },
}


@dataclass(frozen=True)
class Letter:
    """What a model is sent, and the prompt files it was made from."""

    instructions: str
    data: str
    prompts: tuple[Prompt, ...]


def letter(brief: Brief, *, cut_off: bool = False, refused: Sequence[str] = ()) -> Letter:
    """The letter for a brief; `cut_off`: the last answer was too long, `refused`: why it was thrown away."""
    language = brief.content.language
    added: list[tuple[Prompt, dict[str, str]]] = [(prompt("writer", language), _places(brief, cut_off))]
    if brief.faults:
        added.append((prompt("rewrite", language), {"faults": ", ".join(sorted(brief.faults))}))
    if refused:
        added.append((prompt("refused", language), {"faults": ", ".join(refused)}))
    if cut_off:
        added.append((prompt("shorter", language), {}))
    instructions = "\n\n".join(each.filled(places) for each, places in added)
    return Letter(instructions, _data(brief), tuple(each for each, _ in added))


def wanted_length(brief: Brief, seconds: float) -> int:
    """How many Korean syllables, or words of any other language, take so many seconds at the persona's speed."""
    spoken = seconds * brief.voice.rate
    pauses = spoken / SECONDS_A_SENTENCE * SENTENCE_PAUSE
    rate = KOREAN_SYLLABLES_A_SECOND if brief.content.language == "ko" else ENGLISH_WORDS_A_SECOND
    return round(max(spoken - pauses, 1.0) * rate / 10) * 10 or 10


def _places(brief: Brief, cut_off: bool) -> dict[str, str]:
    voice, style, content = brief.voice, brief.voice.style, brief.content
    perspective, shown = voice.perspective, voice.examples
    words = _WORDS["ko" if content.language == "ko" else "en"]
    none = _NONE["ko" if content.language == "ko" else "en"]
    seconds = content.target_seconds * (SHORTER ** (brief.attempt - 1) if Fault.LONG in brief.faults else 1.0)
    seconds *= AFTER_A_CUT if cut_off else 1.0
    places: dict[str, str | Iterable[str]] = {
        "name": voice.name,
        "tagline": voice.tagline,
        "description": voice.description,
        "expertise": voice.expertise,
        "opening": words[content.opening],
        "language": content.language,
        "length": str(wanted_length(brief, seconds)),
        "seconds": str(round(seconds)),
        "must_mention": content.must_mention,
        "must_avoid": content.must_avoid,
        "call_to_action": _call(brief, words),
        "views": perspective.views_against_the_mainstream,
        "scripts": _listed(shown.scripts),
        "reactions": _listed(shown.reactions),
        "bad_examples": _listed(shown.bad_examples),
    }
    places |= {name: getattr(perspective, name) for name in ("approach", "core_values", "biases", "audience", "angle")}
    places |= {name: words[getattr(style, name)] for name in ("formality", "analogies", "examples")}
    places |= {name: getattr(style, name) for name in ("tone", "sentence_endings", "connectors", "emphasis_words")}
    places |= {name: getattr(style, name) for name in ("fillers", "avoided_words", "avoided_phrases", "avoided_styles")}
    places |= {"opening_style": style.opening_style, "closings": _quoted(style.closings)}
    places |= {"openings": _quoted(_with_plain_places(each) for each in style.openings)}
    return {name: (value if isinstance(value, str) else ", ".join(value)) or none for name, value in places.items()}


def _call(brief: Brief, words: dict[str, str]) -> str:
    phrases = calls(brief.voice.style, brief.content.language)
    return words["call"] + _quoted(phrases) if phrases else words["no call"]


def _quoted(phrases: Iterable[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)


def _listed(passages: Iterable[str]) -> str:
    return "\n\n".join(f"- {passage}" for passage in passages)


def _with_plain_places(phrase: str) -> str:
    """An opening as a model reads it: "{keyword:은/는}" is "{keyword}은/는"."""
    return str(regex.sub(r"\{(keyword|figure):([^}]*)\}", r"{\1}\2", phrase))


def _data(brief: Brief) -> str:
    story = brief.story
    title, summary, texts = story.grounds
    data: dict[str, Any] = {
        "story": {
            "title": title,
            "summary": summary,
            "texts": _within(texts, MOST_SOURCE),
            "language": story.language,
        },
        "channel_past": {
            name: [each.text[:MOST_PAST] for each in brief.retrieved if each.view is view]
            for view, name in _VIEWS.items()
        },
    }
    if story.episode:
        episode = story.episode
        data["series"] = {
            "name": episode.series,
            "description": episode.description,
            "episode": episode.number,
            "earlier_stories": list(episode.before),
        }
    if brief.faults:
        data |= {"previous_script": brief.previous, "faults": list(brief.reasons)}
    return json.dumps(data, ensure_ascii=False)


def _within(texts: Sequence[str], most: int) -> list[str]:
    """The texts one after the other until they have `most` characters, the last one cut at a paragraph or sentence."""
    kept: list[str] = []
    for text in texts:
        room = most - sum(map(len, kept))
        if len(text) > room:
            head = text[:room]
            end = max(head.rfind("\n"), head.rfind(". "), head.rfind("? "), head.rfind("! "))
            text = head[: end + 1].rstrip() if end > 0 else head
        if text:
            kept.append(text)
    return kept
