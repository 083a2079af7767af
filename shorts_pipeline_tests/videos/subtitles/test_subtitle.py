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
from shorts_pipeline.videos.subtitles.files import ass, sheet, srt
from shorts_pipeline.videos.subtitles.group import Group
from shorts_pipeline.videos.subtitles.pacing import LEAST_LIT, LINGERS, STAYS, least, turns
from shorts_pipeline.videos.subtitles.subtitle import bounds, grouped, plated

STYLE = SubtitleStyle()
LONG = "국제통화기금은 올해 우리나라의 경제성장률 전망치를 기존보다 크게 높여 잡았다고 밝혔습니다."
SOME = st.sampled_from(
    ["반도체", "수출이", "160억", "달러를", "넘었습니다.", "Samsung", "it", "a", "대한민국정부관계부처합동"]
)


def spoken(text: str, start: float = 0.0, each: float = 0.4) -> list[Word]:
    return [Word(word, start + i * each, start + (i + 1) * each) for i, word in enumerate(text.split())]


def written(groups: list[Group], letters: Face) -> str:
    return ass(sheet(plated(groups, STYLE, Colours(), letters, None), style=STYLE, colours=Colours(), face=letters))


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
    groups = grouped([spoken("수출이 크게 늘었다.")], STYLE, letters, end=1.2)
    lines = [line for line in written(groups, letters).splitlines() if "Dialogue: 1" in line]
    assert len(lines) == 3
    for line, word in zip(lines, ["수출이", "크게", "늘었다."], strict=True):
        assert f"&H004AD5FF}}{word}" in line
    assert [line.split(",")[1:3] for line in lines] == [
        ["0:00:00.00", "0:00:00.40"],
        ["0:00:00.40", "0:00:00.80"],
        ["0:00:00.80", "0:00:01.20"],
    ]


def test_a_sentence_too_short_to_be_read_shares_a_group_and_none_flashes_by(letters: Face) -> None:
    first, tiny, last = (
        spoken("수출이 크게 늘었다.", each=0.3),
        spoken("왜?", 0.9, 0.15),
        spoken("답은 메모리다.", 1.05, 0.4),
    )
    groups = grouped([first, tiny, last], STYLE, letters, end=2.2)
    assert [group.text for group in groups] == ["수출이 크게 늘었다. 왜?", "답은 메모리다."]
    assert all(group.end - group.start >= 0.7 for group in groups)


def test_a_short_group_borrows_time_from_its_neighbours(letters: Face) -> None:
    long = "대한민국정부관계부처합동"
    one_line = SubtitleStyle(most_lines=1)
    groups = grouped([spoken(long, 0, 2.0), spoken("그렇습니다.", 2.0, 0.2), spoken(long, 2.2, 2.0)], one_line, letters)
    short = next(group for group in groups if group.text == "그렇습니다.")
    assert short.end - short.start >= 0.69
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(groups))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(SOME, min_size=1, max_size=9), min_size=1, max_size=5), st.floats(0.12, 0.6))
def test_however_fast_it_is_spoken_groups_can_be_read_end_with_sentences_and_do_not_flicker(
    letters: Face, script: list[list[str]], each: float
) -> None:
    """As long as the whole leaves time to read at all: every group has its least time, but for what rounding takes."""
    sentences, at = [], 0.0
    for words in script:
        sentences.append(spoken(" ".join(words), at, each))
        at += len(words) * each
    groups = grouped(sentences, STYLE, letters, end=at + 0.35)
    ends = set(_ends(script))
    shown = 0
    for group in groups:
        shown += len(group.text.split())
        inner = {end for end in ends if shown - len(group.text.split()) < end < shown}
        assert not inner or shown in ends
    assert [word for group in groups for word in group.text.split()] == [word for words in script for word in words]
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(groups))
    assert all(b.start - a.end == 0 or b.start - a.end > STAYS - LINGERS for a, b in pairwise(groups))
    assert groups[-1].end <= at + 0.35 + 1e-9
    if sum(least(group) for group in groups) * 1.6 < at:
        assert min(group.end - group.start for group in groups) > 0.45
    assert all(end - start >= LEAST_LIT - 1e-9 for group in groups for start, end, _ in turns(group)[:-1])


def _ends(script: list[list[str]]) -> list[int]:
    return [sum(len(words) for words in script[: index + 1]) for index in range(len(script))]


def test_text_that_looks_like_a_command_stays_text(letters: Face) -> None:
    groups = grouped([spoken("{\\b1}굵게 \\N 줄 {x}")], STYLE, letters)
    shown = written(groups, letters).split("[Events]")[1]
    assert "{\\b1}" not in shown
    assert "\\{＼b1\\}굵게" in shown
    assert "＼N" in shown


def test_srt_says_the_same(letters: Face) -> None:
    written = srt(grouped([spoken("수출이 늘었다.")], STYLE, letters, end=0.8))
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
