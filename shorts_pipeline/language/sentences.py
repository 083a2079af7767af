"""Sentences: where one ends. Quotations and brackets stay whole, decimals and abbreviations are no ends.

Rules first: news and scripts are punctuated, and rules need no model. Only a long Korean piece without any
punctuation is given to kiwipiepy, which knows endings.
"""

from itertools import pairwise

import regex

from shorts_pipeline.language.tokens import analyser

_END = regex.compile(r"""[.!?…。！？]+["'”’»」』》〉)\]]*(?=\s|$)|\n\s*\n""")
_PAIRS = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "(": ")",
    "[": "]",
    "«": "»",
    '"': '"',
    "'": "'",
}
_LONGEST_QUOTATION = 400
_RUN_ON = 150
_REPORTING = regex.compile(r"(?:이?라고|이?라며|이?라는|이?라면서|하고|하며|고\s)")
_ABBREVIATION = regex.compile(
    r"(?:^|[\s(\"'“‘])(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|vs|No|Nos|Fig|Vol|pp|Inc|Corp|Ltd|Co|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|e\.g|i\.e|etc|approx|est|[A-Z]|(?:[A-Z]\.)+[A-Z])\.$"
)
_COMPANY = regex.compile(r"(?:Inc|Corp|Ltd|Co|Jr|Sr|etc|(?:[A-Z]\.)+[A-Z])\.$")


def sentences(text: str, language: str) -> list[str]:
    """The text's sentences in order, trimmed; only white space between and around them is lost."""
    pieces, start = [], 0
    quoted = _quotations(text)
    for match in _END.finditer(text):
        if _ends(text, start, match, quoted):
            pieces.append(text[start : match.end()])
            start = match.end()
    pieces.append(text[start:])
    found = [" ".join(piece.split()) for piece in pieces]
    if language == "ko":
        found = [part for piece in found for part in _split_run_on(piece)]
    return [piece for piece in found if piece]


def _ends(text: str, start: int, match: "regex.Match[str]", quoted: list[tuple[int, int]]) -> bool:
    if not match.group().strip():
        return True
    if any(opened < match.end() <= closed for opened, closed in quoted):
        return False
    following = text[match.end() :].lstrip()[:8]
    if not following:
        return True
    mark = match.group()
    inside_quotation = not mark[-1].isspace() and mark[-1] in "\"'”’»」』》〉"
    if inside_quotation and _REPORTING.match(following):
        return False
    if following[0].islower():
        return False
    return not (mark == "." and _is_abbreviation(text[start : match.end()], following))


def _is_abbreviation(sentence: str, following: str) -> bool:
    if not _ABBREVIATION.search(sentence):
        return False
    # "Apple Inc. The firm …": an abbreviation that often ends a sentence does so before a capital.
    return not (_COMPANY.search(sentence) and following[0].isupper() and not sentence.endswith(("U.S.", "U.K.")))


def _quotations(text: str) -> list[tuple[int, int]]:
    """Spans (after the opening mark, at the closing mark) of quotations and brackets that are closed nearby."""
    spans, at = [], 0
    while at < len(text):
        closing = _PAIRS.get(text[at])
        end = _closing(text, at, closing) if closing else -1
        if end < 0:
            at += 1
            continue
        spans.append((at + 1, end))
        at = end + 1
    return spans


def _closing(text: str, at: int, closing: str) -> int:
    before = text[at - 1] if at else " "
    if closing in "\"'" and (before.isalnum() and before.isascii()):
        return -1
    stop = min(len(text), at + 1 + _LONGEST_QUOTATION)
    paragraph = text.find("\n\n", at, stop)
    stop = paragraph if paragraph >= 0 else stop
    end = text.find(closing, at + 1, stop)
    while closing in "'’" and 0 <= end < len(text) - 1 and text[end + 1].isascii() and text[end + 1].isalnum():
        end = text.find(closing, end + 1, stop)
    return end


def _split_run_on(piece: str) -> list[str]:
    if len(piece) <= _RUN_ON or regex.search(r"[.!?…]\S*$", piece):
        return [piece]
    starts = [sentence.start for sentence in analyser().split(piece)]
    bounds = [0, *(start for start in starts if start > 0), len(piece)]
    return [piece[a:b].strip() for a, b in pairwise(bounds)]
