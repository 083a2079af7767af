from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.language import sentences

BITS = st.lists(
    st.sampled_from(
        [
            "가다",
            "3.5%",
            "(주)",
            ". ",
            "! ",
            "? ",
            '"',
            "“",
            "”",
            "'",
            " ",
            "\n",
            "\n\n",
            "U.S.",
            "Mr. ",
            "Go",
            "…",
            "라고",
            "(",
            ")",
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(BITS, st.text(max_size=80)), st.sampled_from(["ko", "en", "fr"]))
def test_nothing_but_spaces_is_lost(text, language):
    found = sentences(text, language)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece and piece == piece.strip() for piece in found)


def test_a_decimal_and_a_company_do_not_end_a_sentence():
    text = "카카오(주)는 3.5% 올랐다. 네이버는 2.1% 내렸다."
    assert sentences(text, "ko") == ["카카오(주)는 3.5% 올랐다.", "네이버는 2.1% 내렸다."]


def test_a_quotation_stays_whole():
    text = '김 대표는 "우리는 할 수 있다. 정말이다."라고 말했다. 회사는 답하지 않았다.'
    assert sentences(text, "ko") == ['김 대표는 "우리는 할 수 있다. 정말이다."라고 말했다.', "회사는 답하지 않았다."]
    assert sentences("“Stop. Now!” he said. We left.", "en") == ["“Stop. Now!” he said.", "We left."]


def test_a_quotation_that_is_never_closed_holds_nothing_up():
    assert sentences('그는 "말했다. 그리고 갔다. 끝.', "ko") == ['그는 "말했다.', "그리고 갔다.", "끝."]


def test_abbreviations_do_not_end_an_english_sentence():
    text = "Mr. Kim of the U.S. Senate paid $3.5 million. Apple Inc. The firm declined to comment."
    assert sentences(text, "en") == [
        "Mr. Kim of the U.S. Senate paid $3.5 million.",
        "Apple Inc.",
        "The firm declined to comment.",
    ]


def test_paragraphs_end_sentences_and_line_breaks_do_not():
    assert sentences("제목 하나\n\n본문이 여기서\n이어진다.", "ko") == ["제목 하나", "본문이 여기서 이어진다."]


def test_a_long_korean_run_on_is_split_at_its_endings():
    text = "오늘 회사는 새 제품을 공개했습니다 " * 12
    assert len(sentences(text, "ko")) > 6
