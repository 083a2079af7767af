"""Pages by CSS selectors, and the articles behind their links."""

from typing import Any

import pytest
from pydantic import ValidationError

from shorts_pipeline.database.documents import SourceParser
from shorts_pipeline.sources.apart import SMALL_PAGE_BYTES, articles_apart, page_entries
from shorts_pipeline.sources.articles import Page
from shorts_pipeline.sources.items import FoundItem, Where, items_of
from shorts_pipeline.sources.scraper import UnreadablePage

ADDRESS = "https://board.example.com/free/list"
ROW = (
    '<tr class="{kind}" data-id="{id}"><td><a class="title" href="{link}">{title}</a> <em>[{comments}]</em></td>'
    '<td class="up">추천 {score}</td><td class="when"><time datetime="2026-03-02T09:00:00+09:00">09:00</time></td></tr>'
)
PARSER: dict[str, Any] = {
    "format": "html",
    "items": "table.board tr",
    "identity": "@data-id",
    "title": "a.title",
    "link": "a.title",
    "score": "td.up",
    "comments": "em",
    "date": "time@datetime",
    "skip": "a.title[href*=ad]",
}


def row(id: int, **over: Any) -> str:
    return ROW.format(**{"kind": "post", "id": id, "link": f"view?id={id}", "title": f"글 {id}", "score": id,
                         "comments": 3, **over})  # fmt: skip


def board(*rows: str, head: str = "") -> bytes:
    return f"<html><head><title>자유 게시판</title>{head}</head><table class=board>{''.join(rows)}</table>".encode()


def items(body: bytes, content_type: str = "text/html", **over: Any) -> tuple[FoundItem, ...]:
    parser = SourceParser.model_validate(PARSER | over)
    return items_of(page_entries(Page(ADDRESS, body, content_type), parser), Where(ADDRESS))


def test_every_field_is_found_where_the_parser_says() -> None:
    first, second = items(board(row(1), row(2, link="/free/2?utm_source=x"), row(3, link="/ad/3")))
    assert (first.key, first.title, first.url) == ("1", "글 1", "https://board.example.com/free/view?id=1")
    assert first.metrics == {"score": 1, "comments": 3}
    assert first.published_at is not None
    assert first.published_at.hour == 0
    assert second.url == "https://board.example.com/free/2"


def test_links_are_relative_to_what_the_page_says() -> None:
    body = board(row(1), head='<base href="https://m.example.com/b/">')
    assert items(body)[0].url == "https://m.example.com/b/view?id=1"
    body = board(row(1), head='<base href="javascript:alert(1)">')
    assert items(body)[0].url == "https://board.example.com/free/view?id=1"


def test_the_item_itself_can_be_what_is_looked_for() -> None:
    found = items(b"<title>t</title><ul><li title=x>one <li>two</ul>", items="li", title=".", link=None, identity=None)
    assert [item.title for item in found] == ["one", "two"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "JavaScript:alert(1)", "java&#10;script:alert(1)", "data:,x",
                                  "file:///etc/passwd", "https://u:p@e.com/", "//[", "mailto:a@b.c"])  # fmt: skip
def test_no_link_that_is_not_of_the_web_is_kept(link: str) -> None:
    (item,) = items(board(row(1, link=link)), identity=None)
    assert item.url is None
    assert "alert" not in item.key


def test_scripts_and_hidden_markup_are_no_text() -> None:
    body = board(row(1, title="<b>굵은</b> 글<script>evil()</script>"))
    assert "굵은 글" in items(body)[0].title
    content = items(body.replace(b"</tr>", b"<td class=c><p>in</p><script>x()</script></td></tr>"), content="td.c")
    assert content[0].text == "in"


@pytest.mark.parametrize(
    ("encoding", "head", "content_type"),
    [
        ("cp949", '<meta charset="euc-kr">', "text/html"),
        ("cp949", "", "text/html; charset=EUC-KR"),
        ("cp949", "", "text/html"),
        ("utf-8", '<meta charset="euc-kr">', "text/html; charset=utf-8"),
    ],
)
def test_korean_pages_are_read_in_the_encoding_they_are_in(encoding: str, head: str, content_type: str) -> None:
    body = board(row(1, title="똠방각하"), head=head).decode().encode(encoding)
    assert items(body, content_type)[0].title == "똠방각하"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b'{"a": 1}', "no page"),
        (b"%PDF-1.4", "no page"),
        (b"<title>Log in</title><form>", "no item is found.*Log in"),
    ],
)
def test_a_page_without_what_is_looked_for_is_an_error_that_says_so(body: bytes, says: str) -> None:
    with pytest.raises(UnreadablePage, match=says):
        items(body)


def test_a_large_page_is_read_in_a_process_of_its_own_with_the_same_result() -> None:
    body = board(*(row(n) for n in range(900)))
    assert len(body) > SMALL_PAGE_BYTES
    assert items(body)[:5] == items(board(*(row(n) for n in range(5))))
    assert len(items(body)) == 900


def test_a_page_that_holds_a_parser_is_given_up() -> None:
    with pytest.raises(UnreadablePage, match="not read within 1 seconds"):
        page_entries(Page(ADDRESS, b"<div>" * 400_000), SourceParser.model_validate(PARSER), seconds=1)


@pytest.mark.parametrize("bad", ["a >", "li[", "", "@", ":::", "a:nope(1)"])
def test_a_selector_that_cannot_be_read_is_refused_with_its_field(bad: str) -> None:
    with pytest.raises(ValidationError, match="selector") as refused:
        SourceParser.model_validate(PARSER | {"date": bad})
    assert "date" in str(refused.value.errors()[0]["ctx"]["fields"])


def article(word: str) -> Page:
    paragraphs = "".join(
        f"<p>{word} 수출이 {n}달 연속 늘었다고 산업부가 밝혔다. 자세한 수치는 내일 나온다.</p>" for n in range(8)
    )
    body = f"<html><body><nav><a href=/>홈</a></nav><article><h1>{word}</h1>{paragraphs}</article><footer>끝</footer>"
    return Page("https://news.example.com/1", body.encode(), "text/html")


def test_an_articles_text_is_read_and_what_stands_around_it_is_not() -> None:
    first, second, nothing = articles_apart([article("반도체"), article("배터리"), Page("https://e.com", b"<p>hi</p>")])
    assert "반도체 수출이 3달 연속 늘었다고" in first
    assert "배터리" in second
    assert "홈" not in first
    assert nothing == ""


def test_a_page_that_kills_its_reader_costs_only_itself() -> None:
    killing = Page("https://e.com/slow", b"<p>" + b"<table><tr><td>" * 120_000, "text/html")
    texts = articles_apart([article("반도체"), killing, article("배터리")], seconds=3)
    assert ["반도체" in texts[0], texts[1], "배터리" in texts[2]] == [True, "", True]
