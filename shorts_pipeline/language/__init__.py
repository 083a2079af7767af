"""Korean and English text: tokens, sentences, numerals, graphemes, safe cutting.

Everything here is pure: text in, text (or numbers) out. Nothing reads a table, a file or the network, and
kiwipiepy is loaded by the first Korean morpheme, not by the import.
"""

from shorts_pipeline.language.clean import clean_line, clean_text
from shorts_pipeline.language.detect import detect
from shorts_pipeline.language.graphemes import cut, cut_bytes, cut_words, graphemes
from shorts_pipeline.language.josa import with_josa
from shorts_pipeline.language.numerals import spell_out
from shorts_pipeline.language.sentences import sentences
from shorts_pipeline.language.speaking import speaking_seconds, syllables
from shorts_pipeline.language.tokens import Morpheme, keywords, morphemes, nouns, stem, tokens

__all__ = [
    "Morpheme",
    "clean_line",
    "clean_text",
    "cut",
    "cut_bytes",
    "cut_words",
    "detect",
    "graphemes",
    "keywords",
    "morphemes",
    "nouns",
    "sentences",
    "speaking_seconds",
    "spell_out",
    "stem",
    "syllables",
    "tokens",
    "with_josa",
]
