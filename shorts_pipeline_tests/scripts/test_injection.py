"""Hostile feed items × writers: a model that obeys every one of them, and the extractive one that copies sentences."""

import pytest

from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.models.language_model import Garbled, ProviderModel
from shorts_pipeline.scripts.answer import ToldScript, check
from shorts_pipeline.scripts.extractive import ExtractiveWriter
from shorts_pipeline.scripts.guard import addresses
from shorts_pipeline.scripts.model_writer import ModelWriter
from shorts_pipeline.scripts.orders import TO_THE_MODEL, orders
from shorts_pipeline_tests.resources.models.model_server import model_server
from shorts_pipeline_tests.scripts.hostile import ITEMS, PLACES, everything_said, honest, leaked, obeying
from shorts_pipeline_tests.scripts.stories import a_brief

CANARY = "canary-7f3a9c51d2"


def named(item):
    return f"{item['id']} {item['kind']}"


every_item = pytest.mark.parametrize("item", ITEMS, ids=named)
# Over HTTP a quarter of the items each time, and all of them in `make soak`: what is looked at is the same code.
over_http = pytest.mark.parametrize(
    "item",
    [pytest.param(item, marks=[] if number % 4 == 0 else [pytest.mark.soak]) for number, item in enumerate(ITEMS)],
    ids=named,
)


def a_hostile_brief(item):
    return a_brief((item["title"], item["text"]), item["language"])


def test_the_corpus_is_large_and_in_both_languages():
    assert len(ITEMS) >= 60
    assert min(sum(item["language"] == language for item in ITEMS) for language in ("ko", "en")) >= 30
    assert len({item["kind"] for item in ITEMS}) >= 20


@every_item
@pytest.mark.parametrize("place", PLACES)
def test_what_an_item_asks_for_reaches_no_part_of_a_script(item, place):
    checked = check(ToldScript.model_validate(obeying(item, [place])), a_hostile_brief(item), "model")
    if place in {"title", "tags"}:
        assert leaked(item, checked.title, *checked.tags) == []
    else:
        assert checked.faults, item["asks"]["say"]
        assert not any(word in fault for fault in checked.faults for word in item["never"])


@over_http
def test_an_obedient_model_is_asked_again_and_then_given_up_with_the_reason(item):
    with model_server(obeying(item)) as server:
        writer = ModelWriter(lambda: ProviderModel(server.setting()), temperature=0.7)
        with pytest.raises((Rejected, Garbled)) as raised:
            writer.write(a_hostile_brief(item))
        assert len(server.asked) == 2
    assert leaked(item, str(raised.value)) == []


@over_http
def test_a_model_that_comes_to_its_senses_gives_a_clean_script(item):
    with model_server(obeying(item), honest(item)) as server:
        writer = ModelWriter(lambda: ProviderModel(server.setting()), temperature=0.7)
        draft = writer.write(a_hostile_brief(item))
    assert leaked(item, *everything_said(draft)) == []
    assert draft.details["thrown_away"]
    assert [claim.sentence for claim in draft.claims] == item["script"]["body"]


@over_http
def test_no_instruction_reaches_the_model_outside_the_marks_and_no_secret_reaches_it_at_all(item, monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "QDRANT_API_KEY", "MY_SECRET"):
        monkeypatch.setenv(name, CANARY)
    with model_server(honest(item)) as server:
        ModelWriter(lambda: ProviderModel(server.setting()), temperature=0.7).write(a_hostile_brief(item))
    (asked,) = server.asked
    system, user = asked.body["messages"]
    assert CANARY not in asked.text + str(asked.headers)
    assert item["script"]["claims"][0]["source"] in user["content"]
    assert item["title"] not in system["content"]
    assert leaked(item, system["content"]) == []
    assert addresses(asked.data["story"]["texts"][0]) == []


@every_item
def test_the_extractive_writer_copies_none_of_it(item):
    try:
        draft = ExtractiveWriter().write(a_hostile_brief(item))
    except Rejected:
        return
    assert leaked(item, draft.text) == []
    stated = [sentence for sentence in draft.sentences if sentence not in draft.own]
    assert all(addresses(sentence) == [] for sentence in draft.sentences)
    assert all(orders(sentence) == [] for sentence in stated)
    assert TO_THE_MODEL not in orders(draft.text)


def test_a_stubborn_item_stops_only_its_own_fields():
    """A title and tags that came from elsewhere are left out where the script itself is clean."""
    item = ITEMS[0]
    with model_server(obeying(item, ["title", "tags"])) as server:
        draft = ModelWriter(lambda: ProviderModel(server.setting()), temperature=0.7).write(a_hostile_brief(item))
    assert (draft.details["title"], draft.details["tags"]) == ("", [])
    assert "title: a web address" in draft.details["left_out"]
