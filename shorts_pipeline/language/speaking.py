"""Speaking: how long a text takes to say, before any voice has said it.

Korean is timed by syllables of what is read aloud ("3.5%" is six), English by words. Figures: Korean news
readers speak 4.5–6 syllables a second in running speech, English narration 150–170 words a minute; pauses apart.
"""

import regex

from shorts_pipeline.language.numerals import spell_out

KOREAN_SYLLABLES_A_SECOND = 5.6
ENGLISH_WORDS_A_SECOND = 2.9
SENTENCE_PAUSE = 0.35
PHRASE_PAUSE = 0.15

_SENTENCE_END = regex.compile(r"[.!?…]+(?=[\s\"'”’)]|$)")
_PHRASE_END = regex.compile(r"[,;:—](?=\s|$)")
_SYLLABLE = regex.compile(r"[가-힣]")
_WORD = regex.compile(r"[\p{L}\p{N}]+(?:['’][\p{L}]+)?")


def syllables(text: str) -> int:
    """Korean syllables of the text as it is read aloud."""
    return len(_SYLLABLE.findall(spell_out(text, "ko")))


def speaking_seconds(text: str, language: str, rate: float = 1.0) -> float:
    """Seconds to say `text` at `rate` (1.0: normal; 1.2: a fifth faster), with the pauses between phrases."""
    spoken = (
        syllables(text) / KOREAN_SYLLABLES_A_SECOND
        if language == "ko"
        else len(_WORD.findall(spell_out(text, language))) / ENGLISH_WORDS_A_SECOND
    )
    pauses = len(_SENTENCE_END.findall(text)) * SENTENCE_PAUSE + len(_PHRASE_END.findall(text)) * PHRASE_PAUSE
    return (spoken + pauses) / rate
