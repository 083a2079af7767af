"""Subject: whom or what a story is about, in the words of its own headline."""

from collections import Counter

import regex

from shorts_pipeline.language import keywords, morphemes
from shorts_pipeline.scripts.brief import Story
from shorts_pipeline.scripts.facts import names
from shorts_pipeline.scripts.source_text import without_asides

LONGEST = 13
_NOUNS = frozenset({"NNG", "NNP", "SL", "SH", "XPN", "XSN", "XR"})
_QUOTED = regex.compile(r"['‘](?P<name>[^'‘’]{2,13})['’]")
_ARTICLES = frozenset({"the", "a", "an", "in", "on", "at", "for", "with", "its", "their", "this", "that"})


def subject(story: Story) -> str:
    """The name or noun that the headline is about; empty if it has none."""
    title = without_asides(story.title)
    return _korean(title) if story.language == "ko" else _english(title, story)


def _korean(title: str) -> str:
    """What stands in single quotation marks (double ones are speech), else the first nouns of the headline."""
    for match in _QUOTED.finditer(title):
        found = morphemes(match["name"])
        nominal = all(m.tag in _NOUNS | {"SN"} for m in found)
        if nominal and (len(found) > 1 or found[0].tag != "NNG"):
            return str(match["name"])
    runs = _noun_runs(title)
    if not runs:
        return ""
    start, end = runs[0]
    for next_start, next_end in runs[1:]:
        if next_start != end + 1 or title[end] != " " or next_end - start > LONGEST:
            break
        end = next_end
    return title[start:end]


def _noun_runs(title: str) -> list[tuple[int, int]]:
    """Where nouns stand that are written together. A run ends before a figure: "전세대출 금리 4.1%"."""
    runs: list[tuple[int, int]] = []
    for morpheme in morphemes(title):
        if morpheme.tag not in _NOUNS or morpheme.end == morpheme.start:
            continue
        if runs and runs[-1][1] == morpheme.start:
            runs[-1] = (runs[-1][0], morpheme.end)
        elif not title[morpheme.start - 1 : morpheme.start].isdigit():
            runs.append((_eojeol_start(title, morpheme.start), morpheme.end))
    return runs


def _eojeol_start(title: str, start: int) -> int:
    """Names that the analyser reads as other words begin where their eojeol does."""
    while start > 0 and title[start - 1].isalnum():
        start -= 1
    return start


def _english(title: str, story: Story) -> str:
    listed = dict.fromkeys([*story.keywords, *keywords(title, "en", 6)])
    there = [word for word in listed if len(word) > 1 and word.casefold() in title.casefold()]
    body = story.source.removeprefix(story.title)
    named = {name.casefold() for name in names(body, "en")} | {word for word in there if _always_capital(word, body)}
    there.sort(key=lambda word: word.casefold() not in named)
    return _as_written(there[0], story) if there else ""


def _always_capital(word: str, body: str) -> bool:
    """Whether the body has the word, and never in small letters: a name, even if it only begins sentences."""
    standing = rf"(?<!\w){regex.escape(word.lower())}(?!\w)"
    return not regex.search(standing, body) and bool(regex.search(standing, body, regex.IGNORECASE))


def _as_written(word: str, story: Story) -> str:
    """An English word as the source writes it, a name with all its words: "commission" → "European Commission"."""
    text = "\n".join((*story.texts, story.summary, story.title))
    capital = r"\p{Lu}[\p{L}\d'-]*"
    around = rf"(?<!\p{{L}})(?:{capital}[ ]){{0,2}}(?i:{regex.escape(word)})(?:[ ]{capital}){{0,2}}(?![\p{{L}}\d])"
    found = Counter(match.group() for match in regex.finditer(around, text))
    usual = [each for each, _ in found.most_common(3) if each.split()[0].lower() not in _ARTICLES]
    return usual[0] if usual else word
