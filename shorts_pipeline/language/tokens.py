"""Tokens: morphemes of Korean (kiwipiepy), words and stems of English, keywords of both.

The Korean analyser takes seconds to load and holds 100 MB: one per process, made by the first who needs it.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from shorts_pipeline.language.stopwords import ENGLISH, KOREAN, SAYING

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.&+#-]*")
# A capital in the middle of a sentence.
_NAME_INSIDE = regex.compile(r"(?<=[\p{Ll}\d,;]\s)(\p{Lu}[\p{L}\p{N}\p{M}'’.&+#-]*)")
_FIGURES = regex.compile(r"[\d.,:%+-]+")
_NOUN_TAGS = frozenset({"NNG", "NNP", "SL", "SH", "XR"})
_CONTENT_TAGS = _NOUN_TAGS | {"VV", "VA", "MAG", "SN", "NR"}
_LOCK = threading.Lock()
_FIRST_FORM = 64
# Headlines are short; a whole article is analysed in one go, a book is not.
_LONGEST = 20_000


@dataclass(frozen=True)
class Morpheme:
    """One morpheme: its form, its Sejong tag (NNP: proper noun, NNG: common noun, SL: Latin …) and where it stands.

    `unknown`: no dictionary has it; a noun that is unknown is likely a name.
    """

    form: str
    tag: str
    start: int
    end: int
    unknown: bool = False


class Analyser:
    """Kiwi, behind a lock: its worker pool is not documented as safe for several threads."""

    def __init__(self) -> None:
        from kiwipiepy import Kiwi

        self._kiwi = Kiwi(num_workers=1)

    def tag(self, texts: Sequence[str]) -> list[list[Morpheme]]:
        """Morphemes of each text."""
        with _LOCK:
            found = self._kiwi.tokenize([text[:_LONGEST] for text in texts])
            return [[_morpheme(token) for token in each] for each in found]

    def split(self, text: str) -> list[Any]:
        """Kiwi's own sentences (objects with `.start`, `.end`, `.text`)."""
        with _LOCK:
            return list(self._kiwi.split_into_sents(text[:_LONGEST]))

    def join(self, forms: Sequence[tuple[str, str]]) -> str:
        """One spelling of morphemes given as (form, tag): ("늘", VV) + ("었", EP) + ("어요", EF) → "늘었어요"."""
        with _LOCK:
            return str(self._kiwi.join(list(forms)))


def _morpheme(token: Any) -> Morpheme:
    # What the analyser makes up of no dictionary's form has the id of its tag.
    unknown = token.tag in _NOUN_TAGS and token.id < _FIRST_FORM
    return Morpheme(token.form, token.tag, token.start, token.start + token.len, unknown)


_made: list[Analyser] = []
_MAKING = threading.Lock()


def analyser() -> Analyser:
    """The process's one Korean analyser."""
    with _MAKING:
        if not _made:
            _made.append(Analyser())
    return _made[0]


def morphemes(text: str) -> list[Morpheme]:
    """Korean morphemes of `text`, in order."""
    return morphemes_of([text])[0]


def morphemes_of(texts: Sequence[str]) -> list[list[Morpheme]]:
    """Korean morphemes of each text: one call for a batch."""
    return analyser().tag(texts)


def tokens(text: str, language: str) -> list[str]:
    """What a keyword search indexes: stems of content words, case-folded, stop words left out."""
    if language == "ko":
        found = [m.form.casefold() for m in morphemes(text) if m.tag.split("-")[0] in _CONTENT_TAGS]
        return [form for form in found if form not in KOREAN]
    return [stem(word) for word in words(text) if word not in ENGLISH]


def words(text: str) -> list[str]:
    """Case-folded words of a text written with spaces, without possessives and closing punctuation."""
    found = (match.group().casefold().replace("’", "'") for match in _WORD.finditer(text))
    return [word for word in (_trimmed(word) for word in found) if word]


def nouns(text: str, language: str) -> list[str]:
    """Nouns and names in order of appearance, repeated as often as they appear; for English its content words."""
    if language == "ko":
        return nouns_of(morphemes(text))
    return [word for word in words(text) if word not in ENGLISH and len(word) > 1 and not word.isdigit()]


def nouns_of(found: Iterable[Morpheme]) -> list[str]:
    """The nouns among morphemes that are there already."""
    kept = (m.form for m in found if m.tag in _NOUN_TAGS and (len(m.form) > 1 or m.tag == "SH"))
    return [form for form in kept if form.casefold() not in KOREAN]


def keywords(text: str, language: str, limit: int = 10) -> list[str]:
    """The text's telling words, most telling first: how often, names before common nouns, earlier before later."""
    if language == "ko":
        return keywords_of(morphemes(text), limit)
    names = {_trimmed(match.group(1).casefold().replace("’", "'")) for match in _NAME_INSIDE.finditer(text)}
    found = (word for word in nouns(text, language) if word not in SAYING and not _FIGURES.fullmatch(word))
    return _ranked(((word, 1.5 if word in names else 1.0) for word in found), limit)


def keywords_of(found: Iterable[Morpheme], limit: int = 10) -> list[str]:
    """`keywords` of Korean morphemes that are there already."""
    listed = list(found)
    worth = {"NNP": 2.0, "SL": 1.5}
    weighed = ((_glued(m), worth.get(m.tag, 1.0)) for m in listed if m.tag in _NOUN_TAGS and m.tag != "XR")
    left_out = KOREAN | SAYING
    kept = ((form, weight) for form, weight in weighed if len(form) > 1 and form.casefold() not in left_out)
    return _ranked(kept, limit)


def _glued(morpheme: Morpheme) -> str:
    """The form as the text has it: the dictionary writes "네이버 클라우드" for what stands there as one word."""
    bare = morpheme.form.replace(" ", "")
    return bare if len(bare) == morpheme.end - morpheme.start else morpheme.form


def _ranked(weighed: Iterable[tuple[str, float]], limit: int) -> list[str]:
    weights: Counter[str] = Counter()
    first: dict[str, tuple[int, str]] = {}
    for position, (form, weight) in enumerate(weighed):
        key = form.casefold()
        weights[key] += weight  # type: ignore[assignment]
        first.setdefault(key, (position, form))
    best = sorted(weights, key=lambda key: (-weights[key], first[key][0]))
    return [first[key][1] for key in best[:limit]]


def _trimmed(word: str) -> str:
    word = word.rstrip(".'-&")
    return word.removesuffix("'s")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light English stem, equal for the forms of one word: "rise", "rises" and "rising" are all "ris"."""
    if not word.isascii() or len(word) <= 3 or not word.isalpha():
        return word
    word = _singular(word)
    for ending in ("ing", "ed", "ly"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and regex.search(r"[aeiouy]", root):
            word = _undoubled(root)
            break
    return word.removesuffix("e") if len(word) > 3 else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undoubled(root: str) -> str:
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
        return root[:-1]
    return root
