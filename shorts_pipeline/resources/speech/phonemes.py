"""Phonemes: Korean as it is said (language/korean_sounds.py) in the IPA that the Kokoro model was trained on.

The model has heard no Korean: tense and aspirated consonants are written as its other languages have them.
"""

from collections.abc import Sequence
from itertools import pairwise

from shorts_pipeline.language.korean_sounds import Syllable, pronounced, taken_apart
from shorts_pipeline.language.tables import paired

_NUCLEI = paired("""
    ㅏ=a ㅐ=ɛ ㅑ=ja ㅒ=jɛ ㅓ=ʌ ㅔ=e ㅕ=jʌ ㅖ=je ㅗ=o ㅘ=wa ㅙ=wɛ ㅚ=we ㅛ=jo ㅜ=u ㅝ=wʌ ㅞ=we ㅟ=wi ㅠ=ju ㅡ=ɯ ㅢ=ɯi
    ㅣ=i
    """)
_ONSETS = paired("""
    ㄱ=k ㄲ=k ㄴ=n ㄷ=t ㄸ=t ㄹ=ɾ ㅁ=m ㅂ=p ㅃ=p ㅅ=s ㅆ=s ㅈ=ʨ ㅉ=ʨ ㅊ=ʨʰ ㅋ=kʰ ㅌ=tʰ ㅍ=pʰ ㅎ=h
    """) | {"ㅇ": ""}
_VOICED = paired("ㄱ=ɡ ㄷ=d ㅂ=b ㅈ=ʥ")
_CODAS = paired("ㄱ=k ㄴ=n ㄷ=t ㄹ=l ㅁ=m ㅂ=p ㅇ=ŋ") | {"": ""}
_BEFORE_I = paired("ㅅ=ɕ ㅆ=ɕ")
_SONORANT = frozenset("ㄴㅁㅇㄹ")
_Y = frozenset("ㅣㅑㅒㅕㅖㅛㅠㅟ")


def korean_phonemes(text: str) -> str:
    """IPA of a spelled-out Korean sentence: the same words between the same spaces, punctuation kept."""
    return " ".join(_word(word) for word in pronounced(text).split())


def _word(word: str) -> str:
    found, run = "", ""
    for character in word:
        if "가" <= character <= "힣":
            run += character
        else:
            found, run = found + _sounds(taken_apart(run)) + _MARKS.get(character, ""), ""
    return found + _sounds(taken_apart(run))


def _sounds(syllables: Sequence[Syllable]) -> str:
    found, before = "", None
    for syllable, following in pairwise((*syllables, None)):
        assert syllable is not None
        # Before ㅅ the model would make an affricate of ㄷ: "않았습니다" was heard as "않아 춤이다".
        silent = syllable.coda == "ㄷ" and following is not None and following.onset in "ㅅㅆ"
        coda = "" if silent else _CODAS[syllable.coda]
        found += _onset(syllable, before) + _NUCLEI[syllable.nucleus] + coda
        before = syllable
    return found


def _onset(syllable: Syllable, before: Syllable | None) -> str:
    onset = syllable.onset
    if before is not None and (not before.coda or before.coda in _SONORANT):
        if onset in _VOICED:
            return _VOICED[onset]
        if onset == "ㄹ" and before.coda == "ㄹ":
            return "l"
    if syllable.nucleus in _Y and onset in _BEFORE_I:
        return _BEFORE_I[onset]
    return _ONSETS[onset]


_MARKS = {mark: mark for mark in ".,!?…:;—"} | {"。": ".", "、": ",", "·": ",", "“": "", "”": ""}
