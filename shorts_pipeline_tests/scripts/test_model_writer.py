"""Scripts by a language model, over the true client libraries against a server of ours."""

import json
import tomllib
import unicodedata
from pathlib import Path

import pytest
import regex

from shorts_pipeline.database import RetrievalView
from shorts_pipeline.database.documents import PersonaExamples, Perspective
from shorts_pipeline.errors import ConfigurationError, Rejected
from shorts_pipeline.language import speaking_seconds
from shorts_pipeline.resources.models.language_model import (
    BadModel,
    Garbled,
    ProviderModel,
    Refused,
    TooSlow,
    Truncated,
    Unreachable,
)
from shorts_pipeline.scripts.asking import letter, wanted_length
from shorts_pipeline.scripts.brief import Episode, Fault, Retrieved, Voice
from shorts_pipeline.scripts.model_writer import ModelWriter
from shorts_pipeline.scripts.prompt_files import prompt
from shorts_pipeline_tests.resources.models.model_server import TOKENS_IN, TOKENS_OUT, Trouble, model_server
from shorts_pipeline_tests.scripts.stories import BUS, CHIP, KOREAN_STYLE, MEMORY, NAMESPACE, a_brief

MASS = "한별반도체가 3나노 공정을 적용한 인공지능 반도체 '한별 X3'의 양산을 시작했다고 2일 밝혔다."
POWER = "이 칩은 이전 세대보다 전력 소모를 30% 줄였고, 연산 속도는 1.8배로 높였다."
GOOD = {
    "hook": ["오늘 이 소식, 들으셨나요?"],
    "body": ["한별반도체가 새 인공지능 반도체의 양산을 시작했어요.", "전력 소모를 30% 줄였어요."],
    "conclusion": ["여러분은 어떻게 생각하세요?", "오늘의 한입은 여기까지예요."],
    "claims": [
        {"sentence": "한별반도체가 새 인공지능 반도체의 양산을 시작했어요.", "source": MASS},
        {"sentence": "전력 소모를 30% 줄였어요.", "source": POWER},
    ],
    "title": "한별반도체, 3나노 AI 칩 양산 시작",
    "tags": ["한별반도체", "반도체"],
}


def wrote(*replies, brief=None, provider="openai", seconds=20.0):
    """A draft by a model that answers these, its writer and its server."""
    with model_server(*replies) as server:
        writer = ModelWriter(lambda: ProviderModel(server.setting(provider), seconds=seconds), temperature=0.3)
        return writer.write(brief or a_brief(CHIP)), writer, server


def test_a_model_says_which_sentences_are_opinions_examples_and_analogies():
    body = [*GOOD["body"], "전기를 아끼는 쪽이 이길 거예요."]
    kinds = [
        {"sentence": "전기를 아끼는 쪽이 이길 거예요", "kind": "Opinion"},
        {"sentence": "대본에 없는 문장이에요.", "kind": "example"},
        {"sentence": body[0], "kind": "poem"},
    ]
    draft, _, _ = wrote(GOOD | {"body": body, "kinds": kinds})
    told = draft.details["kinds"]
    assert list(told) == list(draft.sentences)
    assert {sentence: said for sentence, said in told.items() if said} == {body[2]: ["opinion"]}


def test_a_model_that_says_nothing_of_kinds_leaves_them_to_the_cues():
    assert "kinds" not in wrote(GOOD)[0].details
    assert set(map(tuple, wrote(GOOD | {"kinds": []})[0].details["kinds"].values())) == {()}


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google"])
def test_a_script_by_every_provider_keeps_its_claims_and_what_it_cost(provider):
    draft, writer, _ = wrote(GOOD, provider=provider)
    assert draft.text == "\n\n".join(" ".join(GOOD[part]) for part in ("hook", "body", "conclusion"))
    assert [(claim.sentence, claim.source) for claim in draft.claims] == [tuple(c.values()) for c in GOOD["claims"]]
    assert draft.own == (*GOOD["hook"], *GOOD["conclusion"])
    assert draft.model == f"{provider}:test-model"
    assert (draft.details["tokens_in"], draft.details["tokens_out"], draft.details["calls"]) == (
        TOKENS_IN,
        TOKENS_OUT,
        1,
    )
    assert (draft.details["title"], draft.details["tags"]) == (GOOD["title"], GOOD["tags"])
    assert draft.details["temperature"] == 0.3
    assert draft.details["prompts"]["writer.ko.md"]["sha256"] == prompt("writer", "ko").sha256
    assert writer.spent.tokens_in == TOKENS_IN


def test_an_answer_that_was_cut_off_is_asked_for_once_more_and_shorter():
    draft, _, server = wrote(Trouble.TRUNCATED, GOOD)
    first, second = (int(regex.search(r"약 (\d+)자", asked.text).group(1)) for asked in server.asked)
    assert second < first * 0.7
    assert "끝이 잘렸습니다" in server.asked[1].text
    assert draft.details["tokens_out"] == 2 * TOKENS_OUT
    assert "shorter.ko.md" in draft.details["prompts"]


@pytest.mark.parametrize(
    ("trouble", "failure", "calls"),
    [
        (Trouble.TRUNCATED, Truncated, 2),
        (Trouble.REFUSED, Refused, 1),
        (Trouble.DECLINED, Refused, 1),
        (Trouble.WRONG_JSON, Garbled, 2),
        (Trouble.NO_JSON, Garbled, 2),
        (Trouble.EMPTY, Garbled, 2),
        (Trouble.GONE, Unreachable, 2),
        (Trouble.OVERLOADED, Unreachable, 2),
        (Trouble.BAD_KEY, BadModel, 1),
    ],
)
def test_failures_are_told_apart_and_each_has_its_cost(trouble, failure, calls):
    with model_server(trouble) as server:
        writer = ModelWriter(lambda: ProviderModel(server.setting()), temperature=0.3)
        with pytest.raises(failure):
            writer.write(a_brief(CHIP))
        assert len(server.asked) == writer.spent.calls == calls


def test_a_slow_model_is_left_in_time():
    with pytest.raises(TooSlow):
        wrote(Trouble.SLOW, seconds=0.3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hook": []}, "no hook or no body"),
        ({"body": ["  ", "..."]}, "no hook or no body"),
        ({"hook": ["Chips are here."], "body": ["A new chip is made.", "It is fast."]}, "another language"),
        ({"body": [*GOOD["body"], "It was written in English by somebody else."]}, "another language"),
        ({"body": [*GOOD["body"], "これは日本語の文です。"]}, "another language"),
        ({"body": ["**한별반도체**가 양산을 시작했어요."]}, "markup"),
        ({"body": ["한별반도체가 양산을 시작했어요. " * 2 + f"{n}번째예요." for n in range(70)]}, "too much text"),
    ],
)
def test_an_answer_that_cannot_be_used_is_asked_for_again_with_the_reason(change, reason):
    draft, _, server = wrote(GOOD | change, GOOD)
    assert len(server.asked) == 2
    assert reason in server.asked[1].body["messages"][0]["content"]
    assert draft.body == tuple(GOOD["body"])
    with pytest.raises(Garbled, match=reason):
        wrote(GOOD | change)


def test_claims_that_rest_on_nothing_are_dropped_and_the_judge_is_shown_them():
    invented = {"sentence": GOOD["body"][1], "source": "이 칩은 전력 소모를 90% 줄였다."}
    short = {"sentence": GOOD["body"][0], "source": "이 칩은"}
    elsewhere = {"sentence": "대본에 없는 문장이에요.", "source": MASS}
    draft, _, _ = wrote(GOOD | {"claims": [invented, short, elsewhere]})
    assert draft.claims == ()
    assert set(draft.unfounded) == set(GOOD["body"])


def test_a_source_is_found_through_markup_spacing_and_quotation_marks():
    claim = {"sentence": GOOD["body"][0], "source": MASS.replace("'", "‘").replace(" ", "\u00a0")}
    draft, _, _ = wrote(GOOD | {"claims": [claim]}, brief=a_brief((CHIP[0], CHIP[1].replace("양산", "<b>양산</b>"))))
    assert len(draft.claims) == 1


def test_sentences_are_nfc_without_invisible_characters_and_end():
    odd = unicodedata.normalize("NFD", "한별\u200b반도체가  양산을\n시작했어요")
    draft, _, _ = wrote(GOOD | {"body": [odd, odd]})
    assert draft.body == ("한별반도체가 양산을 시작했어요.",)


def test_advice_that_its_source_bears_out_may_be_given():
    told = (
        "교통비 환급 신청",
        "교통비 환급은 5월 1일까지 주민센터에서 신청하면 받을 수 있다고 국토교통부가 2일 밝혔다.",
    )
    advice = "교통비 환급은 5월 1일까지 주민센터에서 신청하세요."
    good = GOOD | {"body": [advice], "claims": [{"sentence": advice, "source": told[1]}], "title": "", "tags": []}
    assert wrote(good, brief=a_brief(told))[0].body == (advice,)
    with pytest.raises(Rejected, match="advice to the viewer"):
        wrote(good | {"body": ["코인왕 지점에서 상품권을 구매하세요."]}, brief=a_brief(told))


def test_a_title_or_tags_that_are_not_the_storys_are_left_out():
    draft, _, _ = wrote(GOOD | {"title": "삼성전자 99% 폭락", "tags": ["반도체", "로또 당첨", "a,b", "반도체" * 20]})
    assert (draft.details["title"], draft.details["tags"]) == ("", ["반도체"])


@pytest.mark.parametrize(("title", "text"), [("속보", ""), ("", ""), ("칩", " "), ("한 단어", "칩")])
def test_a_headline_or_less_is_given_up_without_asking(title, text):
    with model_server(GOOD) as server:
        writer = ModelWriter(lambda: ProviderModel(server.setting()), temperature=0.3)
        with pytest.raises(Rejected, match="a headline or less"):
            writer.write(a_brief((title, text)))
        assert server.asked == []


def test_a_story_in_another_language_is_translated():
    claim = {"sentence": "메모리 값이 8% 올랐어요.", "source": "Memory chip prices rose 8% in the first quarter"}
    told = GOOD | {"body": [claim["sentence"]], "claims": [claim], "title": "", "tags": []}
    draft, _, _ = wrote(told, brief=a_brief(MEMORY, "ko", story={"language": "en"}))
    assert len(draft.claims) == 1


def test_a_book_is_read_from_its_beginning():
    brief = a_brief((BUS[0], BUS[1] * 400))
    told = json.loads(letter(brief).data)["story"]["texts"]
    assert 10_000 < len("".join(told)) <= 12_000
    assert told[0].endswith(".")


def test_the_letter_holds_the_whole_persona_and_the_data_what_the_web_said():
    style = KOREAN_STYLE.model_copy(
        update={
            "tone": "친근한 말투",
            "emphasis_words": ("무려",),
            "fillers": ("음",),
            "avoided_styles": ("낚시",),
            "opening_style": "핵심부터 시작",
        }
    )
    voice = Voice(
        name="한입",
        style=style,
        tagline="한입 크기로",
        description="개발자 출신",
        expertise=("반도체",),
        perspective=Perspective(
            approach="그래서 뭐가 달라지나",
            core_values=("정확함",),
            biases=("공개 표준",),
            views_against_the_mainstream=("반대로 본다",),
            audience="청년",
            angle="지갑",
        ),
        examples=PersonaExamples(
            scripts=("보기 대본이에요.",), reactions=("반가운 소식이네요.",), bad_examples=("충격 사건!",)
        ),
    )
    past = Retrieved(NAMESPACE, "지난번 의견이에요.", RetrievalView.OPINION, 1, 0.9, 0.9)
    brief = a_brief(
        CHIP,
        voice=voice,
        retrieved=(past,),
        content={"must_mention": ["수율"], "must_avoid": ["주가"], "opening": "statistic"},
        story={"episode": Episode("반도체 이야기", "칩을 따라간다", 3, ("지난 이야기",))},
    )
    sent = letter(brief)
    words = (
        "친근한 말투 해요체 했어요 그런데 무려 음 대박 낚시 핵심부터 한입 달라지나 정확함 공개 지갑 보기 반가운 충격 "
        "수율 주가 숫자로 까지예요 생각하세요 개발자 반대로 청년"
    )
    for word in words.split():
        assert word in sent.instructions, word
    assert "$" not in sent.instructions
    assert not any(word in sent.instructions for word in ("한별반도체", "지난번 의견", "지난 이야기"))
    data = json.loads(sent.data)
    assert data["channel_past"]["opinions"] == ["지난번 의견이에요."]
    assert data["series"] == {
        "name": "반도체 이야기",
        "description": "칩을 따라간다",
        "episode": 3,
        "earlier_stories": ["지난 이야기"],
    }


def test_a_rewrite_says_what_was_wrong_and_why():
    reasons = ("style 0.40 is below 0.70",)
    brief = a_brief(CHIP, attempt=2, faults=frozenset({Fault.STYLE}), reasons=reasons, previous="지난 대본.")
    sent = letter(brief)
    assert "style" in sent.instructions.split("# 다시 쓰기")[1]
    assert json.loads(sent.data)["faults"] == list(reasons)
    assert json.loads(sent.data)["previous_script"] == "지난 대본."
    longer = letter(a_brief(CHIP, attempt=2, faults=frozenset({Fault.LONG})))
    assert longer.instructions != letter(a_brief(CHIP)).instructions


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("seconds", [20, 45, 90])
@pytest.mark.parametrize("rate", [1.0, 1.2])
def test_the_length_that_is_asked_for_takes_the_time_that_is_wanted(language, seconds, rate):
    brief = a_brief(CHIP if language == "ko" else MEMORY, language)
    brief = a_brief(CHIP if language == "ko" else MEMORY, language, voice=Voice("a", brief.voice.style, rate))
    wanted = wanted_length(brief, seconds)
    each = 22 if language == "ko" else 10
    word = "가" if language == "ko" else " word"
    text = " ".join(f"{word * each}." for _ in range(round(wanted / each)))
    assert speaking_seconds(text, language, rate) == pytest.approx(seconds, rel=0.12)


def test_other_languages_are_asked_for_in_english_by_their_code():
    assert "“ja”" in letter(a_brief(MEMORY, "ja", story={"language": "en"})).instructions


def test_every_prompt_file_has_a_version_and_a_hash_and_is_packaged():
    for kind in ("writer", "rewrite", "refused", "shorter"):
        for language in ("ko", "en"):
            assert prompt(kind, language).version.isdigit()
            assert len(prompt(kind, language).sha256) == 64
    packaged = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert "*.md" in packaged["*"]


def test_a_channel_that_names_no_model_any_more_is_said_so():
    with pytest.raises(ConfigurationError):
        ModelWriter(lambda: None, temperature=0.3).prepare()
