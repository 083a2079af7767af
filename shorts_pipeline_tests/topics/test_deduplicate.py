import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.resources.models.embedder import SentenceTransformerEmbedder
from shorts_pipeline.topics.deduplicate import How, Match, Neighbour, Telling, by_meaning, by_title
from shorts_pipeline.topics.evidence import contradict, figures, same_name, shared_evidence
from shorts_pipeline.topics.normalize import read, understand
from shorts_pipeline.topics.past import names_in, telling
from shorts_pipeline.topics.same_story import MUCH_IN_COMMON, overlap
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.topics.pairs import DIFFERENT, SAME, UNSEEN_DIFFERENT, UNSEEN_SAME
from shorts_pipeline_tests.topics.stories import heard

SETTINGS = DuplicateSettings()


def told(title: str, *, hours_ago: float = 0, text: str = "") -> Telling:
    story = read(heard(title, text, told_at=NINE_IN_SEOUL - timedelta(hours=hours_ago)))
    about = understand([story])[0]
    line = story.headline
    names = names_in([entity.as_json() for entity in about.entities])
    return telling(
        story.item.id,
        line.title,
        line.normalized,
        line.content_hash,
        line.language,
        story.told_at,
        names,
        about.keywords,
    )


def near_all(
    new: Sequence[Telling], vectors: "np.ndarray", known: Sequence[Telling], embedder: SentenceTransformerEmbedder
) -> dict[UUID, list[Neighbour]]:
    """Every known telling beside every new one, as a store that finds them all would say."""
    cosines = vectors @ embedder.embed([each.title for each in known]).T
    return {each.id: list(zip(known, row.tolist(), strict=True)) for each, row in zip(new, cosines, strict=True)}


def repeats(
    embedder: SentenceTransformerEmbedder, new: Sequence[Telling], known: Sequence[Telling] = ()
) -> dict[str, How]:
    """Title → how it was known to be a repeat."""
    first = by_title(new, {each.id: known for each in new}, SETTINGS)
    vectors = embedder.embed([each.title for each in first.leaders])
    near = near_all(first.leaders, vectors, known, embedder)
    second, _ = by_meaning(first.leaders, vectors, near, SETTINGS, embedder.thresholds)
    titles = {each.id: each.title for each in new}
    return {titles[id]: match.how for id, match in {**first.repeats, **second.repeats}.items()}


def is_one_story(embedder: SentenceTransformerEmbedder, one: str, other: str) -> bool:
    return bool(repeats(embedder, [told(one), told(other)]))


def test_labelled_pairs_are_told_apart(embedder):
    embedder.embed([title for pair in SAME + DIFFERENT for title in pair])
    missed = [pair for pair in SAME if not is_one_story(embedder, *pair)]
    confused = [pair for pair in DIFFERENT if is_one_story(embedder, *pair)]
    assert len(missed) <= 2, missed
    assert not confused


def test_pairs_the_rules_were_not_made_on_are_told_apart(embedder):
    embedder.embed([title for pair in UNSEEN_SAME + UNSEEN_DIFFERENT for title in pair])
    missed = [pair for pair in UNSEEN_SAME if not is_one_story(embedder, *pair)]
    confused = [pair for pair in UNSEEN_DIFFERENT if is_one_story(embedder, *pair)]
    found = len(UNSEEN_SAME) - len(missed)
    precision, recall = found / max(found + len(confused), 1), found / len(UNSEEN_SAME)
    assert 2 * precision * recall / (precision + recall) >= 0.9, (missed, confused)


def test_the_cheapest_look_that_knows_a_repeat_names_it(embedder):
    known = [told("삼성전자, 3분기 영업이익 10조원 돌파", hours_ago=5)]
    new = [
        told("[속보] 삼성전자 3분기 영업이익 10조원 돌파"),
        told("삼성전자, 3분기 영업이익 10조원을 돌파"),
        told("삼성전자 3분기 영업익 10조 넘어서…반도체 회복"),
    ]
    found = repeats(embedder, new, known)
    assert [found[each.title] for each in new] == [How.HASH, How.TITLE, How.MEANING]


def test_an_event_told_in_other_words_is_known_by_its_names(embedder):
    one = told(
        "가온누리, 도담전자에 GLM-16 첫 공급",
        text="가온누리반도체가 도담전자에 GLM-16 메모리를 공급한다. 윤가람 대표가 계약서에 서명했다.",
    )
    other = told(
        '윤가람 대표 "도담전자가 첫 손님"',
        text="가온누리반도체의 GLM-16 메모리를 도담전자가 산다. 윤가람 대표가 계약을 알렸다.",
    )
    assert overlap(one, other) >= MUCH_IN_COMMON
    assert shared_evidence(one, other) > 1


def test_the_result_does_not_depend_on_the_order_of_arrival(embedder):
    titles = [*itertools.chain.from_iterable(SAME[:8]), *itertools.chain.from_iterable(SAME[18:24])]
    new = [told(title, hours_ago=index % 5) for index, title in enumerate(dict.fromkeys(titles))]
    shuffled = random.Random(7).sample(new, len(new))
    assert repeats(embedder, new) == repeats(embedder, shuffled)


def test_outside_the_window_only_the_same_title_is_a_repeat(embedder):
    known = [told("한국은행, 기준금리 0.25%p 인하", hours_ago=100)]
    assert repeats(embedder, [told("한국은행 기준금리를 0.25%p 인하")], known) == {}
    assert repeats(embedder, [told("한국은행 기준금리 0.25%p 인하")], known) == {
        "한국은행 기준금리 0.25%p 인하": How.HASH
    }


def test_a_topic_older_than_the_past_is_known_by_its_hash():
    new = told("한국은행, 기준금리 인하")
    older = told("어떤 오래된 이야기")
    found = by_title([new], {}, SETTINGS, {new.content_hash: older.id})
    assert found.repeats == {new.id: Match(older.id, How.HASH, 1.0)}


def test_the_telling_in_the_channels_language_leads(embedder):
    foreign = replace(told("OpenAI launches GPT-6 with longer memory", hours_ago=9), rank=(1.0,))
    own = replace(told("오픈AI, 기억력 늘린 GPT-6 공개", hours_ago=1), rank=(0.0,))
    assert list(repeats(embedder, [foreign, own])) == [foreign.title]


def test_nothing_new_is_no_work(embedder):
    found, nearest = by_meaning([], embedder.embed([]), {}, SETTINGS, embedder.thresholds)
    assert (found.leaders, found.repeats, nearest) == ([], {}, {})


def test_each_leader_knows_its_nearest_past(embedder):
    known = [told("네이버, 일본서 웹툰 상장 추진")]
    new = [told("네이버, 클라우드 사업 사우디 진출"), told("제주 앞바다 지진 발생")]
    vectors, past = embedder.embed([each.title for each in new]), embedder.embed([each.title for each in known])
    near = near_all(new, vectors, known, embedder)
    _, nearest = by_meaning(new, vectors, near, SETTINGS, embedder.thresholds)
    assert nearest[new[0].id] == pytest.approx(float(np.dot(vectors[0], past[0])), abs=1e-5)
    assert nearest[new[0].id] > nearest[new[1].id]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 tips for Python", "7 tips for Python"),
        ("GPT-5 arrives", "GPT-6 arrives"),
        ("영업이익 10조원 돌파", "영업이익 9조 돌파"),
        ("코스피 상승 마감", "코스피 하락 마감"),
        ("한국은행, 기준금리 인하", "한국은행, 기준금리 동결"),
        ("Apple to open new store in Seoul", "Apple to open new store in Mumbai"),
        ("SK하이닉스, HBM4 양산 돌입", "삼성전자, HBM4 양산 돌입"),
        ("유럽연합, 메타에 2억 유로 과징금", "EU fines Apple over store rules"),
    ],
)
def test_what_a_paraphrase_would_keep_contradicts(one, other):
    assert contradict(told(one), told(other))
    assert contradict(told(other), told(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A 4-watt chip runs AI", "Chip runs an 8-billion-parameter AI"),
        ("영업이익 10조원 돌파", "영업이익 10조 넘어"),
        ("현대차, 조지아 공장 가동", "현대자동차 조지아주 공장 가동"),
        ("테슬라, 12만대 리콜", "Tesla recalls 120,000 cars"),
    ],
)
def test_other_words_for_the_same_do_not_contradict(one, other):
    assert not contradict(told(one), told(other))


def test_short_forms_of_a_name_are_the_name():
    assert same_name("삼성", "삼성전자")
    assert same_name("한은", "한국은행")
    assert same_name("현대차", "현대자동차")
    assert not same_name("삼성전자", "LG전자")


def test_figures_stand_with_what_they_count():
    assert figures("영업이익 10조원 30% 증가") == {"조원": {"10"}, "%": {"30"}}
    assert figures("7 tips for gpt 6")["tips"] == {"7"}
    assert figures("7 tips for gpt 6")["gpt #"] == {"6"}
