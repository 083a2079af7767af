"""Naming: what a series is called: the words its stories share and others do not, as they are written there."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from itertools import count as counting
from math import log
from statistics import fmean

import regex

from shorts_pipeline.language import Morpheme, detect, morphemes, stem
from shorts_pipeline.language.stopwords import ENGLISH, KOREAN, SAYING
from shorts_pipeline.series.stories import Story

MOST_KEYWORDS = 10
NAME_WORDS = 3
NAME_LENGTH = 200
# A compound ("전기차", "App Store") stands for its part where it is nearly as common.
COMPOUND_SHARE = 0.6
# A word of titles is what a series is about; one of summaries may be.
SUMMARY_WORTH = 0.4
# A name holds words of this share of the stories, or else the best one.
SHARED_BY = 0.5
# A further word joins the name when it tells this much of what the first tells.
TELLS_AS_MUCH = 0.6

# Stories that a channel has not told, and that would use other words: where all are of the subject, its words are in
# all of them, and what two happen to share would tell more.
UNHEARD = 20

Key = tuple[str, ...]

_PARTS = frozenset({"NNG", "NNP", "SL", "SH", "SN", "XPN", "XSN"})
_NOUNS = frozenset({"NNG", "NNP", "SL", "SH"})
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}'’&+-]*")
_BREAK = regex.compile(r"[^\s'’\"“”]")
_DUMB = ENGLISH | KOREAN | SAYING


@dataclass(frozen=True)
class Named:
    """A name for people, and the words by which a story is known to belong, most telling first."""

    name: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A word or compound as it is written, the stems it is counted by, and whether a sentence begins with it."""

    written: str
    key: Key
    first: bool = False


@dataclass(frozen=True)
class Said:
    """The terms of a story: of its title, and of what stands under it."""

    title: tuple[Term, ...]
    summary: tuple[Term, ...]

    @classmethod
    def by(cls, story: Story) -> "Said":
        """What `story` says."""
        return cls(tuple(terms(story.title)), tuple(terms(story.summary)))

    @property
    def keys(self) -> frozenset[Key]:
        """Everything it speaks of, each once."""
        return frozenset(term.key for term in (*self.title, *self.summary))


def name_of(group: Sequence[Said], usual: Mapping[Key, int], count: int) -> Named:
    """The name of a group. `usual` tells in how many of all `count` stories (the group's too) a term is."""
    worth, inside = Counter[Key](), Counter[Key]()
    for said in group:
        inside.update(said.keys)
        for key in said.keys:
            titled = any(term.key == key for term in said.title)
            worth[key] += 1 if titled else SUMMARY_WORTH  # type: ignore[assignment]
    score = {key: worth[key] * log((count + UNHEARD) / usual[key]) for key in inside}
    ranked = sorted((key for key in inside if inside[key] >= 2), key=lambda key: (-score[key], key))
    ranked = _without_parts(ranked, inside) or sorted(inside, key=lambda key: (-score[key], key))[:1]
    places = _places(group)
    shared = [key for key in ranked if inside[key] >= SHARED_BY * len(group) and key in places]
    best = shared or ranked[:1]
    chosen = [key for key in best if score[key] >= TELLS_AS_MUCH * score[best[0]]][:NAME_WORDS]
    chosen.sort(key=lambda key: (places.get(key, 0), key))
    spelled = _spellings(group)
    return Named(
        name=_capitalised(" ".join(spelled[key] for key in chosen))[:NAME_LENGTH],
        keywords=tuple(dict.fromkeys(spelled[key] for key in ranked[:MOST_KEYWORDS])),
    )


def _places(group: Sequence[Said]) -> dict[Key, float]:
    """Where in a title a term stands, on average."""
    found: dict[Key, list[int]] = {}
    for said in group:
        for place, term in enumerate(said.title):
            found.setdefault(term.key, []).append(place)
    return {key: fmean(places) for key, places in found.items()}


def _spellings(group: Sequence[Said]) -> dict[Key, str]:
    """As a term is written most often; at the beginning of a sentence counts less: anything is a capital there."""
    written: dict[Key, Counter[str]] = {}
    for said in group:
        for term in (*said.title, *said.summary):
            written.setdefault(term.key, Counter())[term.written] += 1 if term.first else 3
    return {key: min(forms, key=lambda form: (-forms[form], form)) for key, forms in written.items()}


def free_name(name: str, keywords: Sequence[str], taken: Collection[str]) -> str:
    """The name, with a further keyword or a number where another series of the channel has it (`taken`: folded)."""
    more = [f"{name} {word}" for word in keywords if word.casefold() not in name.casefold()]
    numbers = (f"{name} ({number})" for number in counting(2))
    return next(each for each in chain((name, *more), numbers) if each.casefold() not in taken)


def sentence_on(name: str, keywords: Sequence[str], titles: Sequence[str]) -> str:
    """One sentence on what its stories share, in the language of most of their titles."""
    korean = sum(detect(title) == "ko" for title in titles) * 2 > len(titles)
    more = ", ".join(word for word in keywords if word.casefold() not in name.casefold().split())
    if not more:
        return f"이야기들의 공통점: {name}." if korean else f"Stories about {name}."
    return f"이야기들의 공통점: {name}; 자주 나오는 말: {more}." if korean else f"Stories about {name}; often: {more}."


def terms(text: str) -> list[Term]:
    """Nouns and names of a text with the compounds they form, in order."""
    if not text:
        return []
    return _korean(text) if detect(text) == "ko" else _english(text)


def _korean(text: str) -> list[Term]:
    """Nouns, nouns that are written as one ("보조배터리"), and two such with only a space between ("제임스 웹")."""
    found: list[Term] = []
    before: tuple[Term, int] | None = None
    for run in _runs(text):
        start, end = run[0].start, run[-1].end
        nouns = [part for part in run if part.tag in _NOUNS]
        singles = [Term(part.form, (part.form.casefold(),)) for part in nouns]
        whole = Term(text[start:end], tuple(part.form.casefold() for part in run))
        usable = bool(nouns) and not whole.written[0].isdigit()
        found += [term for term in singles if len(term.written) > 1]
        if len(run) > 1 and usable:
            found.append(whole)
        if before is not None and usable and text[before[1] : start] == " ":
            found.append(Term(f"{before[0].written} {whole.written}", (*before[0].key, *whole.key)))
        before = (whole, end) if usable else None
    return [term for term in found if not _DUMB & set(term.key)]


def _runs(text: str) -> list[list[Morpheme]]:
    """Nouns and what belongs to them, as long as they are written together."""
    runs: list[list[Morpheme]] = []
    for morpheme in morphemes(text):
        if morpheme.tag not in _PARTS:
            continue
        if runs and runs[-1][-1].end == morpheme.start:
            runs[-1].append(morpheme)
        else:
            runs.append([morpheme])
    return runs


def _english(text: str) -> list[Term]:
    """Content words, and any two side by side."""
    found: list[Term] = []
    before: tuple[Term, int] | None = None
    end = 0
    for match in _WORD.finditer(text):
        word = regex.sub(r"['’]s?$", "", match.group())
        gap = text[end : match.start()]
        first = (not found and end == 0) or bool(regex.search(r"[.:?!]", gap))
        end = match.end()
        folded = word.casefold().replace("’", "'")
        if folded in _DUMB or len(word) < 2 or not regex.search(r"\p{L}", word):
            before = None
            continue
        term = Term(word, (stem(folded),), first)
        found.append(term)
        if before is not None and not _BREAK.search(gap):
            found.append(Term(f"{before[0].written} {word}", (*before[0].key, *term.key), before[0].first))
        before = (term, end)
    return found


def _without_parts(ranked: Sequence[Key], inside: Counter[Key]) -> list[Key]:
    """Without the parts of compounds that stand for them, and without compounds of which a part is far more common."""
    kept: list[Key] = []
    compounds = [key for key in ranked if len(key) > 1]
    for key in ranked:
        if len(key) > 1:
            dominated = any(inside[key] < COMPOUND_SHARE * inside[(part,)] for part in key if (part,) in inside)
            covered = any(set(key) < set(other) and inside[key] <= inside[other] for other in compounds)
            if dominated or covered:
                continue
        elif any(key[0] in other and inside[other] >= COMPOUND_SHARE * inside[key] for other in compounds):
            continue
        kept.append(key)
    return _disjoint(kept)


def _disjoint(keys: Sequence[Key]) -> list[Key]:
    """No word twice: of two that share a part, the better."""
    kept: list[Key] = []
    for key in keys:
        if not any(set(key) & set(other) for other in kept):
            kept.append(key)
    return kept


def _capitalised(name: str) -> str:
    """The first letter a capital, unless the word has its own ("iPhone")."""
    word = name.split(" ")[0]
    return name[:1].upper() + name[1:] if word == word.lower() else name
