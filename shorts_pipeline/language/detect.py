"""Detect: which language a headline or a paragraph is in, by its letters.

Exact for what the channels speak (Korean, English); for other Latin languages a guess by their small words.
"""

from collections import Counter

import regex

from shorts_pipeline.language.tables import listed

_HANGUL_WORD = regex.compile(r"[\p{Hangul}]+")
_ENGLISH_WORD = regex.compile(r"\b[a-z][a-z']+\b")
_WORD = regex.compile(r"[\p{L}']+")
_LETTER = regex.compile(r"[A-Za-z]")
_SCRIPTS = {
    "ko": regex.compile(r"\p{Hangul}"),
    "ja": regex.compile(r"[\p{Hiragana}\p{Katakana}]"),
    "zh": regex.compile(r"\p{Han}"),
    "latin": regex.compile(r"\p{Latin}"),
    "ru": regex.compile(r"\p{Cyrillic}"),
    "ar": regex.compile(r"\p{Arabic}"),
    "th": regex.compile(r"\p{Thai}"),
    "he": regex.compile(r"\p{Hebrew}"),
    "el": regex.compile(r"\p{Greek}"),
    "hi": regex.compile(r"\p{Devanagari}"),
}
_USUAL_SCRIPTS = {code: _SCRIPTS[code] for code in ("ko", "latin")}
_OTHER_SCRIPT = regex.compile(r"[\p{L}\p{M}--[\p{Hangul}\p{Latin}]]", regex.VERSION1)
# A syllable says about as much as two and a half Latin letters, an ideograph about as much as four.
_LETTERS_WORTH = {"ko": 2.5, "ja": 2.5, "zh": 4.0}
_SMALL_WORDS = {
    code: frozenset(listed(words))
    for code, words in {
        "en": "the of and to in for is on with as at by from that it are was be this how why what new says",
        "es": "el la los las de del que y en un una por con para se su es al lo como más",
        "fr": "le la les des du de et en un une pour dans que qui est sur au aux par avec",
        "de": "der die das und ist von zu den im mit für auf des ein eine nicht dem als auch",
        "pt": "o os as de do da que e em um uma para com não no na por mais dos se",
        "it": "il lo la gli le di del che e in un una per con non è al dei da",
    }.items()
}
_ALL_SMALL_WORDS = frozenset().union(*_SMALL_WORDS.values())


def detect(text: str, default: str = "en") -> str:
    """ISO 639-1 code of the text's language; `default` where the text has no letters."""
    if text.isascii():
        # Most of English, told cheaply: no script needs counting.
        return _latin(text) if _LETTER.search(text) else default
    # Names are neutral: what counts is whether the *common* words are Hangul or lower-case English.
    korean = len(_HANGUL_WORD.findall(text))
    ahead = korean - len(_ENGLISH_WORD.findall(text)) if korean else 0
    if ahead > 0:
        return "ko"
    scripts = _SCRIPTS if _OTHER_SCRIPT.search(text) else _USUAL_SCRIPTS
    weights = {code: len(pattern.findall(text)) * _LETTERS_WORTH.get(code, 1.0) for code, pattern in scripts.items()}
    if not any(weights.values()):
        return default
    if weights.get("ja"):
        weights["ja"] += weights.pop("zh")
    if korean:
        # Korean text quotes foreign words and ideographs; foreign text seldom quotes Hangul.
        if ahead == 0 and weights["ko"] >= weights["latin"]:
            return "ko"
        weights["ko"] = 0.0
    code = max(weights, key=lambda key: weights[key])
    return _latin(text) if code == "latin" else code


def _latin(text: str) -> str:
    words = Counter(_WORD.findall(text.lower()))
    small = {word: count for word, count in words.items() if word in _ALL_SMALL_WORDS}
    scores = {code: sum(count for word, count in small.items() if word in own) for code, own in _SMALL_WORDS.items()}
    best = max(scores, key=lambda code: scores[code])
    # English unless another language is clearly ahead: headlines drop their small words.
    return best if scores[best] >= 2 and scores[best] > scores["en"] else "en"
