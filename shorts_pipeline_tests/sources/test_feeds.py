"""What a feed's bytes say: every format, and everything that is wrong with real ones."""

import json
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shorts_pipeline.sources import parse as parsing
from shorts_pipeline.sources.feeds import Feed, read_feed
from shorts_pipeline.sources.items import canonical
from shorts_pipeline.sources.markup import plain
from shorts_pipeline.sources.parse import UnreadableFeed, parse
from shorts_pipeline_tests.sources.web import rss, story

SEOUL = ZoneInfo("Asia/Seoul")
ADDRESS = "https://news.example.com/feeds/all.xml"
NINE = datetime(2026, 3, 2, tzinfo=UTC)

RSS_091 = """<rss version="0.91"><channel><title>c</title><item><title>첫 소식</title>
<link>https://e.com/1</link><description>본문</description></item></channel></rss>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://e.com/">
<title>c</title></channel><item rdf:about="https://e.com/1"><title>첫 소식</title><link>https://e.com/1</link>
<description>본문</description><dc:date>2026-03-02T09:00:00+09:00</dc:date></item></rdf:RDF>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko"><title>c</title>
<id>tag:e.com,2026:/</id><updated>2026-03-02T00:00:00Z</updated><entry><title>첫 소식</title><id>tag:e.com,2026:1</id>
<link rel="alternate" href="https://e.com/1"/><published>2026-03-02T09:00:00+09:00</published>
<updated>2026-03-02T09:00:00+09:00</updated><content type="html">&lt;p&gt;본문&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "c",
        "language": "ko-KR",
        "items": [
            {
                "id": 1,
                "url": "https://e.com/1",
                "title": "첫 소식",
                "content_html": "<p>본문</p>",
                "date_published": "2026-03-02T09:00:00+09:00",
            },
            "not an item",
        ],
    }
)


def feed(body: str | bytes, content_type: str = "") -> Feed:
    content = body.encode() if isinstance(body, str) else body
    return read_feed(content, address=ADDRESS, zone=SEOUL, content_type=content_type)


@pytest.mark.parametrize("body", [RSS_091, RDF, ATOM, JSON_FEED], ids=["rss 0.91", "rdf", "atom", "json feed"])
def test_every_format_gives_the_same_item(body: str) -> None:
    (item,) = feed(body).items
    assert (item.title, item.text, item.url) == ("첫 소식", "본문", "https://e.com/1")
    assert item.published_at in {NINE, None if body == RSS_091 else NINE}


@pytest.mark.parametrize("body", [ATOM, JSON_FEED, rss(story(1), language="ko-kr")])
def test_the_language_a_feed_names_is_kept(body: str) -> None:
    assert feed(body).items[0].language == "ko"


def test_korean_in_euc_kr_is_read_whether_the_feed_the_header_or_nobody_says_so() -> None:
    text = "<rss version='2.0'><channel><title>한</title><item><title>똠방각하 소식</title></item></channel></rss>"
    declared = "<?xml version='1.0' encoding='euc-kr'?>" + text.replace("똠방각하", "반도체")
    assert feed(declared.encode("euc-kr")).items[0].title == "반도체 소식"
    assert feed(text.encode("cp949"), "text/xml; charset=EUC-KR").items[0].title == "똠방각하 소식"
    assert feed(("<?xml version='1.0' encoding='utf-8'?>" + text).encode("cp949")).items[0].title == "똠방각하 소식"


@pytest.mark.parametrize(
    "written",
    ["2026-03-02 09:00:00", "2026-03-02T09:00:00", "Mon, 02 Mar 2026 09:00:00", "Mon, 02 Mar 2026 09:00:00 +0900"],
)
def test_a_date_without_a_zone_is_the_sources_local_time(written: str) -> None:
    assert feed(rss(story(1, date=written))).items[0].published_at == NINE


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Mon, 02 Mar 2026 00:00:00 GMT", NINE),
        ("Mon, 02 Mar 2026 00:00:00 -0000", NINE),
        ("2026-03-02T00:00:00Z", NINE),
        ("Mon, 02 Mar 2026 09:00:00 KST", NINE),
        ("Sun, 01 Mar 2026 19:00:00 EST", NINE),
        ("2026-03-02", datetime(2026, 3, 1, 15, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_as_they_are_written(written: str, at: datetime | None) -> None:
    assert feed(rss(story(1, date=written))).items[0].published_at == at


def test_one_date_without_a_zone_leaves_the_others_as_they_are() -> None:
    found = feed(rss(story(1, date="2026-03-02 09:00:00"), story(2, date="Mon, 02 Mar 2026 00:00:00 GMT"))).items
    assert [item.published_at for item in found] == [NINE, NINE]


def test_an_empty_feed_is_a_feed() -> None:
    assert feed(rss()).items == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!DOCTYPE html><html><head><title>Not here</title></head></html>", "HTML page.*Not here"),
        (b"<!-- a --><?x?>\n<HTML><body>", "HTML page"),
        (b"<html><body><item><title>a</title></item></body></html>", "HTML page"),
        (b"<!--a-->" * 2_000, "no feed"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url/></urlset>", "no feed"),
        (b"<rss version='2.0'><channel><title>broken", "no feed, and breaks off"),
        (b'{"items": []}', "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000, "JSON"),
        (b"\x00\xff\x00\xff" * 100, "no feed"),
        (b"just text", "no feed"),
    ],
)
def test_what_is_no_feed_is_an_error_that_says_so(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableFeed, match=says):
        feed(body)


def test_a_feed_that_breaks_off_gives_what_came() -> None:
    assert [item.key for item in feed(rss(story(1), story(2))[:-60]).items][:1] == ["story-1"]


def test_a_guid_that_repeats_is_one_item() -> None:
    found = feed(rss(story(1), story(1).replace("넘었다", "크게 넘었다"), story(2)))
    assert [item.key for item in found.items] == ["story-1", "story-2"]
    assert found.dropped == 1


def test_identity_is_the_guid_else_the_canonical_link_else_the_words() -> None:
    def key(inside: str) -> str:
        return feed(rss(inside)).items[0].key

    assert key("<title>a</title><guid>g</guid><link>https://e.com/1</link>") == "g"
    linked = "<title>a</title><link>https://e.com/1?id=7&amp;utm_source=rss#top</link>"
    assert key(linked) == "https://e.com/1?id=7"
    assert key(linked.replace("utm_source=rss", "utm_source=other")) == "https://e.com/1?id=7"
    words = key("<title>a</title><description>b</description>")
    assert words.startswith("sha256:")
    assert words != key("<title>a</title><description>c</description>")
    assert key(f"<title>a</title><guid>{'g' * 1_000}</guid>").startswith("sha256:")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " java\nscript:alert(1)",
        "\u200bjavascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://e.com/",
        "http://",
        "https://user:password@e.com/",
        "http://[/",
    ],
)
def test_a_link_that_is_not_of_the_web_is_no_link(link: str) -> None:
    (item,) = feed(rss(f"<title>a</title><link><![CDATA[{link}]]></link>")).items
    assert item.url is None
    assert "alert" not in item.key
    assert "password" not in item.key


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/1", "https://news.example.com/1"),
        ("//cdn.example.com/1", "https://cdn.example.com/1"),
        ("https://e.com/한글?b=2&a=1", "https://e.com/%ED%95%9C%EA%B8%80?a=1&b=2"),
        ("https://e.com/1?fbclid=x&page=2", "https://e.com/1?page=2"),
        ("https://e.com/app#!/story/1", "https://e.com/app#!/story/1"),
    ],
)
def test_a_link_is_made_absolute_and_free_of_tracking(link: str, address: str) -> None:
    assert canonical(link, ADDRESS) == address


def test_text_is_nfc_and_free_of_what_cannot_be_seen() -> None:
    title = "\u1112\u1161\u11ab\u1100\u1173\u11af\u202e \u200b소식\ufeff"
    assert feed(rss(f"<title>{title}</title>")).items[0].title == "한글 소식"
    hidden = {"items": [{"id": "1", "title": "a\u0000b\ud800", "content_text": "x"}]}
    assert feed(json.dumps(json.loads(JSON_FEED) | hidden)).items[0].title == "a b"


def test_markup_becomes_the_words_a_person_would_read() -> None:
    assert plain("<p>하나 <b>둘</b></p><script>evil()</script><p>셋&nbsp;&amp; 넷</p>") == "하나 둘\n\n셋 & 넷"
    assert plain("a<!-- <b>hidden</b> --> b<br/>c < d") == "a b\nc < d"
    assert plain("<title>x</title><style>p{}</style>shown<script>never closed") == "shown"


def test_a_title_is_taken_from_the_text_where_there_is_none() -> None:
    (item,) = feed(rss("<description>&lt;p&gt;제목 없는 글&lt;/p&gt;</description><guid>1</guid>")).items
    assert item.title == "제목 없는 글"
    assert feed(rss("<guid>1</guid><link>https://e.com/1</link>")) == Feed((), dropped=1)


def test_a_feed_has_a_thousand_items_at_most() -> None:
    assert len(feed(rss(*(story(n) for n in range(1_200)))).items) == 1_000


def test_a_large_feed_is_parsed_in_a_process_of_its_own_with_the_same_result() -> None:
    body = rss(*(story(n) for n in range(600))).encode()
    assert len(body) > parsing.SMALL_BYTES / 2
    padded = body.replace(b"</channel>", b"<!--" + b"x" * parsing.SMALL_BYTES + b"--></channel>")
    assert parse(padded).entries == parse(body).entries


def test_a_document_that_holds_a_parser_for_minutes_is_given_up() -> None:
    attributes = b" ".join(b"a%d='1'" % number for number in range(300_000))
    body = b"<rss version='2.0'><channel><title>x</title><item " + attributes + b"/></channel></rss>"
    began = time.monotonic()
    with pytest.raises(UnreadableFeed, match=r"not parsed within 0\.5 seconds"):
        parse(body, seconds=0.5)
    assert time.monotonic() - began < 3


def test_entities_are_no_bomb() -> None:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    head = f'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{entities}]>'
    body = head + rss("<title>&j;</title><guid>1</guid><description>x</description>").partition("?>")[2]
    assert sum(len(item.title) + len(item.text) for item in feed(body).items) < 100_000
