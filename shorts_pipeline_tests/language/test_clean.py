import unicodedata

import regex
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.language import clean_line, clean_text


@given(st.text(max_size=80))
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(max_size=80))
def test_a_clean_line_is_one_visible_line_that_any_database_takes(text):
    line = clean_line(text)
    line.encode("utf-8")
    assert unicodedata.is_normalized("NFC", line)
    assert not regex.search(r"[\p{Cc}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]", line)


def test_what_is_invisible_goes_and_an_emoji_family_stays():
    assert clean_line("속\u200b보\x00 \u202eevil\u202c\ufeff\n👩\u200d💻 ok") == "속보 evil 👩\u200d💻 ok"


def test_hidden_tag_characters_do_not_pass():
    smuggled = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all")
    assert clean_line(f"제목{smuggled} 끝") == "제목 끝"


def test_paragraphs_stay_in_a_text_and_not_in_a_line():
    assert clean_text("하나\r\n\r\n\r\n\r\n둘") == "하나\n\n둘"
    assert clean_line("하나\r\n\r\n둘") == "하나 둘"


def test_decomposed_hangul_is_composed():
    assert clean_line(unicodedata.normalize("NFD", "한국")) == "한국"
