"""Frames: what is seen of two scenes while one becomes the other."""

from dataclasses import replace

from PIL import Image

from shorts_pipeline.database.documents.content_config import TransitionStyle, VideoStyle
from shorts_pipeline.videos.composing.frames import Shot, frames
from shorts_pipeline.videos.fonts import Face
from shorts_pipeline.videos.pictures.drawn import Drawn
from shorts_pipeline.videos.pictures.illustrate import Still, Story, scenes

STORY = Story("수출이 늘었다", ("수출",), "ko", 5)
PASSING = TransitionStyle(kind="crossfade", seconds=1, zoom=0)
INSIDE_THE_CARD = (160, 640, 900, 960)


def letters_seen(one: Still, other: Still) -> list[int]:
    """Bright samples inside the card, in every second frame of a passage of one second."""
    shown = frames([Shot(one, 0, 1), Shot(other, 1, 2)], total=60, rate=30, style=PASSING)
    inside = (Image.frombytes("L", (1080, 1920), planes[0]).crop(INSIDE_THE_CARD) for planes in list(shown)[::2])
    return [image.point([0] * 121 + [1] * 135).histogram()[1] for image in inside]


def test_cards_never_shine_through_each_other(letters: Face) -> None:
    """In a crossfade both were seen at once, one text upon the other."""
    drawn = Drawn(STORY, VideoStyle(), letters)
    told = scenes(STORY, ["수출이 24% 늘었습니다.", "직원 1,200명이 옮깁니다."])
    one, other = (drawn.still(scene, frozenset()) for scene in told)
    assert one is not None
    assert other is not None
    seen = letters_seen(one, other)
    assert min(seen[0], seen[-1]) > 5_000
    assert min(seen) < 300, "in the middle neither is seen"
    assert min(letters_seen(one, replace(other, card=one.card, says=one.says))) > 5_000, "what says the same stays"


def test_a_sentence_without_anything_to_show_keeps_the_card_before(letters: Face) -> None:
    told = scenes(STORY, ["수출이 24% 늘었습니다.", "지켜볼게요.", "오늘은 여기까지예요."])
    assert [scene.card.text for scene in told] == ["24%", "24%", "24%"]
    assert scenes(STORY, ["지켜볼게요."])[0].card.text == "수출"
