"""Captions: a caption track as what was said: no timing, no sound cues, lines joined to sentences. Pure.

Tracks that YouTube listened to itself have no full stops: there a pause ends a sentence.
"""

from dataclasses import dataclass

import regex

from shorts_pipeline.language import clean_line, sentences

# Between two cues without a full stop, in seconds: nobody pauses that long inside a sentence.
PAUSE = 0.6
# A text with fewer full stops than one in so many words was never punctuated.
WORDS_A_FULL_STOP = 40

_TIMING = regex.compile(
    r"(?:(?P<h1>\d+):)?(?P<m1>\d\d):(?P<s1>\d\d[.,]\d+)\s*-->\s*(?:(?P<h2>\d+):)?(?P<m2>\d\d):(?P<s2>\d\d[.,]\d+)"
)
_MARKUP = regex.compile(r"</?[a-zA-Z0-9.:]+[^<>]{0,60}>|\{\\[^{}]{0,40}\}")
# [음악], (박수), ♪ … ♪, >> of a change of speaker.
_CUES = regex.compile(
    r"\[[^\[\]]{0,60}\]|【[^【】]{0,60}】|♪[^♪]{0,200}♪|[♪♫♬]|^\s*>>+\s*|"
    r"\((?:[^()]{0,20}(?:음악|박수|웃음|효과음|한숨|정적|환호|음성|소리)[^()]{0,10}|"
    r"[^()]{0,20}(?:music|applause|laugh|laughter|cheer|sigh|silence|sound|inaudible)[^()]{0,20})\)",
    regex.IGNORECASE | regex.MULTILINE,
)
_ENDED = regex.compile(r"[.!?…。！？][\"'”’」』)\]]*$")
_FULL_STOP = regex.compile(r"[.!?…。！？](?:\s|$)")


@dataclass(frozen=True)
class Cue:
    """What one cue shows, and from when to when, in seconds."""

    begin: float
    end: float
    text: str


def spoken(track: str, language: str) -> list[str]:
    """The sentences of a track in SubRip or WebVTT, in order; empty where nothing was said."""
    said = _unrepeated(_cues(track))
    whole = " ".join(cue.text for cue in said)
    if len(_FULL_STOP.findall(whole)) * WORDS_A_FULL_STOP >= len(whole.split()):
        return sentences(whole, language)
    return [each for part in _between_pauses(said) for each in map(_stopped, sentences(part, language))]


def _cues(track: str) -> list[Cue]:
    """The cues with words, in the order of the file."""
    found = []
    for block in regex.split(r"\n[ \t]*\n", track.replace("\r\n", "\n").removeprefix("\ufeff")):
        timing = _TIMING.search(block)
        if timing is None:
            continue  # a header, a note, a style
        text = _CUES.sub(" ", _MARKUP.sub("", block[block.find("\n", timing.end()) + 1 :] if "\n" in block else ""))
        if line := clean_line(text):
            found.append(Cue(_at(timing, "1"), _at(timing, "2"), line))
    return found


def _at(timing: "regex.Match[str]", which: str) -> float:
    hours, minutes, seconds = (timing[f"{unit}{which}"] for unit in "hms")
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def _unrepeated(cues: list[Cue]) -> list[Cue]:
    """Without what a cue shows again of the one before: captions that roll up show every line twice."""
    told: list[Cue] = []
    before = ""
    for cue in cues:
        text = cue.text
        if text == before or (before and before.endswith(text)):
            continue
        shared = _overlap(before, text)
        before = text
        if rest := text[shared:].strip():
            told.append(Cue(cue.begin, cue.end, rest))
    return told


def _overlap(before: str, text: str) -> int:
    """How many characters of `text` repeat the last whole words of `before`, at least three of them."""
    ended, begun = before.split(), text.split()
    for count in range(min(len(ended), len(begun)), 2, -1):
        if ended[-count:] == begun[:count]:
            return len(" ".join(begun[:count]))
    return 0


def _between_pauses(cues: list[Cue]) -> list[str]:
    parts: list[list[str]] = []
    last: Cue | None = None
    for cue in cues:
        if last is None or cue.begin - last.end >= PAUSE or _ENDED.search(last.text):
            parts.append([])
        parts[-1].append(cue.text)
        last = cue
    return [" ".join(part) for part in parts]


def _stopped(sentence: str) -> str:
    return sentence if _ENDED.search(sentence) else f"{sentence}."
