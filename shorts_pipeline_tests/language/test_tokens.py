from concurrent.futures import ThreadPoolExecutor

import pytest

from shorts_pipeline.language import detect, keywords, morphemes, nouns, speaking_seconds, stem, syllables, tokens


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("삼성전자 3분기 실적 발표", "ko"),
        ("OpenAI, GPT-5 Turbo API 공개", "ko"),
        ("BTS (방탄소년단) wins Grammy award", "en"),
        ("Nvidia unveils new chips", "en"),
        ("日本の新しい首相", "ja"),
        ("中国经济增长", "zh"),
        ("Le gouvernement est dans la rue", "fr"),
        ("Новости дня", "ru"),
        ("1234 !!", "en"),
    ],
)
def test_the_language_of_a_headline_is_seen_by_its_letters(text, language):
    assert detect(text) == language


def test_a_text_without_letters_takes_the_default():
    assert detect("2026", default="ko") == "ko"


def test_korean_nouns_are_found_with_their_places():
    found = morphemes("삼성전자가 반도체를 공개했다")
    assert [(m.form, m.start, m.end) for m in found if m.tag.startswith("NN")][:2] == [
        ("삼성전자", 0, 4),
        ("반도체", 6, 9),
    ]
    assert nouns("삼성전자가 반도체를 공개했다", "ko") == ["삼성전자", "반도체", "공개"]


def test_keywords_are_the_telling_words_names_first():
    found = keywords("삼성전자, AI 반도체 영업이익 10조원 돌파…반도체 부활", "ko", limit=3)
    assert set(found) == {"삼성전자", "반도체", "AI"}
    assert keywords("Apple's iPhone sales rise as Apple cuts prices", "en", limit=2) == ["apple", "iphone"]


def test_the_forms_of_an_english_word_share_a_stem():
    assert stem("rises") == stem("rising") == stem("rise")
    assert stem("companies") == stem("company")
    assert stem("running") == stem("runs") == stem("run")
    assert tokens("The chips are rising", "en") == tokens("chip rises", "en")


def test_the_analyser_serves_several_threads():
    texts = [f"{n}번째 회사가 반도체를 공개했다" for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: tokens(text, "ko"), texts)) == [tokens(text, "ko") for text in texts]


def test_korean_is_timed_by_what_is_heard():
    assert syllables("3.5%") == 6
    assert speaking_seconds("3.5%", "ko") > speaking_seconds("오르다", "ko")


def test_a_minute_of_text_takes_about_a_minute():
    korean = (
        "정부는 오늘 새로운 경제 정책을 발표했습니다. " * 13
    )  # 20 syllables a sentence: about 300 a minute with pauses
    english = "The company said on Monday that sales rose sharply. " * 17  # 9 words a sentence: about 155 a minute
    assert 45 < speaking_seconds(korean, "ko") < 75
    assert 45 < speaking_seconds(english, "en") < 75


def test_a_faster_rate_takes_less_time():
    text = "The company said sales rose."
    assert speaking_seconds(text, "en", rate=2.0) == pytest.approx(speaking_seconds(text, "en") / 2)
