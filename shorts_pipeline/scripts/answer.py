"""Answer: what a model gives back for a script, checked sentence by sentence before it is a draft.

Refused: an empty part, another language, addresses, markup, orders. Dropped: claims that rest on nothing in the
source (the judge is shown their sentences), a title or tags that are not the story's. Nothing is mended but spaces,
invisible characters and missing full stops.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import regex
from pydantic import BaseModel, Field

from shorts_pipeline.language import clean_line, detect, graphemes, sentences, tokens
from shorts_pipeline.scripts.brief import Brief, Claim, Draft
from shorts_pipeline.scripts.cues import KINDS
from shorts_pipeline.scripts.guard import TOO_LONG, addresses, intrusions
from shorts_pipeline.scripts.orders import ADVICE
from shorts_pipeline.scripts.phrases import opens_with, own_phrases
from shorts_pipeline.scripts.support import unsupported

MOST_SENTENCES, LONGEST_SENTENCE = 60, 400
LONGEST_TITLE, MOST_TAGS, LONGEST_TAG = 100, 8, 30
# A claim's source must be at least this many letters of it: "the company" is no source.
LEAST_SOURCE = 8
# Advice is a story's own where its source has at least this share of its words.
BORNE_OUT = 0.5
EMPTY, FOREIGN = "no hook or no body", "another language"
# Faults of an answer that is only bad; all others are signs that something else spoke through the model.
GARBLED = frozenset({EMPTY, FOREIGN, "markup", "too much text", TOO_LONG})
_FOLD = regex.compile(r"[^\p{L}\p{N}]+")
_ENDED = regex.compile(r"""[.!?…]["'”’)]*$""")
_OTHER_LETTERS = {
    "ko": regex.compile(r"[\p{L}--[\p{Hangul}\p{Latin}\p{Han}]]", regex.VERSION1),
    "en": regex.compile(r"[\p{L}--\p{Latin}]", regex.VERSION1),
}


class ToldClaim(BaseModel):
    """A sentence of the script that states a fact, and the sentence of the story it rests on, word for word."""

    sentence: str
    source: str


class ToldKind(BaseModel):
    """A sentence of the script that is an opinion, an example or an analogy."""

    sentence: str
    kind: str


class ToldScript(BaseModel):
    """A script as a model gives it. Loose on purpose: what is wrong is told the model in words, not by a schema."""

    hook: list[str]
    body: list[str]
    conclusion: list[str] = Field(default_factory=list)
    claims: list[ToldClaim] = Field(default_factory=list)
    kinds: list[ToldKind] | None = None
    title: str = ""
    tags: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Checked:
    """A draft without its record, what is wrong with it, and what was left out of title and tags, by kind.

    `kinds` has every sentence with what it is besides telling facts, None where the model did not say.
    """

    draft: Draft
    kinds: dict[str, list[str]] | None
    title: str
    tags: tuple[str, ...]
    faults: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def hostile(self) -> bool:
        """Whether a fault is more than clumsiness."""
        return not GARBLED.issuperset(fault.rpartition(": ")[2] for fault in self.faults)


def check(told: ToldScript, brief: Brief, model: str) -> Checked:
    """The answer as a draft, with its faults; a draft with faults must not be used."""
    language = brief.content.language
    phrases = own_phrases(brief.voice.style, language)
    parts = [_sentences(part, language) for part in (told.hook, told.body, told.conclusion)]
    spoken = [sentence for part in parts for sentence in part]
    claims, unfounded = _claims(told.claims, spoken, brief)
    own = tuple(each for each in spoken if each in phrases or opens_with(brief.voice.style, each))
    hook, body, conclusion = map(tuple, parts)
    draft = Draft(hook, body, conclusion, claims, model, own, unfounded)
    faults = [f"{where}: {kind}" for where, kind in _intrusions(draft, brief, phrases)]
    faults += [EMPTY] if not parts[0] or not parts[1] else []
    faults += [FOREIGN] if spoken and _is_foreign(spoken, language) else []
    too_much = len(spoken) > MOST_SENTENCES or any(len(each) > LONGEST_SENTENCE for each in spoken)
    faults += ["too much text"] if too_much else []
    title, tags, left_out = _suggested(told, draft, brief)
    return Checked(draft, _kinds(told.kinds, spoken), title, tags, tuple(dict.fromkeys(faults)), left_out)


def _sentences(part: Sequence[str], language: str) -> list[str]:
    found: dict[str, str] = {}
    for each in part:
        for sentence in sentences(clean_line(each), language):
            if _folded(sentence):
                found.setdefault(_folded(sentence), sentence if _ENDED.search(sentence) else f"{sentence}.")
    return list(found.values())


def _intrusions(draft: Draft, brief: Brief, phrases: frozenset[str]) -> Iterable[tuple[str, str]]:
    look = partial(intrusions, own=brief.voice.addresses, phrases=phrases)
    for where, part in (("hook", draft.hook), ("body", draft.body), ("conclusion", draft.conclusion)):
        for sentence in part:
            yield from (
                (where, kind) for kind in look(sentence) if kind != ADVICE or not _borne_out(sentence, draft, brief)
            )
        # What is spread over two sentences ("evil", "dot com") is seen in both together.
        for two in pairwise(part):
            yield from ((where, kind) for kind in addresses(" ".join(two), brief.voice.addresses))


def _borne_out(sentence: str, draft: Draft, brief: Brief) -> bool:
    """Whether advice is the story's own: in words that its source has or, where it was translated, by a claim."""
    language = brief.content.language
    if brief.story.language != language:
        return any(claim.sentence == sentence for claim in draft.claims)
    said, source = set(tokens(sentence, language)), set(tokens(brief.story.source, language))
    known = len(said & source) / len(said) if said else 0.0
    return known >= BORNE_OUT and not unsupported(sentence, brief.story.source, language)


def _claims(
    told: Sequence[ToldClaim], spoken: Sequence[str], brief: Brief
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims whose source stands in the story, and the sentences that have none of these but others."""
    source = _folded(brief.story.source)
    found: dict[str, Claim] = {}
    claimed: dict[str, None] = {}
    for claim in told:
        said, rests_on = _folded(claim.sentence), clean_line(claim.source)
        there = len(_folded(rests_on)) >= LEAST_SOURCE and _folded(rests_on) in source
        for sentence in spoken:
            if _folded(sentence) in said:
                claimed[sentence] = None
                if there:
                    found.setdefault(sentence, Claim(sentence, rests_on))
    return tuple(found.values()), tuple(sentence for sentence in claimed if sentence not in found)


def _kinds(told: Sequence[ToldKind] | None, spoken: Sequence[str]) -> dict[str, list[str]] | None:
    if told is None:
        return None
    said = [(_folded(each.sentence), each.kind.strip().lower()) for each in told]
    return {
        sentence: [name for name in KINDS if any(kind == name and _folded(sentence) in whose for whose, kind in said)]
        for sentence in spoken
    }


def _is_foreign(spoken: Sequence[str], language: str) -> bool:
    """Whether the script, or any of its sentences by its letters, is in another language than the channel's."""
    if detect(" ".join(spoken), language) != language:
        return True
    other = _OTHER_LETTERS.get(language)
    if other and any(other.search(sentence) for sentence in spoken):
        return True
    return language == "ko" and any(
        len(sentence.split()) > 3 and not regex.search(r"\p{Hangul}", sentence) for sentence in spoken
    )


def _suggested(told: ToldScript, draft: Draft, brief: Brief) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Title and tags that may be used, and what was wrong with the others."""
    left_out: list[str] = []
    look = partial(intrusions, own=brief.voice.addresses)
    title = clean_line(told.title)
    wrong = look(title) if title else []
    wrong += ["too long"] if len(graphemes(title)) > LONGEST_TITLE else []
    wrong += (
        ["not in the source"]
        if unsupported(title, f"{brief.story.source} {draft.text}", brief.content.language)
        else []
    )
    if wrong:
        title = ""
        left_out += [f"title: {kind}" for kind in wrong]
    known = _folded(f"{brief.story.source} {draft.text}")
    tags: dict[str, None] = {}
    for tag in map(clean_line, told.tags):
        wrong = look(tag) if tag else []
        wrong += ["too long"] if len(tag) > LONGEST_TAG or "," in tag or '"' in tag else []
        wrong += ["not in the source"] if not _folded(tag) or not all(_folded(w) in known for w in tag.split()) else []
        left_out += [f"tag: {kind}" for kind in wrong]
        if not wrong:
            tags[tag] = None
    return title, tuple(tags)[:MOST_TAGS], tuple(dict.fromkeys(left_out))


def _folded(text: str) -> str:
    """A text as it is looked for in another: letters and figures alone, without case."""
    return str(_FOLD.sub("", clean_line(text)).casefold())


def record(checked: Checked) -> dict[str, Any]:
    """What of an answer stays on the record beside its draft."""
    said = {} if checked.kinds is None else {"kinds": checked.kinds}
    return {"title": checked.title, "tags": list(checked.tags), "left_out": list(checked.left_out), **said}
