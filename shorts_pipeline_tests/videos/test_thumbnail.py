"""A thumbnail can still be read when it is 120 pixels high; measured on the shrunken picture."""

import numpy as np
import pytest
from PIL import Image

from shorts_pipeline.database.documents.content_config import VideoStyle
from shorts_pipeline.database.documents.contrast import contrast
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.illustrate import Story
from shorts_pipeline.videos.subtitles.legible import luminances
from shorts_pipeline.videos.thumbnail import POSTER, THUMBNAIL, thumbnail

TITLES = [
    "왜?",
    "반도체 수출, 석 달 만에 160억 달러 돌파",
    "국제통화기금이 올해 우리나라 경제성장률 전망치를 크게 높여 잡은 까닭과 남은 과제들",
    "초거대인공지능반도체설계자동화플랫폼",
    "Why the central bank kept its rate unchanged for the seventh time in a row this year",
]
SHRUNK = 120
LEAST_LETTER = {THUMBNAIL: 9, POSTER: 7}
"""Pixels a line of letters is high after shrinking; a Hangul syllable is told from another from about seven on."""


@pytest.mark.parametrize("canvas", [THUMBNAIL, POSTER], ids=["thumbnail", "poster"])
@pytest.mark.parametrize("title", TITLES)
def test_its_text_can_be_read_at_a_hundred_and_twenty_pixels(
    title: str, canvas: tuple[int, int], letters: Face
) -> None:
    story = Story(title, (), "ko", 5)
    picture = thumbnail(story, [], VideoStyle(), letters, canvas)
    assert picture.size == canvas
    small = picture.resize((round(canvas[0] * SHRUNK / canvas[1]), SHRUNK), Image.Resampling.LANCZOS)
    seen = luminances(np.asarray(small).astype(float))
    bright = seen > 0.45
    assert bright.sum() > 20
    highest = max(len(run) for run in runs(bright.any(axis=1)))
    assert highest >= LEAST_LETTER[canvas]
    letter, around = float(np.quantile(seen[bright], 0.75)), float(np.median(seen[~bright]))
    assert contrast(letter, around) >= 4.5


def runs(rows: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> list[list[int]]:
    """Rows that hold letters, line by line."""
    found: list[list[int]] = [[]]
    for row, lit in enumerate(rows):
        if lit:
            found[-1].append(row)
        elif found[-1]:
            found.append([])
    return found
