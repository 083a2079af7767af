"""Charts say what the sentence says: no other number, no other scale, and nothing where it leaves a doubt."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shorts_pipeline.database.documents.content_config import Colours, SubtitleStyle, VideoStyle
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.cards.charts import Change, Chart, Pair, Rank, Share
from shorts_pipeline.videos.cards.choose import card_for
from shorts_pipeline.videos.cards.drawing import PADDING, card_layer
from shorts_pipeline.videos.cards.palette import LEAST_CONTRAST, contrast, luminance, palette
from shorts_pipeline.videos.fonts import Face, face
from shorts_pipeline.videos.layout import HEIGHT, SAFE, WIDTH, Box, Position, subtitles_at
from shorts_pipeline.videos.pictures.illustrate import Scene, Story, illustrate, scenes, sources_of

NOTHING: frozenset[str] = frozenset()
STYLE = VideoStyle()


def chart(sentence: str, language: str) -> Chart | None:
    return card_for(sentence, keywords=(), language=language, said=NOTHING).chart


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("응답자 가운데 61.5%가 불편하다고 답했습니다.", "ko", Share(61.5)),
        ("점유율이 42%로 늘었습니다.", "ko", Share(42)),
        ("삼성전자의 점유율은 37퍼센트입니다.", "ko", Share(37)),
        ("Nvidia holds 80% of the market.", "en", Share(80)),
        ("Their share rose to 31 percent.", "en", Share(31)),
        ("전년보다 24.3% 늘었습니다.", "ko", Change(24.3)),
        ("수소차 판매는 37% 줄었는데요.", "ko", Change(-37)),
        ("Memory prices rose 8 percent.", "en", Change(8)),
        ("Crashes fell 57% last year.", "en", Change(-57)),
        ("SK하이닉스가 세계 2위에 올랐습니다.", "ko", Rank(2)),
        ("Samsung is back in second place.", "en", Rank(2)),
        ("They are now No. 1 in chips.", "en", Rank(1)),
    ],
)
def test_a_sentence_that_is_clear_gets_its_chart(sentence: str, language: str, expected: Chart) -> None:
    assert chart(sentence, language) == expected


@pytest.mark.parametrize(
    ("sentence", "language", "first", "second", "ratio"),
    [
        ("가격이 3.2달러에서 4.1달러로 올랐습니다.", "ko", "3.2달러", "4.1달러", 4.1 / 3.2),
        ("등록이 9만 8,000대에서 15만 2,300대로 늘었다.", "ko", "9만 8,000대", "15만 2,300대", 152_300 / 98_000),
        ("매출이 9,800억 원에서 1조 2,000억 원으로 뛰었다.", "ko", "9,800억 원", "1조 2,000억 원", 12_000 / 9_800),
        ("금리가 3.5%에서 3.25%로 내렸다.", "ko", "3.5%", "3.25%", 3.25 / 3.5),
        ("Sales went from $3.1 billion to $4.8 billion.", "en", "$3.1 billion", "$4.8 billion", 4.8 / 3.1),
        ("It fell from $980 million to $1.2 billion.", "en", "$980 million", "$1.2 billion", 1200 / 980),
        ("Rides grew from 150,000 to 400,000 a week.", "en", "150,000", "400,000", 400 / 150),
        ("Staff grew from 150,000 people to 400,000 people.", "en", "150,000 people", "400,000 people", 400 / 150),
    ],
)
def test_from_a_to_b_shows_both_as_they_are_written(
    sentence: str, language: str, first: str, second: str, ratio: float
) -> None:
    found = chart(sentence, language)
    assert isinstance(found, Pair)
    assert (found.first, found.second) == (first, second)
    assert found.to_value / found.from_value == pytest.approx(ratio)
    assert first in sentence
    assert second in sentence


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("오늘 24%가 넘었습니다.", "ko"),  # of what? and 오늘 is no 늘
        ("금리는 24%로 올랐습니다.", "ko"),  # where it stands, not by how much
        ("24%포인트 늘었습니다.", "ko"),
        ("24% 늘지 않았습니다.", "ko"),
        ("24% 늘었다가 줄었습니다.", "ko"),
        ("점유율이 3% 늘었습니다.", "ko"),  # percent of the share, or points?
        ("2019년에서 2024년으로 미뤄졌습니다.", "ko"),
        ("3에서 5만 명으로 늘었습니다.", "ko"),
        ("10달러에서 20개로 바뀌었습니다.", "ko"),
        ("세계 7위에 올랐습니다.", "ko"),
        ("방위 산업이 1위원회로 갔습니다.", "ko"),
        ("Prices could rise up to 40%.", "en"),
        ("Rates rose to 24%.", "en"),
        ("More than 40% in one day.", "en"),
        ("It did not rise 24%.", "en"),
        ("It rose 8 percentage points.", "en"),
        ("It ran from 2019 to 2024 for 12 months.", "en"),
        ("It went from 3 to 5 million users.", "en"),
        ("It went from 3.1 to 4.8 million.", "en"),
        ("They work from 9 to 5.", "en"),
        ("It rose 900%.", "en"),
        ("It fell 120%.", "en"),
    ],
)
def test_a_sentence_that_leaves_a_doubt_gets_none(sentence: str, language: str) -> None:
    assert chart(sentence, language) is None


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Face:
    return face("NanumGothic", MediaStore(tmp_path_factory.mktemp("letters")))


AMOUNTS = st.integers(1, 99_999).map(lambda number: f"{number:,}")


@settings(max_examples=25, deadline=None)
@given(AMOUNTS, AMOUNTS)
@example("2,684", "96,723")
@example("71,318", "1,986")
def test_bars_begin_at_zero_and_are_as_long_as_their_figures(letter: Face, first: str, second: str) -> None:
    (scene,) = scenes(Story("t", (), "ko", 1), [f"판매가 {first}대에서 {second}대로 바뀌었습니다."])
    assert isinstance(scene.card.chart, Pair)
    layer = card_layer(scene, STYLE, letter, (WIDTH, HEIGHT))
    assert layer is not None
    colours = palette(STYLE.colours)
    one, two = (_longest(layer.picture, colour) for colour in (colours.quiet, colours.shape))
    values = [int(text.replace(",", "")) for text in (first, second)]
    longest, most = max(one, two), max(values)
    assert abs(one - longest * values[0] / most) <= 2
    assert abs(two - longest * values[1] / most) <= 2


def _longest(picture: object, colour: tuple[int, int, int]) -> int:
    """The longest unbroken run of the colour from the left margin on, over all lines."""
    import numpy as np

    pixels = np.asarray(picture)[:, PADDING:]
    same = np.abs(pixels[..., :3].astype(int) - np.array(colour)).max(axis=-1) <= 2
    # The middle of a bar: its ends are round.
    return int(np.cumprod(same, axis=1).sum(axis=1).max())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["ko", "en"]))
def test_no_text_breaks_a_card(letter: Face, text: str, language: str) -> None:
    for sentence in (text, f"{text} 24% 늘었다", f"from 3 {text} to 5"):
        for scene in scenes(Story("t", (), language, 1), [sentence]):
            card_layer(scene, STYLE, letter, (WIDTH, HEIGHT))
            shown = scene.card.chart
            if isinstance(shown, Pair):
                assert shown.first in sentence
                assert shown.second in sentence


SAID = [
    "전년보다 24.3% 늘어난 규모입니다.",
    "가격이 3.2달러에서 4.1달러로 올랐습니다.",
    "점유율은 42%입니다.",
    "세계 2위에 올랐습니다.",
    "“하반기까지 이어질 것”이라고 했다.",
    "반도체입니다.",
    "1조 2,000억 원을 투자합니다.",
]
HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@settings(max_examples=200, deadline=None)
@given(HEX, HEX, HEX, HEX, HEX)
def test_whatever_the_channels_colours_a_card_is_readable(
    background: str, end: str, text: str, highlight: str, accent: str
) -> None:
    """Against the panel over the brightest and the darkest that may be behind it."""
    chosen = palette(Colours(background=background, background_end=end, text=text, highlight=highlight, accent=accent))
    from shorts_pipeline.videos.cards.palette import COVERS, mixed

    for behind in ((0, 0, 0), (189, 189, 189)):
        seen = mixed(chosen.panel, behind, 1 - COVERS)
        assert contrast(chosen.text, seen) >= LEAST_CONTRAST
        assert contrast(chosen.figure, seen) >= LEAST_CONTRAST


@pytest.mark.parametrize(
    "colours", [Colours(), Colours(background="#1A1027", background_end="#5B2A86", accent="#FF8A5B")]
)
def test_a_cards_text_stands_out_from_the_pixels_behind_it(colours: Colours, store: MediaStore, letters: Face) -> None:
    style = VideoStyle(colours=colours)
    story = Story("t", ("반도체",), "ko", 3)
    chosen = palette(colours)
    stills = illustrate(story, SAID, sources_of(style, story, store, letters))
    for still, scene in zip(stills, scenes(story, SAID), strict=True):
        picture, layer = still.open((WIDTH, HEIGHT)), card_layer(scene, style, letters, (WIDTH, HEIGHT))
        assert layer is not None
        picture.paste(layer.picture, (layer.left, layer.top), layer.picture)
        panel = picture.crop((700, 550, 940, 580))  # above all text and charts
        brightest = max(panel.getdata(), key=luminance)
        assert contrast(chosen.text, brightest) >= LEAST_CONTRAST
        assert contrast(chosen.figure, brightest) >= LEAST_CONTRAST


@pytest.mark.parametrize("position", ["top", "middle", "bottom"])
def test_a_card_leaves_the_subtitles_and_the_players_buttons_alone(letters: Face, position: Position) -> None:
    style = VideoStyle(subtitles=SubtitleStyle(position=position))
    for scene in scenes(Story("t", ("반도체",), "ko", 3), SAID):
        layer = card_layer(scene, style, letters, (WIDTH, HEIGHT))
        assert layer is not None
        box = Box(layer.left, layer.top, layer.left + layer.picture.width, layer.top + layer.picture.height)
        assert SAFE.holds(box)
        subtitles = subtitles_at(position)
        assert box.bottom <= subtitles.top or box.top >= subtitles.bottom


def test_what_the_font_cannot_show_draws_no_boxes(letters: Face) -> None:
    (scene,) = scenes(Story("t", (), "ko", 3), ["漢字가 24% 늘었습니다 🚀."])
    assert isinstance(scene, Scene)
    card_layer(scene, STYLE, letters, (WIDTH, HEIGHT))
