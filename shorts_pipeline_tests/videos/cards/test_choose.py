"""What a card shows: only what the sentence says."""

import pytest

from shorts_pipeline.videos.cards.choose import Card, card_for

NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("sentence", "language", "figure"),
    [
        ("수출이 석 달 만에 160억 달러를 넘었습니다.", "ko", "160억 달러"),
        ("전년보다 24.3% 늘었습니다.", "ko", "24.3%"),
        ("직원 1,200명이 옮깁니다.", "ko", "1,200명"),
        ("2027년까지 3조 원을 투자합니다.", "ko", "3조 원"),
        ("Exports passed $16 billion in May.", "en", "$16 billion"),
        ("It is up 24.3% this year.", "en", "24.3%"),
        ("They hired 1,200 people in 2026.", "en", "1,200 people"),
    ],
)
def test_the_figure_is_shown_as_it_is_written(sentence: str, language: str, figure: str) -> None:
    card = card_for(sentence, keywords=(), language=language, said=NOTHING)
    assert (card.kind, card.text) == ("figure", figure)
    assert card.before in sentence
    assert card.after in sentence


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("GPT-4가 나왔습니다.", "ko"),
        ("B2B 기업입니다.", "ko"),
        ("It began in 2024.", "en"),
        ("The RTX5090 is out.", "en"),
    ],
)
def test_numbers_in_names_and_years_are_not_figures(sentence: str, language: str) -> None:
    assert card_for(sentence, keywords=(), language=language, said=NOTHING).kind != "figure"


def test_the_words_beside_a_figure_are_its_own_clauses() -> None:
    card = card_for("올해는 다르다, 전년보다 24.3% 늘어난 규모인데요, 왜죠", keywords=(), language="ko", said=NOTHING)
    assert (card.text, card.before, card.after) == ("24.3%", "전년보다", "늘어난 규모인데요")
    assert card.clause == "전년보다 24.3% 늘어난 규모인데요"


def test_a_quotation_then_a_keyword_then_a_question_then_nothing() -> None:
    def kind(sentence: str, *keywords: str) -> tuple[str, str]:
        card = card_for(sentence, keywords=keywords, language="ko", said=NOTHING)
        return card.kind, card.text

    assert kind("그는 “하반기까지 이어질 것”이라고 했다.", "하반기") == ("quote", "하반기까지 이어질 것")
    assert kind("메모리 값이 오른다.", "반도체", "메모리") == ("word", "메모리 값")
    assert kind("어떻게 생각하세요?") == ("question", "?")
    assert kind("지켜볼게요.") == ("none", "")


@pytest.mark.parametrize(
    ("sentence", "language", "word"),
    [
        ("비밀번호는 유출되지 않았어요.", "ko", "유출"),
        ("유출이 아니라 장애였어요.", "ko", "유출"),
        ("There was no leak.", "en", "There"),
        ("The leak did not reach the cards.", "en", "leak"),
    ],
)
def test_a_word_that_its_sentence_denies_is_not_shown_alone(sentence: str, language: str, word: str) -> None:
    assert card_for(sentence, keywords=(word,), language=language, said=NOTHING).kind == "none"


@pytest.mark.parametrize(
    ("sentence", "language", "keyword", "shown"),
    [
        ("인공지능 서버가 늘었어요.", "ko", "인공", "인공지능 서버"),
        ("새 D램이 나왔어요.", "ko", "D램", "D램"),
        ("AI servers bought it.", "en", "ai", "AI"),
        ("What would you do?", "en", "ha", "?"),
    ],
)
def test_a_word_is_shown_whole_and_as_it_is_written(sentence: str, language: str, keyword: str, shown: str) -> None:
    assert card_for(sentence, keywords=(keyword,), language=language, said=NOTHING).text == shown


def test_no_card_says_what_an_earlier_one_said() -> None:
    card = card_for("24.3% 늘었다는 메모리.", keywords=("메모리",), language="ko", said=frozenset({"24.3%"}))
    assert card == Card("word", "메모리")


@pytest.mark.parametrize(
    ("sentence", "language", "keywords", "shown"),
    [
        ("Northquay Labs made it fit.", "en", ("Labs",), "Northquay Labs"),
        ("The AI assistant answers.", "en", ("AI", "assistant"), "AI assistant"),
        ("Memory prices rise again.", "en", ("Memory",), "Memory"),
        ("Northquay Labs shrinks it.", "en", ("Northquay", "shrinks"), "Northquay Labs"),
        ("They built a voice assistant.", "en", ("assistant", "voice"), "voice assistant"),
        ("It runs on Gaonnuri, Brindlewave said.", "en", ("Gaonnuri",), "Gaonnuri"),
        ("노트북 고정 가격이 올랐어요.", "ko", ("가격",), "노트북 고정 가격"),
        ("퇴사자의 계정이 문이었어요.", "ko", ("계정",), "계정"),
        ("정부 합동 개인정보 보호 점검 위원회가 나섰어요.", "ko", ("점검",), "점검"),
    ],
)
def test_a_word_comes_with_the_words_it_is_one_name_with(
    sentence: str, language: str, keywords: tuple[str, ...], shown: str
) -> None:
    assert card_for(sentence, keywords=keywords, language=language, said=NOTHING).text == shown


def test_a_part_of_what_was_said_is_not_said_again() -> None:
    said = frozenset({"Northquay Labs"})
    assert card_for("Labs like it.", keywords=("Labs",), language="en", said=said).kind == "none"
