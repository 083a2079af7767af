"""A caption track as what was said."""

import pytest

from shorts_pipeline.importing.captions import spoken
from shorts_pipeline_tests.importing.before import srt

KOREAN = ["부산시가 로봇을 샀어요.", "해운대에서 먼저 써요!", "여러분은 어떻게 생각하세요?"]


def test_timing_and_sounds_go_and_broken_lines_are_sentences_again():
    assert spoken(srt(KOREAN), "ko") == KOREAN
    english = ["Prices rose 3.5 percent, Dr. Kim says.", "Why now?"]
    assert spoken(srt(english, cue="[Music]"), "en") == english


@pytest.mark.parametrize(
    "cue",
    [
        "[음악]",
        "(웃음)",
        "(잔잔한 음악)",
        "♪ 랄라라 ♪",
        "♪♪",
        "[Applause]",
        "(upbeat music)",
        "【박수】",
        ">> ",
        "<i></i>",
    ],
)
def test_a_cue_of_sound_is_nothing_that_was_said(cue):
    assert spoken(srt(KOREAN, cue=cue), "ko") == KOREAN


def test_what_stands_in_brackets_and_is_said_stays():
    said = ["삼성전자(005930)가 올랐어요.", "D램(메모리)도 올랐어요."]
    assert spoken(srt(said), "ko") == said


def test_markup_and_the_mark_of_another_speaker_go():
    track = "1\n00:00:00,000 --> 00:00:02,000\n<i>정말</i> <font color=\"#fff\">빨라요.</font>\n\n" \
            "2\n00:00:02,000 --> 00:00:04,000\n{\\an8}>> 그런가요?\n"  # fmt: skip
    assert spoken(track, "ko") == ["정말 빨라요.", "그런가요?"]


def test_webvtt_is_read_too():
    track = "WEBVTT\nKind: captions\n\nNOTE a note\n\n00:00.000 --> 00:02.000 align:start\n눈이 <c>와요</c>.\n"
    assert spoken(track, "ko") == ["눈이 와요."]


def test_lines_that_roll_up_are_told_once():
    track = (
        "1\n00:00:00,000 --> 00:00:02,000\nmemory chips cost more\n\n"
        "2\n00:00:02,000 --> 00:00:02,010\nmemory chips cost more\n\n"
        "3\n00:00:02,010 --> 00:00:04,000\nmemory chips cost more\nthan they did in June\n\n"
        "4\n00:00:05,500 --> 00:00:07,000\nthan they did in June\nso what now\n"
    )
    assert spoken(track, "en") == ["memory chips cost more than they did in June.", "so what now."]


def test_without_full_stops_a_pause_ends_a_sentence():
    track = (
        "1\n00:00:00,000 --> 00:00:02,000\n부산시가 로봇을\n\n2\n00:00:02,100 --> 00:00:03,000\n새로 샀습니다\n\n"
        "3\n00:00:04,000 --> 00:00:06,000\n해운대에서 먼저 씁니다\n"
    )
    assert spoken(track, "ko") == ["부산시가 로봇을 새로 샀습니다.", "해운대에서 먼저 씁니다."]


@pytest.mark.parametrize("track", ["", "WEBVTT\n", srt([], cue="[음악]"), "no captions at all", "\ufeff"])
def test_where_nothing_was_said_there_is_nothing(track):
    assert spoken(track, "ko") == []
