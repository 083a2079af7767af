"""Josa: the particle that fits the word before it (은/는, 이/가, 을/를, 과/와, 으로/로 …)."""

from shorts_pipeline.language.numerals import spell_out

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28
_RIEUL = 8


def with_josa(word: str, pair: str) -> str:
    """`word` with the fitting half of `pair` ("은/는": after a final consonant / after a vowel).

    Digits and Latin letters count as they are read: with_josa("AI", "은/는") → "AI는".
    """
    closed, open_ = pair.split("/")
    final = _final(word)
    if final is None or final == 0:
        return word + open_
    # 으로/로: after ㄹ the short form, as after a vowel.
    return word + (open_ if final == _RIEUL and closed == "으로" else closed)


def _final(word: str) -> int | None:
    """Number of the last syllable's final consonant (0: none), None where nothing is read."""
    for character in reversed(spell_out(word, "ko")):
        if _FIRST <= ord(character) <= _LAST:
            return (ord(character) - _FIRST) % _FINALS
    return None
