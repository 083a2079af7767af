"""Clean: text from the web made safe to store, compare and show.

NFC, without control, zero-width, bidirectional and other invisible characters. What a *title* is made of
(brackets, site names) is the topics room's business.
"""

import unicodedata

import regex

# Cf holds zero-width, bidirectional and tag characters; Cs are lone surrogates, which no database takes.
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cs}\u034F\u115F\u1160\u17B4\u17B5\uFFA0\uFFF9-\uFFFD]")
_FILLERS = regex.compile(r"[\u3164\u2800]")
_EMOJI_JOINER = regex.compile(r"(?<=[\p{Extended_Pictographic}\p{EMod}\uFE0F])\u200D(?=\p{Extended_Pictographic})")
_CONTROL = regex.compile(r"[\p{Cc}--[\n\t]]", regex.VERSION1)
_SPACES = regex.compile(r"[^\S\n]+")
_LINE_BREAKS = regex.compile(r"\r\n?|[\u2028\u2029\u0085\v\f]")
# Letters and signs that are none, although Python prints them.
_RARE = regex.compile(r"[\u034F\u115F\u1160\u17B4\u17B5\uFFA0\uFFFC\uFFFD\u3164\u2800]")
# Stands for a joiner that belongs to an emoji while the others are taken out: U+E000 is private, never text.
_KEPT = "\ue000"


def clean_text(text: str) -> str:
    """The text in NFC, without invisible characters; at most two line breaks in a row, other spaces collapsed."""
    if _is_clean(text):
        return text.strip()
    text = _LINE_BREAKS.sub("\n", text.replace(_KEPT, ""))
    text = _EMOJI_JOINER.sub(_KEPT, text)
    text = _INVISIBLE.sub("", _FILLERS.sub(" ", text)).replace(_KEPT, "\u200d")
    text = unicodedata.normalize("NFC", _CONTROL.sub(" ", text))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return str(regex.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def clean_line(text: str) -> str:
    """`clean_text` on one line: line breaks become spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(clean_text(text).split())


def _is_clean(text: str) -> bool:
    """Whether nothing but its ends is to be cleaned: most texts, told in a twentieth of the time."""
    lines = "\n" in text
    return (
        (text.replace("\n", "") if lines else text).isprintable()
        and "  " not in text
        and not (lines and (" \n" in text or "\n " in text or "\n\n\n" in text))
        and unicodedata.is_normalized("NFC", text)
        and not _RARE.search(text)
    )
