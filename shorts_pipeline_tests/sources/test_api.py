"""JSON by JMESPath: whatever comes, it is an item, or nothing."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from shorts_pipeline.database.documents import SourceParser
from shorts_pipeline.sources.api import UnreadableAnswer, entries_of, read_json
from shorts_pipeline.sources.items import FoundItem, Where, items_of


def parser(**over: str) -> SourceParser:
    return SourceParser.model_validate({"format": "json", "items": "items", "title": "title", "link": "url", **over})


def items(document: Any, **over: str) -> tuple[FoundItem, ...]:
    return items_of(entries_of(document, parser(**over)), Where("https://api.example.com/v1/list"))


def test_every_field_is_found_where_the_parser_says() -> None:
    listing = {"data": {"children": [{"data": {
        "name": "t3_1", "title": "A &amp; B", "permalink": "/r/x/1/", "selftext": "<p>Hello <b>there</b></p>",
        "score": 12, "num_comments": "1.2k", "created_utc": 1772409600.0,
    }}]}}  # fmt: skip
    (item,) = items(
        listing, items="data.children[].data", identity="name", link="permalink", content="selftext",
        date="created_utc", score="score", comments="num_comments",
    )  # fmt: skip
    assert (item.key, item.title, item.text) == ("t3_1", "A & B", "Hello there")
    assert item.url == "https://api.example.com/r/x/1/"
    assert item.published_at is not None
    assert item.published_at.isoformat() == "2026-03-02T00:00:00+00:00"
    assert item.metrics == {"score": 12, "comments": 1_200}


@pytest.mark.parametrize(
    ("value", "title"),
    [(7, "7"), (7.0, "7"), (["a", "b", 3], "a, b, 3"), ("x", "x"), (True, None), ({"a": 1}, None), (None, None)],
)
def test_what_is_not_text_becomes_text_where_that_makes_sense(value: Any, title: str | None) -> None:
    assert [item.title for item in items({"items": [{"title": value}]})] == ([] if title is None else [title])


def test_an_item_that_an_expression_trips_over_stops_no_other() -> None:
    document = {"items": [{"title": {"odd": 1}}, {"title": ["not", "text"]}, {"title": "good", "url": "/1"}]}
    found = items(document, title="starts_with(title, 'g') && title || `null`")
    assert [item.title for item in found] == ["good"]


def test_what_the_parser_skips_is_left_out() -> None:
    document = {"items": [{"title": "a", "dead": True}, {"title": "b", "type": "job"}, {"title": "c", "type": "story"}]}
    assert [item.title for item in items(document, skip="dead || type == 'job'")] == ["c"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", 7, ["https://e.com"]]
)
def test_no_link_that_is_not_of_the_web_is_kept(link: Any) -> None:
    (item,) = items({"items": [{"title": "a", "url": link}]})
    assert item.url is None or item.url.startswith("https://")
    assert "alert" not in (item.url or "") + item.key


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"<html><title>Login</title>", "HTML"),
        (b"{", "no JSON"),
        (b"[" * 200_000, "no JSON"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
    ],
)
def test_what_is_no_json_is_an_error_that_says_so(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableAnswer, match=says):
        read_json(body)


@pytest.mark.parametrize("document", [{"items": None}, {"items": {}}, {"items": "x"}, [], 7, None])
def test_an_answer_without_a_list_is_an_error_and_not_an_empty_source(document: Any) -> None:
    with pytest.raises(UnreadableAnswer, match="`items`"):
        items(document)
    assert items({"items": []}) == ()


def test_json_in_euc_kr_is_read() -> None:
    assert read_json('{"a": "반도체"}'.encode("cp949"), "application/json; charset=euc-kr") == {"a": "반도체"}


def test_an_answer_of_deep_lists_and_great_numbers_is_bounded() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    document = {"items": [{"title": deep}, {"title": 10**300}, {"title": "long " * 1_000}] * 1_000}
    found = items(json.loads(json.dumps(document)))
    assert [len(item.title) for item in found] == [500]


@pytest.mark.parametrize("bad", ["a[", "length(@", "", "a.{", "'"])
def test_an_expression_that_cannot_be_read_is_refused_with_its_field(bad: str) -> None:
    with pytest.raises(ValidationError, match="JMESPath") as refused:
        parser(score=bad)
    assert "score" in str(refused.value.errors()[0]["ctx"]["fields"])
