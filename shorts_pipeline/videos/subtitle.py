"""Subtitle: what is spoken, in groups of at most two lines, with the word being spoken in another colour.

A group ends where a sentence ends and never splits an eojeol; each word's turn is an event of its own, so that
nothing moves while the colour does. ASS for the picture, SRT beside it for people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shorts_pipeline.database.documents.content_config import Colours, SubtitleStyle
from shorts_pipeline.resources.speech import Word
from shorts_pipeline.videos.fonts import Face, presentable
from shorts_pipeline.videos.layout import HEIGHT, WIDTH, Box, subtitles_at
from shorts_pipeline.videos.lines import set_in_lines

STAYS = 0.8
"""A group stays until the next one if that comes within this many seconds, so that nothing flickers."""
SMALLEST = 0.45
"""Share of its size that a very long word may shrink to."""


@dataclass(frozen=True)
class Group:
    """Words on screen together, line by line, from `start` to `end`, in letters of `size` pixels."""

    lines: tuple[tuple[Word, ...], ...]
    start: float
    end: float
    size: float

    @property
    def text(self) -> str:
        return " ".join(word.text for line in self.lines for word in line)


def grouped(sentences: Sequence[Sequence[Word]], style: SubtitleStyle, face: Face) -> list[Group]:
    """The groups of all sentences. Raises `MissingGlyphs`."""
    box = subtitles_at(style.position)
    groups: list[Group] = []
    for sentence in sentences:
        shown = [Word(text, word.start, word.end) for word in sentence if (text := presentable(word.text, face))]
        groups.extend(_of_sentence(shown, style, face, box))
    return [
        Group(group.lines, group.start, _until(group, following), group.size)
        for group, following in zip(groups, [*groups[1:], None], strict=True)
    ]


def bounds(group: Group, style: SubtitleStyle, face: Face) -> Box:
    """The rectangle that the group covers, its outline with it."""
    x, y = subtitles_at(style.position).centre
    wide = max(face.width(" ".join(word.text for word in line), group.size) for line in group.lines) / 2 + style.outline
    high = group.size * len(group.lines) / 2 + style.outline
    return Box(round(x - wide), round(y - high), round(x + wide), round(y + high))


def ass(groups: Sequence[Group], *, style: SubtitleStyle, colours: Colours, face: Face) -> str:
    """The subtitles as an ASS file for a 1080x1920 picture."""
    events = [event for group in groups for event in _events(group, style, colours)]
    return _HEAD.format(
        width=WIDTH,
        height=HEIGHT,
        face=face.name,
        text=_colour(colours.text),
        size=style.size,
        outline=style.outline,
    ) + "".join(f"{event}\n" for event in events)


def srt(groups: Sequence[Group]) -> str:
    """The subtitles as an SRT file."""
    blocks = []
    for number, group in enumerate(groups, start=1):
        lines = "\n".join(" ".join(word.text for word in line) for line in group.lines)
        blocks.append(f"{number}\n{_srt_time(group.start)} --> {_srt_time(group.end)}\n{lines}\n")
    return "\n".join(blocks)


def _of_sentence(words: Sequence[Word], style: SubtitleStyle, face: Face, box: Box) -> Iterator[Group]:
    texts = [word.text for word in words]
    lines = set_in_lines(texts, lambda text: face.width(text, style.size), box.width)
    for first in range(0, len(lines), style.most_lines):
        chosen = tuple(tuple(words[index] for index in line) for line in lines[first : first + style.most_lines])
        widest = max(face.width(" ".join(word.text for word in line), style.size) for line in chosen)
        shrunk = style.size * max(min(box.width / widest, box.height / (style.size * len(chosen)), 1.0), SMALLEST)
        yield Group(chosen, chosen[0][0].start, chosen[-1][-1].end, shrunk)


def _until(group: Group, following: Group | None) -> float:
    if following is not None and following.start - group.end <= STAYS:
        return following.start
    return group.end


def _events(group: Group, style: SubtitleStyle, colours: Colours) -> Iterator[str]:
    words = [word for line in group.lines for word in line]
    if style.highlight == "none":
        yield _dialogue(group.start, group.end, _place(style, group) + _text(group, None, colours))
        return
    starts = [group.start, *(word.start for word in words[1:]), group.end]
    for index, (start, end) in enumerate(pairwise(starts)):
        if round(end, 2) > round(start, 2):
            lit = {index} if style.highlight == "word" else _line_of(group, index)
            yield _dialogue(start, end, _place(style, group) + _text(group, lit, colours))


def _line_of(group: Group, index: int) -> set[int]:
    first = 0
    for line in group.lines:
        if index < first + len(line):
            return set(range(first, first + len(line)))
        first += len(line)
    return set()


def _place(style: SubtitleStyle, group: Group) -> str:
    x, y = subtitles_at(style.position).centre
    size = f"\\fs{group.size:.1f}" if group.size != style.size else ""
    return f"{{\\an5\\pos({x},{y}){size}}}"


def _text(group: Group, lit: set[int] | None, colours: Colours) -> str:
    lines, index = [], 0
    for line in group.lines:
        shown = []
        for word in line:
            text = _escaped(word.text)
            shown.append(f"{{\\c{_colour(colours.highlight)}}}{text}{{\\r}}" if lit and index in lit else text)
            index += 1
        lines.append(" ".join(shown))
    # \r goes back to the style, and with it to the style's size.
    again = f"{{\\r\\fs{group.size:.1f}}}"
    return "\\N".join(lines).replace("{\\r}", again)


def _dialogue(start: float, end: float, text: str) -> str:
    return f"Dialogue: 0,{_ass_time(start)},{_ass_time(end)},Spoken,,0,0,0,,{text}"


def _escaped(text: str) -> str:
    """Text that ASS takes as text: a backslash would begin a command, braces an override."""
    return text.replace("\\", "＼").replace("{", "\\{").replace("}", "\\}")


def _colour(value: str) -> str:
    """#RRGGBB as ASS writes it: &H00BBGGRR."""
    return f"&H00{value[5:7]}{value[3:5]}{value[1:3]}".upper()


def _ass_time(seconds: float) -> str:
    hundredths = max(round(seconds * 100), 0)
    minutes, hundredths = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def _srt_time(seconds: float) -> str:
    thousandths = max(round(seconds * 1000), 0)
    minutes, thousandths = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{thousandths // 1000:02},{thousandths % 1000:03}"


_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Spoken,{face},{size},{text},{text},&H00100A06,&H80000000,0,0,0,0,100,100,0,0,1,{outline},0,5,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
