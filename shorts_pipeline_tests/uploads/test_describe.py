"""Words within every limit, and nothing of a stranger's in them."""

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shorts_pipeline.embedded.youtube_sandbox.metadata import checked_snippet, tags_length
from shorts_pipeline.language import clean_line
from shorts_pipeline.resources.youtube.limits import objections
from shorts_pipeline.uploads.describe import Credit, House, Story, describe, hashtags, plain, tagged, titled

ODD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from(list("<>#@,\"'가나다한글👨‍👩‍👧‍👦é\u202e\u200b\x00\n  https://")),
    ),
    max_size=1500,
)
WORDS = st.lists(ODD.map(lambda text: text[:120]), max_size=60)


STORY = given(title=ODD, summary=st.none() | ODD, words=WORDS, links=WORDS, author=ODD, address=ODD)


def accepted(title, summary, words, links, author, address):
    story = Story(title, summary, address, words, words)
    credits = [Credit("pexels", author, author, address)] * 3
    made = describe(story, House("ko", words, links, fallback_title="채널"), credits)
    checked_snippet({"title": made.title, "description": made.description, "tags": list(made.tags), "categoryId": "28"})
    assert objections(made.title, made.description, made.tags) == []
    shown = made.title + made.description + "".join(made.tags)
    assert not regex.search(r"[\p{Cs}\p{Bidi_Control}<>]|[\p{Cc}--[\n]]", shown, regex.VERSION1)
    whole(clean_line(title), made.title)


def whole(given_text: str, cut: str) -> None:
    """What was cut ends where a grapheme of the given text does."""
    text = plain(given_text)
    head = cut.removesuffix("…")
    if cut != head and text.startswith(head):
        ends = {match.end() for match in regex.finditer(r"\X", text)}
        assert len(head) in ends | {0}


@settings(max_examples=200, deadline=None)
@STORY
def test_whatever_the_web_says_youtube_accepts_it(title, summary, words, links, author, address):
    accepted(title, summary, words, links, author, address)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@STORY
def test_whatever_the_web_says_ten_thousand_times_youtube_accepts_it(title, summary, words, links, author, address):
    accepted(title, summary, words, links, author, address)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"title": " "}, "the title is empty"),
        ({"title": "가" * 101}, "the title has 101 characters, 100 are allowed"),
        ({"title": "a\nb"}, "the title has a line break"),
        ({"title": "a>b"}, "title: < and > are refused by YouTube"),
        ({"title": "a\u202eb"}, "title: hidden characters (control or direction of writing)"),
        ({"description": "가" * 1667}, "the description has 5001 bytes, 5000 are allowed"),
        ({"description": "a\x07"}, "description: hidden characters (control or direction of writing)"),
        ({"tags": ["a" * 250, "b" * 250]}, "the tags have 501 characters, 500 are allowed"),
        ({"tags": ["a b" + "c" * 496]}, "the tags have 501 characters, 500 are allowed"),
        ({"tags": ["a,b"]}, "a tag is empty or has a comma"),
    ],
)
def test_each_limit_is_objected_to_in_words(words, said):
    fine = {"title": "제목", "description": "본문\n둘째 줄", "tags": ["경제", "두 낱말"]}
    assert objections(**fine) == []
    assert objections(**fine | words) == [said]


def test_a_long_korean_summary_is_cut_and_what_the_channel_adds_stays():
    story = Story("제목", "가나다라마바사. " * 500, "https://news.example.com/1")
    house = House("ko", ["반도체"], ["https://blog.example.com"])
    made = describe(story, house, [Credit("Pexels", "Kim", "Pexels License", "https://pexels.example/1")])
    assert 4_900 < len(made.description.encode()) <= 5_000
    assert "…\n\n출처: https://news.example.com/1\n\n링크:\nhttps://blog.example.com" in made.description
    assert "- Kim (Pexels License) https://pexels.example/1" in made.description
    assert made.description.endswith("이 영상은 AI를 사용해 만들었습니다.\n\n#반도체 #Shorts")


def test_an_english_channel_speaks_english():
    made = describe(Story("Chips", "Exports rose.", "https://news.example.com/1"), House("en"))
    assert made.description == (
        "Exports rose.\n\nSource: https://news.example.com/1\n\nThis video was made with the help of AI.\n\n#Shorts"
    )


def test_addresses_handles_and_hashtags_of_the_source_do_not_reach_the_viewer():
    story = Story("Win now @scammer #free https://evil.example", "Write to me@evil.example or www.evil.example", None)
    made = describe(story, House("en", synthetic_media=False))
    assert made.title == "Win now"
    assert made.description == "Write to or\n\n#Shorts"


def test_only_real_addresses_become_links():
    story = Story("제목", "본문", "javascript:alert(1)")
    assert "javascript" not in describe(story, House("ko", links=["ftp://x", "https://a b"])).description


def test_a_title_is_cut_between_words_and_never_within_a_grapheme():
    title = titled("반도체 수출 " * 30)
    assert len(title) <= 100
    assert title.endswith("…")
    family = "👨‍👩‍👧‍👦"
    assert titled(family * 30).rstrip("…").count(family) * len(family) == len(titled(family * 30).rstrip("…"))


def test_a_title_of_nothing_becomes_the_channels_name():
    assert describe(Story("<>", None, None), House("ko", fallback_title="경제 채널")).title == "‹›"
    assert describe(Story("@someone", None, None), House("ko", fallback_title="경제 채널")).title == "경제 채널"


def test_tags_fill_their_500_characters_as_youtube_counts_them():
    tags = tagged([f"두 낱말 {n:02d}" for n in range(100)])
    assert 480 < tags_length(list(tags)) <= 500
    assert tagged(["News", "news", "", "a,b"]) == ("News", "a b")


def test_shorts_is_the_last_hashtag_once_and_there_are_at_most_fifteen():
    assert hashtags(["#경제", "shorts", "경제", "IT 소식"]) == ["#경제", "#IT소식", "#Shorts"]
    assert len(hashtags([f"tag{n}" for n in range(50)])) == 15
