"""The split: near repeats on one side, whatever came when; validation never above its share; always the same."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from shorts_pipeline.performance.training.split import Member, Split, assign

TRAIN, VALIDATION = Split.TRAIN, Split.VALIDATION


def members(count: int) -> list[Member]:
    return [Member(f"topic {number}") for number in range(count)]


def test_a_tenth_validates_and_few_all_train():
    assert assign(members(9), [], share=0.1) == [TRAIN] * 9
    for count in (10, 57, 300):
        assert assign(members(count), [], share=0.1).count(VALIDATION) == count // 10
    assert VALIDATION not in assign(members(300), [], share=0.0)


def test_what_validates_does_not_follow_from_the_order_in_time():
    sides = assign(members(100), [], share=0.1)
    places = [place for place, side in enumerate(sides) if side is VALIDATION]
    assert len({after - before for before, after in pairwise(places)}) > 3


def test_a_chain_of_near_repeats_lies_on_one_side():
    sides = assign(members(60), [(n, n + 20) for n in range(40)], share=0.2)
    assert all(sides[n] == sides[n + 20] == sides[n + 40] for n in range(20))
    assert sides.count(VALIDATION) == 12


def test_a_new_near_repeat_goes_where_the_earlier_one_is():
    placed = [replace(one, placed=side) for one, side in zip(members(2), (TRAIN, VALIDATION), strict=True)]
    assert assign([*placed, *members(2)], [(0, 2), (1, 3)], share=0.0) == [TRAIN, VALIDATION, TRAIN, VALIDATION]


def test_what_is_near_to_both_sides_is_on_neither_and_its_neighbours_find_their_own():
    placed = [Member("a", placed=TRAIN), Member("b", placed=VALIDATION)]
    near = [(0, 2), (1, 2), (2, 3), (0, 4), (2, 4)]
    sides = assign([*placed, *members(3)], near, share=0.5)
    assert sides == [TRAIN, VALIDATION, None, TRAIN, TRAIN]


def test_episodes_of_a_series_stay_together_unless_near_repeats_part_them():
    placed = [Member("a", "series", VALIDATION), Member("b", None, TRAIN)]
    new = [Member("c", "series"), Member("d", "series")]
    assert assign([*placed, *new], [], share=0.5)[2:] == [VALIDATION, VALIDATION]
    assert assign([*placed, *new], [(1, 3)], share=0.5)[3] is TRAIN


@pytest.mark.parametrize("seed", range(60))
def test_no_near_repeats_lie_on_both_sides_however_the_examples_come(seed: int):
    """Random near repeats in random batches: each batch knows only what came before."""
    chance = random.Random(seed)
    count, share = chance.randrange(1, 60), chance.choice([0.1, 0.3, 0.5])
    near = {(i, j) for j in range(count) for i in range(j) if chance.random() < 1.5 / count}
    series = [chance.choice([None, None, "one", "two"]) for _ in range(count)]
    known: list[Member] = []
    while len(known) < count:
        batch = [Member(f"{n}", series[n]) for n in range(len(known), min(count, len(known) + chance.randrange(1, 20)))]
        seen = [(i, j) for i, j in near if j < len(known) + len(batch)]
        both = [*known, *batch]
        sides = assign(both, seen, share=share)
        assert sides == assign(both, sorted(seen, reverse=True), share=share)
        assert [one.placed for one in known if one.placed] == [
            s for s, one in zip(sides, known, strict=False) if one.placed
        ]
        # What is left out is in no file: a later batch does not meet it again.
        known = [replace(one, placed=side) for one, side in zip(both, sides, strict=True)]
        near = {(i, j) for i, j in near if not (j < len(known) and None in (sides[i], sides[j]))}
        for i, j in seen:
            assert None in (sides[i], sides[j]) or sides[i] is sides[j]
        known = [one if one.placed else replace(one, placed=TRAIN) for one in known]
