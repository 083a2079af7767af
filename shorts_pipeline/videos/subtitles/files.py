"""Subtitle files: groups written down as ASS, which the picture is drawn from, and as SRT for people.

A word's turn is an event of its own, so that nothing moves while the colour does; plates lie a layer below.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shorts_pipeline.database.documents.content_config import Colours, SubtitleStyle
from shorts_pipeline.database.documents.contrast import plate_colour
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.layout import HEIGHT, WIDTH, Box, subtitles_at
from shorts_pipeline.videos.subtitles.group import Group
from shorts_pipeline.videos.subtitles.legible import Plate
from shorts_pipeline.videos.subtitles.pacing import turns
from shorts_pipeline.videos.subtitles.subtitle import Plated

ROUND = 22
_DARK, _LIGHT = "#060A10", "#FFFFFF"


@dataclass(frozen=True)
class Event:
    """What is seen from `start` to `end` in a 1080x1920 picture: text as ASS writes it, and the plate in its box.

    The text is `size` pixels high and stands around the middle of where subtitles stand.
    """

    start: float
    end: float
    text: str
    size: float
    plate: Plate | None
    box: Box


@dataclass(frozen=True)
class Sheet:
    """All events in order, none overlapping another, and the style they are written in."""

    events: tuple[Event, ...]
    style: SubtitleStyle
    colours: Colours
    face: Face


def sheet(groups: Sequence[Plated], *, style: SubtitleStyle, colours: Colours, face: Face) -> Sheet:
    """The groups as events: one for each turn of a word, or of a line."""
    events = [event for each in groups for event in _events(each, style, colours)]
    return Sheet(tuple(events), style, colours, face)


def ass(shown: Sheet, *, top: int = 0, high: int = HEIGHT) -> str:
    """The subtitles as an ASS file for a 1080x1920 picture, or for the part of it from `top` on, `high` pixels high."""
    style, colours = shown.style, shown.colours
    dark = plate_colour([colours.text]) != _LIGHT
    return _HEAD.format(
        width=WIDTH,
        height=high,
        face=shown.face.name,
        text=_colour(colours.text),
        edge=_colour(_DARK if dark else _LIGHT),
        size=style.size,
        outline=style.outline,
    ) + "".join(f"{line}\n" for event in shown.events for line in _dialogues(event, style, top))


def texts_only(shown: Sheet, first: int, last: int, seconds: float) -> Sheet:
    """The texts of the events from `first` to before `last`, each for so many seconds, one after the other."""
    events = [
        replace(event, start=index * seconds, end=(index + 1) * seconds, plate=None)
        for index, event in enumerate(shown.events[first:last])
    ]
    return replace(shown, events=tuple(events))


def srt(groups: Sequence[Group]) -> str:
    """The subtitles as an SRT file."""
    blocks = []
    for number, group in enumerate(groups, start=1):
        lines = "\n".join(" ".join(word.text for word in line) for line in group.lines)
        blocks.append(f"{number}\n{_srt_time(group.start)} --> {_srt_time(group.end)}\n{lines}\n")
    return "\n".join(blocks)


def _dialogues(event: Event, style: SubtitleStyle, top: int) -> Iterator[str]:
    times = f"{_ass_time(event.start)},{_ass_time(event.end)}"
    if event.plate is not None:
        through = f"&H{round(255 * (1 - event.plate.opacity)):02X}&"
        look = f"{{\\an7\\pos(0,{-top})\\bord0\\c{_colour(event.plate.colour)}\\1a{through}\\p1}}"
        yield f"Dialogue: 0,{times},Spoken,,0,0,0,,{look}{_rounded(event.box)}{{\\p0}}"
    x, y = subtitles_at(style.position).centre
    size = f"\\fs{event.size:.1f}" if event.size != style.size else ""
    yield f"Dialogue: 1,{times},Spoken,,0,0,0,,{{\\an5\\pos({x},{y - top}){size}}}{event.text}"


def _rounded(box: Box) -> str:
    """A rectangle with round corners in ASS's drawing commands."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    far = min(ROUND, box.height // 2)
    near = round(far * 0.45)
    return (
        f"m {left + far} {top} l {right - far} {top} "
        f"b {right - near} {top} {right} {top + near} {right} {top + far} l {right} {bottom - far} "
        f"b {right} {bottom - near} {right - near} {bottom} {right - far} {bottom} l {left + far} {bottom} "
        f"b {left + near} {bottom} {left} {bottom - near} {left} {bottom - far} l {left} {top + far} "
        f"b {left} {top + near} {left + near} {top} {left + far} {top}"
    )


def _events(each: Plated, style: SubtitleStyle, colours: Colours) -> Iterator[Event]:
    group = each.group
    if style.highlight == "none":
        text = _text(group, frozenset(), colours)
        yield Event(group.start, group.end, text, group.size, each.plate, each.box)
        return
    for start, end, spoken in turns(group):
        if round(end, 2) > round(start, 2):
            lit = spoken if style.highlight == "word" else _lines_of(group, spoken)
            yield Event(start, end, _text(group, lit, colours), group.size, each.plate, each.box)


def _lines_of(group: Group, spoken: frozenset[int]) -> frozenset[int]:
    """Every word of the lines that the spoken words stand in."""
    first, found = 0, set[int]()
    for line in group.lines:
        places = range(first, first + len(line))
        if spoken & set(places):
            found |= set(places)
        first += len(line)
    return frozenset(found)


def _text(group: Group, lit: frozenset[int], colours: Colours) -> str:
    # \r goes back to the style, and with it to the style's size.
    again = f"{{\\r\\fs{group.size:.1f}}}"
    lines, index = [], 0
    for line in group.lines:
        shown = []
        for word in line:
            text = _escaped(word.text)
            shown.append(f"{{\\c{_colour(colours.highlight)}}}{text}{again}" if index in lit else text)
            index += 1
        lines.append(" ".join(shown))
    return "\\N".join(lines)


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


# Encoding -1: a line begins at the side its own letters are read from.
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
Style: Spoken,{face},{size},{text},{text},{edge},&H80000000,0,0,0,0,100,100,0,0,1,{outline},0,5,0,0,0,-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
