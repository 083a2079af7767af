"""Style: whether a script sounds like its persona: endings, register, connectors, and the words it never says.

A sentence is in manner, out of it, or says nothing about it ("38.6 percent."). What is looked for in English is in
phrasebook/: only the plain cases of a register; a model that writes is shown the persona in full.
"""

from collections.abc import Iterable
from functools import lru_cache

import regex

from shorts_pipeline.database.documents import CommunicationStyle
from shorts_pipeline.language import morphemes, sentences
from shorts_pipeline.scripts.endings import Formality
from shorts_pipeline.scripts.phrasebook import phrases
from shorts_pipeline.scripts.words import found_words

# One sentence in five may slip, one in four is another voice; so are two words it avoids.
_A_SLIP, _AN_AVOIDED_WORD, _NO_CONNECTOR = 1.4, 0.2, 0.1
_CONNECTED_FROM = 6
_MARK = regex.compile(r"""[.!?…~]+["'”’)]*$""")
_FORMAL = regex.compile(r"(?:니다|니까|시오|시다)$")
_POLITE = regex.compile(r"(?:요|죠)$")
_PLAIN = regex.compile(r"(?<!니)다$")

_LONGEST_CASUAL, _LONGEST = 26, 38


def style_score(spoken: Iterable[str], style: CommunicationStyle, language: str, *, avoided: int) -> float:
    """How far sentences sound like the persona, in [0, 1]; `avoided` is how many of its avoided words they hold.

    1, less 1.4 times the share of sentences out of its manner, 0.2 for each word it avoids, 0.1 where none of its
    connectors joins six sentences or more.
    """
    said = [each for part in spoken for each in sentences(part, language)]
    judged = [found for each in said if (found := in_manner(each, style, language)) is not None]
    out = judged.count(False) / len(judged) if judged else 0.0
    joined = len(said) < _CONNECTED_FROM or not style.connectors or found_words(" ".join(said), style.connectors)
    lost = _A_SLIP * out + _AN_AVOIDED_WORD * avoided + (0 if joined else _NO_CONNECTOR)
    return round(max(0.0, 1 - lost), 2)


def in_manner(sentence: str, style: CommunicationStyle, language: str) -> bool | None:
    """Whether a sentence is in the persona's manner; None where it says nothing about it."""
    if language == "ko":
        return _korean(sentence, style)
    return _english(sentence, style.formality)


def _korean(sentence: str, style: CommunicationStyle) -> bool | None:
    if style.avoided_styles and phrases("hype_ko").search(sentence):
        return False
    bare = _MARK.sub("", sentence.strip())
    said = _formality(bare)
    if said is None:
        return None
    if said == style.formality:
        return True
    return any(bare.endswith(ending.lstrip("~-")) for ending in style.sentence_endings if len(ending) > 1)


@lru_cache(maxsize=5_000)
def _formality(bare: str) -> Formality | str | None:
    """합니다 formal, 해요 polite, 해 casual, 한다 plain; None where no predicate ends the sentence."""
    if _FORMAL.search(bare):
        return "formal"
    if _POLITE.search(bare):
        return "polite"
    found = [each for each in morphemes(bare + ".") if each.end <= len(bare)]
    if not found or found[-1].tag != "EF":
        return None
    return "plain" if _PLAIN.search(bare) else "casual"


def _english(sentence: str, formality: Formality) -> bool:
    def has(register: str) -> bool:
        return bool(phrases(register).search(sentence))

    words, loud = len(sentence.split()), has("hype_en")
    if formality == "formal":
        return not (loud or has("contracted_en") or has("slang_en") or "!" in sentence) and words <= _LONGEST
    if formality == "polite":
        return not (loud or has("slang_en")) and (has("contracted_en") or not has("press_en"))
    stiff = has("press_en") or words > _LONGEST_CASUAL
    return has("contracted_en") or has("slang_en") or not stiff
