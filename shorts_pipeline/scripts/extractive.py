"""Extractive: a script from the story's own sentences and the persona's own phrases, without any model.

It states nothing its source does not: sentences are chosen (choose.py), told without their brackets and bylines
(source_text.py), given the persona's endings (endings.py) and joints (phrases.py). It says so: `generation_model` is
"extractive", and each statement keeps the sentence it came from.
"""

from collections.abc import Sequence
from typing import Any

import regex

from shorts_pipeline.errors import Rejected
from shorts_pipeline.language import speaking_seconds
from shorts_pipeline.resources.models.language_model import NOTHING_SPENT
from shorts_pipeline.scripts import phrases
from shorts_pipeline.scripts.brief import Brief, Claim, Draft, Fault, Story
from shorts_pipeline.scripts.choose import choose, material
from shorts_pipeline.scripts.endings import adapted, is_whole
from shorts_pipeline.scripts.facts import names
from shorts_pipeline.scripts.guard import intrusions
from shorts_pipeline.scripts.hooks import hook_score
from shorts_pipeline.scripts.opening import Opening, opening, safe_subject
from shorts_pipeline.scripts.source_text import Sentence, without_asides
from shorts_pipeline.scripts.spoken_english import spoken
from shorts_pipeline.scripts.subject import subject
from shorts_pipeline.scripts.words import found_words

LANGUAGES = ("ko", "en")
# The first sentence of the story joins a hook that does not name it, if it is not longer than this.
LEAD_SECONDS = 9.0
LINK_SECONDS = 3.0
# A shorter script ends with a question or a closing, not with both.
BOTH_FROM_SECONDS = 25
# Each time a judge says "too long", this much less is told.
SHORTER = 0.85
LEAST_BUDGET = 4.0
# Words that begin an English sentence without being a name.
_SMALL = frozenset({"the", "a", "an", "in", "on", "at", "for", "with", "its", "their", "this", "that"}) | frozenset(
    {"those", "these", "some", "many", "more", "most", "about"}
)
_REPORTED = {
    "formal": "이런 소식이 전해졌습니다.",
    "polite": "이런 소식이 전해졌어요.",
    "casual": "이런 소식이 전해졌어.",
}


class ExtractiveWriter:
    """Writes without a model."""

    model = "extractive"
    translates = False
    spent = NOTHING_SPENT

    def prepare(self) -> None:
        """Nothing to get ready."""

    def write(self, brief: Brief) -> Draft:
        """A draft from the story's sentences. Raises `Rejected` where none of them can be told in this language."""
        told = _told(brief)
        language, style = brief.content.language, brief.voice.style
        seed = phrases.seed_of(brief.story.topic_id)
        keyword = safe_subject(brief)
        hook = opening(brief, told, keyword, seed)
        closing = phrases.conclusion(style, language, seed, short=brief.content.target_seconds < BOTH_FROM_SECONDS)
        link = _link(brief)
        said = [*hook.sentences, *([link] if link else []), *closing]
        budget = _budget(brief, said)
        chosen = choose(told, brief.story, budget, wanted=lambda text: not brief.avoided_in(text), heard=hook.heard)
        details = {"keyword": keyword, "opening": " ".join(hook.sentences), "attempt": brief.attempt}
        return _draft(brief, hook, link, _phrased(brief, chosen), closing, details)


def _draft(
    brief: Brief,
    opening: Opening,
    link: str | None,
    told: Sequence[Claim],
    closing: Sequence[str],
    details: dict[str, Any],
) -> Draft:
    """The parts put together: a hook with nothing of the story takes its first sentence along."""
    body = list(dict.fromkeys(claim.sentence for claim in told))
    hook = list(opening.sentences)
    concrete = hook_score(hook, brief.story, brief.content.opening, brief.content.language).things > 0
    short = speaking_seconds(body[0], brief.content.language, brief.voice.rate) <= LEAD_SECONDS
    if len(body) > 1 and short and not concrete:
        hook.append(body.pop(0))
    conclusion = list(closing) or ([body.pop()] if len(body) > 1 else [])
    return Draft(
        hook=tuple(hook),
        body=((link,) if link else ()) + tuple(body),
        conclusion=tuple(sentence for sentence in conclusion if sentence not in hook),
        claims=(*opening.claims, *told),
        model=ExtractiveWriter.model,
        own=(*opening.own, *closing, *([link] if link else [])),
        details=details,
    )


def _told(brief: Brief) -> list[Sentence]:
    story, language = brief.story, brief.content.language
    if language not in LANGUAGES:
        raise Rejected(f"the extractive writer speaks Korean and English, not “{language}”: name a model")
    if story.language != language:
        raise Rejected(
            f"the story is in “{story.language}” and the channel speaks “{language}”: only a model can translate it"
        )
    told = material(story) or _headline(story)
    if not told:
        raise Rejected("no sentence of the story can be told aloud: its sources brought a headline or less")
    return told


def _headline(story: Story) -> list[Sentence]:
    """The title as the only sentence there is, if it says something."""
    title = regex.sub(r"\s*(?:…|\.{3}|·|\|)\s*", ", ", without_asides(story.title)).strip(" ,.-–—\"'“”‘’")
    if len(title.split()) < 3 or intrusions(title):
        return []
    return [Sentence(title + ".", story.title, 0)]


def _budget(brief: Brief, own: Sequence[str]) -> float:
    language, rate = brief.content.language, brief.voice.rate
    target = float(brief.content.target_seconds)
    if Fault.LONG in brief.faults:
        target *= SHORTER ** (brief.attempt - 1)
    return max(target - sum(speaking_seconds(sentence, language, rate) for sentence in own), LEAST_BUDGET)


def _link(brief: Brief) -> str | None:
    """One sentence that ties the story to one told before, where both are about the same name and much alike."""
    about = subject(brief.story)
    mine = names(brief.story.title, brief.story.language) | ({about} if len(about) > 2 else set())
    for chunk in brief.retrieved:
        if chunk.cosine < brief.related:
            continue
        shared = sorted((name for name in mine if found_words(chunk.text, [name])), key=lambda name: (-len(name), name))
        if shared and brief.content.target_seconds > 5 * LINK_SECONDS:
            return phrases.again(brief.voice.style, brief.content.language, shared[0])
    return None


def _phrased(brief: Brief, chosen: Sequence[Sentence]) -> list[Claim]:
    """The chosen sentences in the persona's voice, each with its source."""
    language, style = brief.content.language, brief.voice.style
    claims: list[Claim] = []
    before: Sentence | None = None
    for number, sentence in enumerate(chosen):
        told = _in_persona(brief, sentence)
        follows = before is not None and before.telling == sentence.telling
        adjacent = follows and before is not None and before.position == sentence.position - 1
        last_of_many = number == len(chosen) - 1 and number >= 2 and not sentence.leaning
        joint = None
        if sentence.contrast and adjacent:
            joint = phrases.joint(style, language, contrast=True)
        elif last_of_many and not sentence.contrast and not adjacent:
            # Where the source goes on by itself, it needs no "and".
            joint = phrases.joint(style, language, contrast=False)
        claims.append(Claim(_joined(joint, told, brief.story) if joint else told, sentence.source))
        before = sentence
    return claims


def _in_persona(brief: Brief, sentence: Sentence) -> str:
    formality = brief.voice.style.formality
    if brief.content.language != "ko":
        return spoken(sentence.text, formality)
    if not is_whole(sentence.text):
        return f"{sentence.text.rstrip('.')}, {_REPORTED[formality]}"
    return adapted(sentence.text, formality)


def _joined(joint: str, sentence: str, story: Story) -> str:
    if story.language == "ko":
        return f"{joint} {sentence}"
    first = regex.match(r"[\w'’-]*", sentence).group()
    said = joint[:1].upper() + joint[1:]
    if first.lower() in _SMALL or regex.search(rf"(?<!\w){regex.escape(first.lower())}(?!\w)", story.source):
        return f"{said} {sentence[:1].lower()}{sentence[1:]}"
    # A name, or a word that might be one: without a sign that it is a name the joint is left out.
    return f"{said} {sentence}" if first in names(story.source, "en") else sentence
