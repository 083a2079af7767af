"""Fact: the one thing of a story that a hook can say, in a form that fits the persona's phrases.

In Korean a clause before a noun ("…값이 올랐다는" 소식) or the headline's nouns ("…가격 상승" 소식); in English a
statement without its full stop, mostly the headline. It says nothing that its source does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from shorts_pipeline.language import morphemes, speaking_seconds, tokens
from shorts_pipeline.scripts.brief import Story
from shorts_pipeline.scripts.clauses import as_clause
from shorts_pipeline.scripts.guard import intrusions
from shorts_pipeline.scripts.source_text import Sentence, without_asides

LONGEST_SECONDS = 6.5
"""What takes longer is no hook: a viewer decides in the first seconds."""
SHORTEST_SECONDS = 1.5
# What a headline may end with to stand before a noun: other nouns, counts and signs; a particle or "as if" may not.
_NOMINAL = frozenset({"NNG", "NNP", "NNB", "XSN", "NR", "SN", "SL", "SW"})
_NO_NOUN = frozenset({"듯", "수", "것", "뿐", "만", "때", "중", "법", "방법", "이유", "까닭"})
_CLAUSE_END = regex.compile(r"\s*(?:…|\.{3}|·{2,}|\s[|\-–—]\s|[“\"]|;)\s*")
_MARKS = regex.compile(r"['‘’]")
_SUBJECT_COMMA = regex.compile(r"^(\S+(?:\s\S+)?),\s+")
_SOURCE_NAME = regex.compile(r"\s+(?:[|–—]|-)\s+[^|–—-]{2,30}$")
# A headline that asks, lists or announces states nothing.
_NO_STATEMENT = regex.compile(
    r"[?:“”\"|]|^(?:\d+\s+(?:best|ways|things|reasons|tips)|how|why|what|when|where|who|here|watch|live|review|opinion|"
    r"the best|best)\b",
    regex.IGNORECASE,
)
_VERB = regex.compile(
    r"\s(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|won't|can't|isn't|gets?|goes|cuts?|hits?|puts?|"
    r"sets?|lets?|beats?|costs?|quits?|splits?|spreads?|found|to \w+|\w{2,}(?:s|es|ed))\s",
    regex.IGNORECASE,
)


@dataclass(frozen=True)
class Fact:
    """What a hook may say: `text` as it fits {fact}, `told` the sentence it says, which need not be told again."""

    text: str
    told: Sentence
    headline: bool = False


def facts(story: Story, told: Sequence[Sentence]) -> list[Fact]:
    """What a hook can say of the story; empty where nothing of it is short enough and plain."""
    found = [*_lead(story, told), *_headline(story)]
    return [
        fact for fact in found if SHORTEST_SECONDS <= speaking_seconds(fact.text, story.language) <= LONGEST_SECONDS
    ]


def _headline(story: Story) -> Iterator[Fact]:
    title = without_asides(_SOURCE_NAME.sub("", story.title))
    if intrusions(title):
        return
    text = _korean_headline(title) if story.language == "ko" else _english_headline(title, story)
    if text:
        yield Fact(text, Sentence(text, story.title, -1, -1), headline=True)


def _lead(story: Story, told: Sequence[Sentence]) -> Iterator[Fact]:
    """The first sentence, which alone says who and what; those after it rest on it."""
    for sentence in told[:1]:
        if sentence.leaning or sentence.contrast or sentence.position:
            continue
        text = as_clause(sentence.text) if story.language == "ko" else _english_statement(sentence.text)
        if text:
            yield Fact(text, sentence)


def _korean_headline(title: str) -> str | None:
    """The headline's first clause as a clause before a noun, or as nouns that say what happened."""
    first = _MARKS.sub("", _CLAUSE_END.split(title)[0]).strip(" ,.!")
    for text in (first, first.rpartition(",")[0]):
        if regex.search("[?:]", text) or len(text.split()) < 3:
            continue
        # "넘어" may have happened or not: only a plain ending says which.
        clause = as_clause(text) if text.endswith("다") else None
        if clause is not None or _is_nominal(text):
            return str(_SUBJECT_COMMA.sub(r"\1 ", clause or text))
    return None


def _is_nominal(text: str) -> bool:
    found = morphemes(text)
    return bool(found) and found[-1].tag in _NOMINAL and found[-1].form not in _NO_NOUN


def _english_headline(title: str, story: Story) -> str | None:
    if _NO_STATEMENT.search(title) or len(title.split()) < 4 or not _VERB.search(f" {title} "):
        return None
    return _in_sentence_case(title.rstrip(" .!"), story)


def _english_statement(sentence: str) -> str | None:
    return None if regex.search(r"[“”\"?!]", sentence) else sentence.rstrip(".")


def _in_sentence_case(title: str, story: Story) -> str:
    """A Headline Written Like This as a sentence: words that the story writes small elsewhere are written small."""
    words = title.split(" ")
    if sum(word[:1].isupper() for word in words) < 0.7 * len(words):
        return title
    body = "\n".join((story.summary, *story.texts))
    small = frozenset(tokens(" ".join(regex.findall(r"(?<![\p{L}\d'’])\p{Ll}[\p{L}'’-]*", body)), story.language))
    rest = [_small(word) if _is_small(word, small, story.language) else word for word in words[1:]]
    return " ".join([words[0], *rest])


def _is_small(word: str, small: frozenset[str], language: str) -> bool:
    if any(letter.isupper() or letter.isdigit() for letter in word[1:]):
        return False
    said = tokens(word, language)
    return not said or all(each in small for each in said)


def _small(word: str) -> str:
    return word[:1].lower() + word[1:]
