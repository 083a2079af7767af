"""Subtitles: whole words, whole sentences, inside the frame, in letters the font has."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shorts_pipeline.database.documents.content_config import Colours, SubtitleStyle
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech import Word
from shorts_pipeline.videos.fonts import Face, MissingGlyphs, face, presentable
from shorts_pipeline.videos.layout import SAFE, card_at, subtitles_at
from shorts_pipeline.videos.lines import set_in_lines
from shorts_pipeline.videos.subtitle import ass, bounds, grouped, srt

STYLE = SubtitleStyle()
LONG = "국제통화기금은 올해 우리나라의 경제성장률 전망치를 기존보다 크게 높여 잡았다고 밝혔습니다."
SOME = st.sampled_from(
    ["반도체", "수출이", "160억", "달러를", "넘었습니다.", "Samsung", "it", "a", "대한민국정부관계부처합동"]
)


def spoken(text: str, start: float = 0.0, each: float = 0.4) -> list[Word]:
    return [Word(word, start + i * each, start + (i + 1) * each) for i, word in enumerate(text.split())]


def test_groups_have_two_lines_at_most_and_end_with_the_sentence(letters: Face) -> None:
    first, second = spoken(LONG), spoken("왜 그럴까요?", start=5.0)
    groups = grouped([first, second], STYLE, letters)
    assert all(len(group.lines) <= 2 for group in groups)
    assert groups[-1].text == "왜 그럴까요?"
    assert groups[-2].text.endswith("밝혔습니다.")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SOME, min_size=1, max_size=30), st.sampled_from(["top", "middle", "bottom"]), st.integers(60, 130))
def test_whatever_is_said_it_stays_inside_the_frame_and_no_word_is_split(
    letters: Face, words: list[str], position: str, size: int
) -> None:
    style = SubtitleStyle.model_validate({"position": position, "size": size})
    groups = grouped([spoken(" ".join(words))], style, letters)
    assert [word.text for group in groups for line in group.lines for word in line] == words
    assert all(SAFE.holds(bounds(group, style, letters)) for group in groups)
    assert all(a.end <= b.start for a, b in pairwise(groups))


@pytest.mark.parametrize("position", ["top", "middle", "bottom"])
def test_card_and_subtitles_do_not_overlap(position: str) -> None:
    card, box = card_at(position), subtitles_at(position)  # type: ignore[arg-type]
    assert card.bottom <= box.top or box.bottom <= card.top
    assert SAFE.holds(card)
    assert SAFE.holds(box)


def test_each_word_is_lit_in_its_turn_and_nothing_else_changes(letters: Face) -> None:
    groups = grouped([spoken("수출이 크게 늘었다.")], STYLE, letters)
    lines = [
        line for line in ass(groups, style=STYLE, colours=Colours(), face=letters).splitlines() if "Dialogue" in line
    ]
    assert len(lines) == 3
    for line, word in zip(lines, ["수출이", "크게", "늘었다."], strict=True):
        assert f"&H004AD5FF}}{word}" in line
    assert [line.split(",")[1:3] for line in lines] == [
        ["0:00:00.00", "0:00:00.40"],
        ["0:00:00.40", "0:00:00.80"],
        ["0:00:00.80", "0:00:01.20"],
    ]


def test_text_that_looks_like_a_command_stays_text(letters: Face) -> None:
    groups = grouped([spoken("{\\b1}굵게 \\N 줄 {x}")], STYLE, letters)
    shown = ass(groups, style=STYLE, colours=Colours(), face=letters).split("[Events]")[1]
    assert "{\\b1}" not in shown
    assert "\\{＼b1\\}굵게" in shown
    assert "＼N" in shown


def test_srt_says_the_same(letters: Face) -> None:
    written = srt(grouped([spoken("수출이 늘었다.")], STYLE, letters))
    assert written == "1\n00:00:00,000 --> 00:00:00,800\n수출이 늘었다.\n"


def test_emoji_are_not_shown_and_accents_are_kept_or_dropped_but_never_boxes(letters: Face) -> None:
    assert presentable("좋아요 😀👍🏽 끝", letters) == "좋아요 끝"
    assert presentable("Škoda é", letters) == "Skoda é"


def test_a_missing_glyph_is_an_error_that_names_it(letters: Face) -> None:
    with pytest.raises(MissingGlyphs, match="U\\+0E01"):
        grouped([spoken("안녕 ก")], STYLE, letters)


def test_the_font_lies_with_its_licence(letters: Face, store: MediaStore) -> None:
    assert "SIL OPEN FONT LICENSE" in store.path("fonts/OFL-NanumGothic.txt").read_text()
    assert face("NanumGothic", store) == letters


def test_lines_are_as_few_and_as_even_as_can_be() -> None:
    words = ["aaa", "bb", "cc", "ddd", "e"]
    assert set_in_lines(words, lambda text: float(len(text)), 8) == [[0, 1], [2, 3, 4]]
    assert set_in_lines(["abcdefghij", "k"], lambda text: float(len(text)), 5) == [[0], [1]]
    assert set_in_lines([], len, 5) == []
