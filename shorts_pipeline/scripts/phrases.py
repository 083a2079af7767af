"""Phrases: what the persona says of its own: openings, closings, the question to the viewer, joints.

The persona's own words come first; where it has none, plain ones in its formality. None of them states
anything about a story, so none can be wrong.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal, TypeVar
from uuid import UUID

import regex

from shorts_pipeline.database.documents import CommunicationStyle
from shorts_pipeline.language import sentences, with_josa

T = TypeVar("T")
Opening = Literal["question", "statement", "statistic", "story"]

_OPENINGS: dict[tuple[str, str], dict[Opening, tuple[str, ...]]] = {
    ("ko", "formal"): {
        "question": ("{fact} 소식, 들으셨습니까?", "{keyword}, 무슨 일이 있었을까요?", "{keyword} 소식, 들으셨습니까?"),
        "statement": ("{fact} 소식입니다.", "오늘은 {keyword} 소식입니다."),
        "statistic": ("{figure}. 오늘은 이 숫자부터 보겠습니다.",),
        "story": ("{fact} 이야기입니다.", "오늘 이야기의 주인공은 {keyword}입니다."),
    },
    ("ko", "polite"): {
        "question": ("{fact} 소식, 들으셨나요?", "{keyword}, 무슨 일이 있었을까요?", "{keyword} 소식, 들으셨나요?"),
        "statement": ("{fact} 소식이에요.", "오늘은 {keyword} 소식이에요."),
        "statistic": ("{figure}. 오늘은 이 숫자부터 볼게요.",),
        "story": ("{fact} 이야기예요.", "오늘 이야기의 주인공은 {keyword:이에요/예요}."),
    },
    ("ko", "casual"): {
        "question": ("{fact} 소식, 들었어?", "{keyword}, 무슨 일이 있었을까?", "{keyword} 소식, 들었어?"),
        "statement": ("{fact} 소식이야.", "오늘은 {keyword} 소식이야."),
        "statistic": ("{figure}. 오늘은 이 숫자부터 보자.",),
        "story": ("{fact} 이야기야.", "오늘 이야기의 주인공은 {keyword:이야/야}."),
    },
    ("en", ""): {
        "question": (
            "Did you catch this? {fact}.",
            "What is going on with {keyword}?",
            "Have you heard the news about {keyword}?",
        ),
        "statement": ("{fact}.", "Here is the latest on {keyword}."),
        "statistic": ("{figure}. Remember that number.",),
        "story": ("{fact}.", "This is a story about {keyword}."),
    },
}
_QUESTIONS = {
    ("ko", "formal"): "여러분은 어떻게 생각하십니까?",
    ("ko", "polite"): "여러분은 어떻게 생각하세요?",
    ("ko", "casual"): "너희는 어떻게 생각해?",
    ("en", ""): "What do you think?",
}
_FOLLOW = {
    ("ko", "formal"): "구독하시면 다음 소식도 받으실 수 있습니다.",
    ("ko", "polite"): "구독하고 다음 소식도 받아 보세요.",
    ("ko", "casual"): "구독하고 다음 소식도 받아 봐.",
    ("en", ""): "Follow for the next story.",
}
_AGAIN = {
    ("ko", "formal"): "지난번에 다룬 {keyword} 이야기, 이어서 보겠습니다.",
    ("ko", "polite"): "지난번에 다룬 {keyword} 이야기, 이어서 볼게요.",
    ("ko", "casual"): "지난번에 다룬 {keyword} 이야기, 이어서 볼게.",
    ("en", ""): "We have covered {keyword} before, and this is what is new.",
}
_CONTRASTS = {"ko": ("그런데", "근데", "하지만", "다만", "그러나"), "en": ("but", "however", "still", "yet")}
_ADDITIONS = {"ko": ("그리고", "여기에", "게다가", "또", "그리고요"), "en": ("and", "also", "plus", "on top of that")}


def kind(language: str, style: CommunicationStyle) -> tuple[str, str]:
    """The key of the plain phrases: English has one manner, Korean three."""
    return ("ko", style.formality) if language == "ko" else ("en", "")


def openings(style: CommunicationStyle, language: str, opening: Opening) -> list[str]:
    """Opening phrases, those that open as the channel wants first; {keyword}, {figure} and {fact} are places."""
    own = [phrase for phrase in style.openings if _opens(phrase, opening)]
    rest = [phrase for phrase in style.openings if phrase not in own]
    return [*own, *_OPENINGS[kind(language, style)][opening], *rest]


def _opens(phrase: str, opening: Opening) -> bool:
    if opening == "question":
        return phrase.endswith("?")
    if opening == "statistic":
        return "{figure}" in phrase
    return not phrase.endswith("?")


def filled(phrase: str, **places: str) -> str | None:
    """The phrase with its places filled, None if a value is missing; a place may ask a particle: {keyword:은/는}."""
    for name in ("keyword", "figure", "fact"):
        while (start := phrase.find("{" + name)) >= 0:
            end = phrase.find("}", start)
            value = places.get(name)
            if end < 0 or not value:
                return None
            pair = phrase[start + len(name) + 1 : end].lstrip(":")
            phrase = phrase[:start] + (with_josa(value, pair) if pair else value) + phrase[end + 1 :]
    return phrase[:1].upper() + phrase[1:]


def conclusion(style: CommunicationStyle, language: str, seed: int, *, short: bool = False) -> list[str]:
    """What the persona ends with: a question or call where it wants one, then its closing; `short`: one of the two."""
    asked = [] if style.call_to_action == "none" else [_call(style, language, seed)]
    closing = [chosen(style.closings, seed)] if style.closings else []
    both = [*asked, *closing]
    # Another digit of the seed: the choice of the one must not settle the choice of the phrase.
    said = [chosen(both, seed // 7)] if short and both else both
    return [sentence for phrase in said for sentence in sentences(phrase, language)]


def _call(style: CommunicationStyle, language: str, seed: int) -> str:
    if style.call_to_action_phrases:
        return chosen(style.call_to_action_phrases, seed)
    return (_FOLLOW if style.call_to_action == "direct" else _QUESTIONS)[kind(language, style)]


def calls(style: CommunicationStyle, language: str) -> tuple[str, ...]:
    """What the persona may ask of the viewer, word for word; nothing where it asks for nothing."""
    if style.call_to_action == "none":
        return ()
    return style.call_to_action_phrases or (_call(style, language, 0),)


def own_phrases(style: CommunicationStyle, language: str) -> frozenset[str]:
    """Sentences that are the persona's own, as they stand: closings, calls, openings without a place."""
    openings = [phrase for phrase in style.openings if "{" not in phrase]
    phrases = (*openings, *style.closings, *calls(style, language))
    return frozenset(sentence for phrase in phrases for sentence in sentences(phrase, language))


def opens_with(style: CommunicationStyle, sentence: str) -> bool:
    """Whether a sentence is a filled opening of the persona's; one with a fact in it states something, and is none."""
    for phrase in style.openings:
        words = (regex.escape(part) for part in regex.split(r"\{(?:keyword|figure)[^}]*\}", phrase))
        if (
            "{" in phrase
            and "{fact" not in phrase
            and regex.fullmatch(".{1,40}".join(words), sentence, regex.IGNORECASE)
        ):
            return True
    return False


def again(style: CommunicationStyle, language: str, keyword: str) -> str:
    """The sentence that ties a story to one the channel has told before."""
    return _AGAIN[kind(language, style)].replace("{keyword}", keyword)


def joint(style: CommunicationStyle, language: str, *, contrast: bool) -> str | None:
    """The persona's own word for "but" or "and", None if it has none."""
    known = (_CONTRASTS if contrast else _ADDITIONS)[language]
    return next((word for word in style.connectors if word.lower() in known), None)


def seed_of(topic_id: UUID) -> int:
    """A number that is always the same for a topic: its phrases do not change from run to run."""
    return int.from_bytes(hashlib.sha256(topic_id.bytes).digest()[:4], "big")


def chosen(phrases: Sequence[T], seed: int) -> T:
    """One of the phrases."""
    return phrases[seed % len(phrases)]
