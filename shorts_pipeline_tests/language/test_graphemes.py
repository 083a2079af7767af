from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.language import cut, cut_bytes, cut_words, graphemes

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("가각ㄱ👩\u200d💻🏽\u0301\ufe0f🇰🇷e ᄀ\u1161\u11a8")
    ),
    max_size=60,
)


@given(TEXTS)
def test_graphemes_joined_are_the_text(text):
    assert "".join(graphemes(text)) == text


@given(TEXTS, st.integers(0, 70))
def test_a_cut_never_exceeds_and_never_splits_a_grapheme(text, limit):
    short = cut(text, limit)
    assert len(short) <= limit
    assert graphemes(text)[: len(graphemes(short))] == graphemes(short)
    assert short == text or len(short + graphemes(text)[len(graphemes(short))]) > limit


@given(TEXTS, st.integers(0, 200))
def test_a_cut_in_bytes_is_valid_utf8_and_a_beginning(text, limit):
    short = cut_bytes(text, limit)
    assert len(short.encode()) <= limit
    assert text.startswith(short)


@given(TEXTS, st.integers(0, 70), st.sampled_from(["…", "", "..."]))
def test_an_ending_counts_within_the_limit(text, limit, end):
    assert len(cut(text, limit, end=end)) <= limit
    assert len(cut_bytes(text, limit, end=end).encode()) <= limit
    assert len(cut_words(text, limit, end=end)) <= limit


def test_a_family_is_one_character():
    family = "👨\u200d👩\u200d👧"
    assert cut("가" + family, 4) == "가"
    assert cut("가" + family, 6) == "가" + family


def test_a_cut_between_words_keeps_whole_words():
    assert cut_words("삼성전자 반도체 영업이익 돌파", 12) == "삼성전자 반도체…"
    assert cut_words("short", 12) == "short"
