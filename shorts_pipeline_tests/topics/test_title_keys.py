"""Near-same titles share a key; others seldom do. The titles are invented (pairs.py), the edits generated."""

import itertools
import random
from datetime import timedelta
from uuid import UUID

import pytest
from rapidfuzz import fuzz

from shorts_pipeline.topics.title_keys import PERIOD, period_of, periods_near, title_bands, title_keys
from shorts_pipeline.topics.titles import normalize_title
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.topics.pairs import DIFFERENT, SAME, UNSEEN_DIFFERENT, UNSEEN_SAME

ONE, OTHER = UUID(int=1), UUID(int=2)
ALL = sorted({normalize_title(title) for pair in SAME + DIFFERENT + UNSEEN_SAME + UNSEEN_DIFFERENT for title in pair})
KOREAN = [title for title in ALL if any("가" <= letter <= "힣" for letter in title)]
ENGLISH = [title for title in ALL if title.isascii()]


def likeness(one: str, other: str) -> float:
    """As titles are compared: letter by letter, whatever the order of words."""
    return fuzz.ratio(" ".join(sorted(one.split())), " ".join(sorted(other.split()))) / 100


def edited(title: str, letters: str, rng: random.Random) -> str:
    """The title with letters or words changed, added or left out, down to a likeness of .9 and not below."""
    found, least = title, rng.uniform(0.88, 0.97)
    while likeness(title, found) > least:
        at, words = rng.randrange(len(found)), found.split()
        kind = rng.randrange(5)
        if kind == 0:
            tried = found[:at] + rng.choice(letters) + found[at + 1 :]
        elif kind == 1:
            tried = found[:at] + rng.choice(letters) + found[at:]
        elif kind == 2:
            tried = found[:at] + found[at + 1 :]
        elif kind == 3:
            added = "".join(rng.choices(letters, k=rng.randint(2, 4)))
            tried = " ".join([*words[: at % len(words)], added, *words[at % len(words) :]])
        else:
            rng.shuffle(words)
            tried = " ".join(words)
        tried = " ".join(tried.split())
        if likeness(title, tried) < 0.9:
            break
        found = tried
    return found


@pytest.mark.parametrize("titles", [KOREAN, ENGLISH], ids=["Korean", "English"])
def test_titles_that_are_nine_tenths_alike_share_a_key(titles):
    rng = random.Random(7)
    letters = "".join(titles).replace(" ", "")
    pairs = [(title, edited(title, letters, rng)) for title in titles for _ in range(2_500 // len(titles))]
    one, other = title_bands([first for first, _ in pairs]), title_bands([second for _, second in pairs])
    found = sum(bool(set(a) & set(b)) for a, b in zip(one, other, strict=True))
    assert all(likeness(*pair) >= 0.9 for pair in pairs)
    assert found / len(pairs) >= 0.99


def test_few_others_are_looked_at_in_vain():
    bands = [set(own) for own in title_bands(ALL)]
    pairs = list(itertools.combinations(range(len(ALL)), 2))
    in_vain = sum(bool(bands[a] & bands[b]) and likeness(ALL[a], ALL[b]) < 0.9 for a, b in pairs)
    assert in_vain / len(pairs) < 0.005


def test_the_order_of_words_does_not_count():
    one, other = title_bands(["삼성전자 hbm4 양산 돌입", "양산 돌입 hbm4 삼성전자"])
    assert one == other


def test_keys_are_the_same_in_every_process_and_release():
    """Stored ones would not be found again."""
    [keys] = title_keys(title_bands(["삼성전자 3분기 영업이익 10조원 돌파"]), ONE, [period_of(NINE_IN_SEOUL)])
    assert keys[:2] == [-7488435118380964891, -7488435754492344004]
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_keys_belong_to_a_channel_and_a_period():
    [bands] = title_bands(["bank of korea cuts key rate"])
    sets = [set(title_keys([bands], channel, [period])[0]) for channel in (ONE, OTHER) for period in (3, 4)]
    assert all(not one & other for one, other in itertools.combinations(sets, 2))


def test_titles_in_a_batch_are_as_titles_alone():
    together = title_bands(["가", "", "a b", "무엇이든 제목", ""])
    assert together == [title_bands([title])[0] for title in ("가", "", "a b", "무엇이든 제목", "")]
    assert together[1] == together[4] == []
    assert title_keys(together, ONE, [1] * 5)[1] == []
    assert title_bands([]) == title_keys([], ONE, []) == []


def test_a_story_is_looked_for_in_every_period_its_window_touches():
    start = NINE_IN_SEOUL - (NINE_IN_SEOUL - NINE_IN_SEOUL.replace(year=2020, month=1, day=1)) % PERIOD
    assert list(periods_near(start + PERIOD / 2, timedelta(hours=72))) == [period_of(start)]
    assert list(periods_near(start + timedelta(hours=1), timedelta(hours=72))) == [
        period_of(start) - 1,
        period_of(start),
    ]
    assert len(periods_near(start, timedelta(days=366))) > 20
