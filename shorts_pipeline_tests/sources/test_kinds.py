"""Every kind of source from its server into the tables: lists and their details, pages, articles, terms."""

import json
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import SourceItem, SourceState, SourceType
from shorts_pipeline.sources.collect import AllSourcesFailed, collect
from shorts_pipeline.topics.trend import strength_of
from shorts_pipeline_tests.rows import a_channel, a_source
from shorts_pipeline_tests.sources.web import Web, rss

Sessions = sessionmaker[Session]
NEWS = {"url": "https://hn.example/v0/topstories.json"}
HACKER_NEWS = {
    "format": "json",
    "detail_url": "https://hn.example/v0/item/{id}.json",
    "title": "title",
    "link": "url || join('', ['https://hn.example/item?id=', to_string(id)])",
    "content": "text",
    "date": "time",
    "score": "score",
    "comments": "descendants",
    "skip": "deleted || dead || type != 'story'",
}
LISTING = {"format": "json", "items": "items", "identity": "id", "title": "title", "score": "score", "comments": "n"}
PAGE = {"format": "html", "items": "li", "title": "a", "link": "a", "score": "b"}
PARAGRAPH = "<p>지난달 반도체 수출이 크게 늘었다고 산업부가 밝혔다. 자세한 수치는 다음 주에 나올 예정이다.</p>"


def a_kind(sessions: Sessions, type: SourceType, connection: Mapping[str, Any], parser: Mapping[str, Any]) -> UUID:
    with sessions.begin() as session:
        return a_source(
            session, a_channel(session), type=type, connection_config=dict(connection), parser_config=dict(parser)
        ).id


def items(sessions: Sessions) -> list[SourceItem]:
    with sessions() as session:
        return list(session.scalars(select(SourceItem).order_by(SourceItem.item_key)))


def says_json(web: Web, path: str, document: Any, **headers: str) -> None:
    web.says(path, json.dumps(document), Content_Type="application/json", **headers)


def hacker_news(web: Web, *ids: int, **odd: Any) -> None:
    says_json(web, "/hn.example/v0/topstories.json", list(ids))
    for id_ in ids:
        story = {"id": id_, "type": "story", "title": f"Story {id_}", "url": f"https://e.com/{id_}", "time": 1772400000,
                 "score": id_, "descendants": 3}  # fmt: skip
        says_json(web, f"/hn.example/v0/item/{id_}.json", odd.get(f"is_{id_}", story))


def test_a_list_of_ids_is_asked_for_one_by_one_and_only_what_is_not_known(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    id_ = a_kind(sessions, SourceType.API, NEWS, HACKER_NEWS)
    hacker_news(web, 1, 2, 3, 4, 5, is_2=None, is_3={"id": 3, "deleted": True, "type": "story"},
                is_4={"id": 4, "type": "job", "title": "We are hiring"},
                is_5={"id": 5, "type": "story", "title": "Ask", "text": "<p>How?", "time": 1772400000})  # fmt: skip
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 2
    one, ask = items(sessions)
    assert (one.item_key, one.url, one.metrics) == ("1", "https://e.com/1", {"score": 1, "comments": 3})
    assert (ask.url, ask.text) == ("https://hn.example/item?id=5", "How?")
    web.asked.clear()
    hacker_news(web, 6, 1, 5)
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 1
    assert web.paths() == ["/hn.example/v0/topstories.json", "/hn.example/v0/item/6.json"]


def test_what_is_over_the_limit_of_a_reading_comes_with_the_next(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    id_ = a_kind(sessions, SourceType.API, NEWS, HACKER_NEWS | {"most_details": 4})
    hacker_news(web, *range(1, 11))
    says_json(web, "/hn.example/v0/topstories.json", list(range(1, 11)), ETag='"list"')
    news = [collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new for _ in range(4)]
    assert news == [4, 4, 2, 0]
    assert len(web.asked) == 4 + 10
    # Unchanged counts only once everything on the list was asked for.
    assert [one.headers.get("If-None-Match") for one in web.asked if "top" in one.path] == [None, None, None, '"list"']


def test_details_that_break_off_keep_what_came(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    id_ = a_kind(sessions, SourceType.API, NEWS, HACKER_NEWS)
    hacker_news(web, 1, 2, 3)
    web.says("/hn.example/v0/item/2.json", status=500)
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 1
    hacker_news(web, 1, 2, 3)
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 2


def test_known_items_take_over_new_figures_and_are_no_new_rows(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    id_ = a_kind(sessions, SourceType.API, {"url": "https://api.example/"}, LISTING)
    first = {"id": 1, "title": "a", "score": 10, "n": 1}
    says_json(web, "/api.example/", {"items": [first, {"id": 2, "title": "b", "score": 5}]})
    collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    before = items(sessions)
    clock.move(timedelta(hours=1))
    says_json(web, "/api.example/", {"items": [{**first, "score": 99, "title": "other"}, {"id": 2, "title": "b"}]})
    again = collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert (again.new, again.sources[0].changed) == (0, 1)
    one, two = items(sessions)
    assert (one.title, one.metrics, one.fetched_at) == ("a", {"score": 99, "comments": 1}, before[0].fetched_at)
    assert (two.metrics, two.updated_at) == ({"score": 5}, before[1].updated_at)


def pages(web: Web, *contents: list[int]) -> None:
    for number, ids in enumerate(contents, 1):
        listed = {"items": [{"id": id_, "title": f"t{id_}"} for id_ in ids]} if ids else {"items": None}
        says_json(web, f"/api.example/?q=a&page={number}", listed)


PAGED = {"url": "https://api.example/", "query": {"q": "a"}, "page_parameter": "page", "most_pages": 4}


def test_pages_are_read_until_one_is_empty_or_wholly_known(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    id_ = a_kind(sessions, SourceType.API, PAGED, LISTING)
    pages(web, [1, 2], [3, 4], [])
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 4
    assert len(web.asked) == 3
    web.asked.clear()
    pages(web, [6, 5], [1, 2], [3, 4])
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 2
    assert web.paths() == ["/api.example/?q=a&page=1", "/api.example/?q=a&page=2"]


def test_no_more_pages_are_read_than_allowed_and_the_same_page_is_not_read_for_ever(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    id_ = a_kind(sessions, SourceType.API, PAGED, LISTING)
    pages(web, [1], [2], [3], [4], [5])
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 4
    web.asked.clear()
    pages(web, [7], [7], [7])
    collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert len(web.asked) == 2


def test_an_api_is_asked_by_post_with_its_body(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    asked = {"url": "https://api.example/search", "method": "POST", "body": {"query": "반도체", "size": 5, "in": ["a"]}}
    a_kind(sessions, SourceType.API, asked, LISTING)
    says_json(web, "/api.example/search", {"items": [{"id": 1, "title": "a"}]})
    assert collect(sessions, web.fetcher(), clock=clock).new == 1
    assert web.asked[0].method == "POST"
    assert json.loads(web.asked[0].body) == {"query": "반도체", "size": 5, "in": ["a"]}


def a_board(web: Web, *numbers: int, rules: str | None = None) -> None:
    rows = "".join(f"<li><a href='/post/{n}'>글 제목 {n}</a> <b>추천 {n}</b></li>" for n in numbers)
    web.says("/b.example/free", f"<title>게시판</title><ul>{rows}</ul>", Content_Type="text/html; charset=utf-8")
    for n in numbers:
        body = f"<html><body><nav>메뉴</nav><article><h1>글 {n}</h1>{PARAGRAPH * 6}</article></body></html>"
        web.says(f"/b.example/post/{n}", body, Content_Type="text/html")
    if rules is not None:
        web.says("/b.example/robots.txt", rules, Content_Type="text/plain")


def test_a_board_is_read_with_the_articles_of_its_new_links(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    id_ = a_kind(sessions, SourceType.SCRAPER, {"url": "https://b.example/free"}, PAGE)
    a_board(web, 1, 2)
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 2
    one, _ = items(sessions)
    assert (one.title, one.url, one.metrics) == ("글 제목 1", "https://b.example/post/1", {"score": 1})
    assert "반도체 수출이 크게 늘었다고" in one.text
    assert "메뉴" not in one.text
    web.asked.clear()
    a_board(web, 3, 1, 2)
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 1
    assert [path for path in web.paths() if "robots" not in path] == ["/b.example/free", "/b.example/post/3"]


def test_robots_forbids_a_board_or_only_its_articles(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    id_ = a_kind(sessions, SourceType.SCRAPER, {"url": "https://b.example/free"}, PAGE)
    a_board(web, 1, rules="User-agent: *\nDisallow: /free")
    with pytest.raises(AllSourcesFailed, match=r"robots\.txt"):
        collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    assert web.paths() == ["/b.example/robots.txt"]
    a_board(web, 1, rules="User-agent: *\nDisallow: /post")
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 1
    assert "/b.example/post/1" not in web.paths()
    assert items(sessions)[0].text == ""


def test_an_article_that_cannot_be_read_costs_its_text_and_one_that_asks_us_to_wait_waits(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    id_ = a_kind(sessions, SourceType.SCRAPER, {"url": "https://b.example/free"}, PAGE)
    a_board(web, 1, 2, 3)
    web.says("/b.example/post/1", status=404)
    web.says("/b.example/post/2", b"%PDF-1.4", Content_Type="application/pdf")
    web.says("/b.example/post/3", status=503, Retry_After="60")
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 2
    assert [item.text for item in items(sessions)] == ["", ""]
    a_board(web, 1, 2, 3)
    clock.move(timedelta(hours=1))
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 1
    assert items(sessions)[2].text


def trends(*terms: tuple[str, str]) -> str:
    inside = [f"<title>{term}</title><ht:approx_traffic>{traffic}</ht:approx_traffic><ht:news_item>"
              f"<ht:news_item_title>{term} 소식</ht:news_item_title>"
              f"<ht:news_item_url>https://n.example/{term}</ht:news_item_url></ht:news_item>"
              for term, traffic in terms]  # fmt: skip
    return rss(*inside).replace("<rss ", '<rss xmlns:ht="https://trends.google.com/trending/rss" ')


def test_search_terms_are_renewed_by_every_poll_with_how_fast_they_grow(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    id_ = a_kind(sessions, SourceType.TREND, {"url": "https://t.example/rss"}, {})
    web.says("/t.example/rss", trends(("반도체", "20,000+"), ("날씨", "2만+")), ETag='"v1"')
    assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 2
    for hours, traffic in ((1, "50K+"), (1, "10만+")):
        clock.move(timedelta(hours=hours))
        web.says("/t.example/rss", trends(("반도체", traffic)), ETag='"v1"')
        assert collect(sessions, web.fetcher(), source_ids=[id_], clock=clock).new == 0
    weather, chips = items(sessions)
    assert (chips.title, chips.text, chips.url) == (
        "반도체",
        "반도체 소식",
        "https://n.example/%EB%B0%98%EB%8F%84%EC%B2%B4",
    )
    assert {name: chips.metrics[name] for name in ("traffic", "growth", "seen", "first_traffic")} == {
        "traffic": 100_000, "growth": 4.0, "seen": 3, "first_traffic": 20_000,
    }  # fmt: skip
    assert strength_of(chips.metrics, 0.5) == pytest.approx(0.85)
    assert (chips.fetched_at, weather.fetched_at) == (clock.now(), clock.now() - timedelta(hours=2))
    assert all("If-None-Match" not in one.headers for one in web.asked)


@pytest.mark.parametrize(
    ("parser", "body"),
    [
        (
            {"format": "json", "items": "terms", "title": "q", "traffic": "n"},
            '{"terms": [{"q": "반도체", "n": "2만+"}]}',
        ),
        (
            {"format": "html", "items": "li", "title": "a", "traffic": "em"},
            "<title>t</title><ol><li><a>반도체</a><em>20,000+</em></ol>",
        ),
    ],
)
def test_any_list_of_search_terms_will_do(
    sessions: Sessions, clock: ManualClock, web: Web, parser: dict[str, Any], body: str
) -> None:
    a_kind(sessions, SourceType.TREND, {"url": "https://t.example/"}, parser)
    web.says("/t.example/", body, Content_Type="text/html; charset=utf-8")
    collect(sessions, web.fetcher(), clock=clock)
    (term,) = items(sessions)
    assert (term.title, term.metrics["traffic"]) == ("반도체", 20_000)


def test_two_polls_at_once_make_a_term_one_row(sessions: Sessions, clock: ManualClock, web: Web) -> None:
    id_ = a_kind(sessions, SourceType.TREND, {"url": "https://t.example/rss"}, {})
    web.says("/t.example/rss", trends(*((f"term {n}", "20K+") for n in range(50))))
    runs = [
        threading.Thread(target=collect, args=(sessions, web.fetcher()), kwargs={"source_ids": [id_], "clock": clock})
        for _ in range(4)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [item.metrics["seen"] for item in items(sessions)] == [4] * 50


def test_an_api_that_answers_with_a_page_has_failed_and_nothing_of_it_is_lost(
    sessions: Sessions, clock: ManualClock, web: Web
) -> None:
    id_ = a_kind(sessions, SourceType.API, {"url": "https://api.example/"}, LISTING)
    says_json(web, "/api.example/", {"items": [{"id": 1, "title": "a"}]})
    collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    web.says("/api.example/", "<html><title>Log in</title>")
    with pytest.raises(AllSourcesFailed, match="HTML or XML came instead of JSON"):
        collect(sessions, web.fetcher(), source_ids=[id_], clock=clock)
    with sessions() as session:
        assert session.get_one(SourceState, id_).failures == 1
    assert len(items(sessions)) == 1
