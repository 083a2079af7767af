"""Numerals: figures, units, dates and foreign letters written as they are read aloud.

A voice that meets "3.5%" or "AI" in a Korean sentence guesses; here the guess is made once, by rules
(korean_figures.py, korean_numerals.py, korean_letters.py, english_figures.py,
english_numerals.py), so that narration, timing and subtitles agree.
"""

from functools import lru_cache

from shorts_pipeline.language import english_figures, korean_figures
from shorts_pipeline.language.english_numerals import spell_english
from shorts_pipeline.language.korean_letters import spell_letters
from shorts_pipeline.language.korean_numerals import spell_korean


@lru_cache(maxsize=4096)
def spell_out(text: str, language: str) -> str:
    """`text` as it is read aloud; Korean comes back without digits and Latin letters, English without digits.

    Other languages come back unchanged: their voices read figures themselves.
    """
    if language == "ko":
        return spell_letters(spell_korean(korean_figures.by_meaning(text)))
    return spell_english(english_figures.by_meaning(text)) if language == "en" else text
