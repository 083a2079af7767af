"""Chart drawing: rings, bars and steps on a card. Every bar begins at zero, and lengths are as the figures are."""

from shorts_pipeline.videos.cards.charts import Change, Chart, Pair, Rank, Share
from shorts_pipeline.videos.cards.sheet import Part, Sheet
from shorts_pipeline.videos.layout import Box

LABEL_SIZES = range(54, 38, -2)
FIGURE_SIZES = range(176, 60, -4)
INSIDE_SIZES = range(92, 36, -2)
PAIR_SIZES = range(72, 38, -2)
SAID_SIZES = range(66, 38, -2)
_GAP = 56
_BAR = 30
_MOST_LINES = 5


Words = tuple[str, str, str]
"""What stands before and after the figure, and the clause with the figure in it."""


def draw_chart(sheet: Sheet, box: Box, chart: Chart, text: str, words: Words) -> None:
    """The chart in the box, with the figure and the words beside it."""
    if isinstance(chart, Share):
        _share(sheet, box, chart, text, words[2])
    elif isinstance(chart, Change):
        _change(sheet, box, chart, text, words[0], words[1])
    elif isinstance(chart, Pair):
        _pair(sheet, box, chart, words[0])
    else:
        _rank(sheet, box, chart, text, words[2])


def _share(sheet: Sheet, box: Box, chart: Share, text: str, clause: str) -> None:
    """A ring with the figure in it, the words at its right."""
    across = min(box.height, 330)
    x, y = box.left + across / 2, box.top + box.height / 2
    sheet.ring(x, y, across / 2, 44, chart.percent / 100, (sheet.colours.shape, sheet.colours.quiet))
    inside = sheet.fitted(text, INSIDE_SIZES, across - 2 * 44 - 36, 1)
    sheet.write(inside, x, y - inside.height / 2, sheet.colours.figure, middle=True)
    _said(sheet, Box(round(box.left + across + _GAP), box.top, box.right, box.bottom), clause, text)


def _change(sheet: Sheet, box: Box, chart: Change, text: str, before: str, after: str) -> None:
    """Before and after as two bars from one ground, at the left; an arrow, the figure and its words beside them."""
    wide, gap, ground = 92, 26, box.bottom - 6
    highest = box.height - 12
    old, new = 100.0, 100.0 + chart.percent
    scale = highest / max(old, new)
    for place, (value, colour) in enumerate(((old, sheet.colours.quiet), (new, sheet.colours.shape))):
        x = box.left + place * (wide + gap)
        sheet.block((x, ground - value * scale, x + wide, ground), colour, 12)
    sheet.block((box.left - 8, ground, box.left + 2 * wide + gap + 8, ground + 5), sheet.colours.text, 2, alpha=150)
    left = box.left + 2 * wide + gap + _GAP
    room = box.right - left
    arrow = 74
    label, note = (sheet.fitted(words, LABEL_SIZES, room, 2, box.height * 0.3) for words in (before, after))
    figure = sheet.fitted(text, FIGURE_SIZES, room - arrow - 26, 1, box.height - label.height - note.height)
    y = box.top + (box.height - label.height - figure.height - note.height) / 2
    y = sheet.write(label, left, y, sheet.colours.text)
    sheet.arrow(left, y + figure.height / 2 - arrow * 0.4, arrow, sheet.colours.figure, up=chart.percent > 0)
    y = sheet.write(figure, left + arrow + 26, y, sheet.colours.figure)
    sheet.write(note, left, y, sheet.colours.text)


def _pair(sheet: Sheet, box: Box, chart: Pair, before: str) -> None:
    """Two bars one under the other, each with its figure above."""
    label = sheet.fitted(before, LABEL_SIZES, box.width, 1)
    longer = max(chart.first, chart.second, key=len)
    size = sheet.fitted(longer, PAIR_SIZES, box.width, 1).size
    block = size * 1.16 + 6 + _BAR
    free = box.height - label.height - 2 * block
    gap = max(min(free / 2, 34), 8)
    y = box.top + max((box.height - label.height - 2 * block - gap * (2 if label.lines else 1)) / 2, 0)
    y = sheet.write(label, box.left, y, sheet.colours.text) + (gap if label.lines else 0)
    most = max(chart.from_value, chart.to_value)
    rows = (
        (chart.first, chart.from_value, sheet.colours.text, sheet.colours.quiet),
        (chart.second, chart.to_value, sheet.colours.figure, sheet.colours.shape),
    )
    for text, value, ink, colour in rows:
        bottom = sheet.write(Part(size, [text]), box.left, y, ink) + 6
        sheet.block((box.left, bottom, box.left + box.width * value / most, bottom + _BAR), colour, _BAR / 3)
        y += block + gap


def _rank(sheet: Sheet, box: Box, chart: Rank, text: str, clause: str) -> None:
    """Three steps; the place that is meant is bright and carries its figure, the others carry none."""
    wide, gap, ground = 116, 12, box.bottom - 6
    heights = {1: 0.74, 2: 0.54, 3: 0.38}
    for column, place in enumerate((2, 1, 3)):
        x, high = box.left + column * (wide + gap), (box.height - 12) * heights[place]
        meant = place == chart.place
        sheet.block((x, ground - high, x + wide, ground), sheet.colours.shape if meant else sheet.colours.quiet, 14)
        if meant:
            figure = sheet.fitted(text, INSIDE_SIZES, wide + 2 * gap, 1)
            sheet.write(figure, x + wide / 2, ground - high - figure.height - 2, sheet.colours.figure, middle=True)
    left = round(box.left + 3 * wide + 2 * gap + _GAP)
    _said(sheet, Box(left, box.top, box.right, box.bottom), clause, text)


def _said(sheet: Sheet, box: Box, clause: str, figure: str) -> None:
    """The clause beside the chart, in the middle of the height, its figure in the figure's colour."""
    part = sheet.fitted(clause, SAID_SIZES, box.width, _MOST_LINES, box.height)
    sheet.paragraph(part, box.left, box.top + (box.height - part.height) / 2, figure)
