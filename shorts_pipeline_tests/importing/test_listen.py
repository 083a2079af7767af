"""Captions of imported shorts: within a budget, the most seen first, and nobody asked twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shorts_pipeline.database import ContentChunk, Script, Topic
from shorts_pipeline.importing.listen import best
from shorts_pipeline.resources.youtube import CaptionTrack
from shorts_pipeline.uploads import quota
from shorts_pipeline_tests.importing.before import a_short, korean_title, korean_words, srt
from shorts_pipeline_tests.importing.conftest import Desk

LONG_AGO = datetime(2026, 1, 5, 11, tzinfo=UTC)


def with_captions(number: int, **track: Any) -> dict[str, Any]:
    at = LONG_AGO + timedelta(days=number)
    return a_short(korean_title(number), at, captions=[{"text": srt(korean_words(number)), **track}])


def models(desk: Desk) -> Counter[str]:
    return Counter(row.generation_model for row in desk.rows(Script))


def calls(desk: Desk, method: str) -> int:
    return int(desk.sandbox.state()["calls"].get(method, 0))


def test_what_was_said_becomes_the_script_and_is_judged_as_any_other(desk: Desk):
    desk.seed([with_captions(3)])
    done = desk.bring_in(captions=5)
    assert (done.captions.got, done.captions.left) == (1, 0)
    assert done.units == 3 + 50 + 200
    [script], [topic] = desk.rows(Script), desk.rows(Topic)
    words = korean_words(3)
    assert script.script_text == f"{words[0]}\n\n{words[1]} {words[2]}\n\n{words[3]}"
    assert script.generation_model == "imported:captions"
    assert script.generation_config["track_kind"] == "written"
    assert script.quality_score_style == 1.0
    assert 0 < script.quality_score_hook <= 1
    assert topic.summary.startswith(words[0])
    chunks = desk.rows(ContentChunk)
    assert [row.chunk_position.value for row in sorted(chunks, key=lambda row: row.chunk_index)] == [
        "hook", "body", "conclusion",
    ]  # fmt: skip


def test_nothing_is_asked_for_unless_a_person_says_so(desk: Desk):
    desk.seed([with_captions(1)])
    desk.bring_in()
    assert models(desk) == {"imported:title": 1}
    assert calls(desk, "captions.list") == 0
    assert desk.rows(ContentChunk) == []  # a title is nothing to learn from


def test_later_runs_hear_the_rest_the_most_seen_first(desk: Desk):
    ids = desk.seed([with_captions(number) for number in range(4)])
    desk.bring_in()
    views = {row.generation_config["youtube_video_id"]: row.generation_config["views"] for row in desk.rows(Script)}
    assert all(views.values())
    first = desk.bring_in(captions=2)
    assert (first.captions.got, first.captions.left) == (2, 2)
    heard = {
        row.generation_config["youtube_video_id"] for row in desk.rows(Script) if row.generation_config.get("track")
    }
    assert heard == set(sorted(ids, key=lambda id: -views[id])[:2])
    assert desk.bring_in(captions=10).captions.got == 2
    assert desk.counts() == (4, 4, 4, 4)
    assert desk.bring_in(captions=10).captions.got == 0


def test_a_description_gives_way_to_what_was_said_and_its_pieces_with_it(desk: Desk):
    text = (
        "제주시가 빈집을 고칩니다. 올해 열두 채를 먼저 고쳐 도서관과 쉼터로 쓰기로 했습니다. "
        "주민이면 누구나 다음 달까지 시청 누리집에서 신청할 수 있다고 합니다."
    )
    desk.seed([with_captions(14) | {"description": text}])
    desk.bring_in()
    pieces = sorted(desk.rows(ContentChunk), key=lambda row: row.chunk_index)
    assert " ".join(row.chunk_text for row in pieces) == text
    assert {row.chunk_position.value for row in pieces} == {"body"}  # nobody said it: it is no hook
    desk.bring_in(captions=1)
    chunks = desk.rows(ContentChunk)
    assert not any("빈집을 고칩니다" in row.chunk_text for row in chunks)
    assert desk.store.count("script_chunks") == len(chunks) == 3


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"match": {"path": "/youtube/v3/captions"}, "do": {"status": 403, "reason": "forbidden"}}, "refused"),
        ({"match": {"path": "/youtube/v3/captions"}, "do": {"status": 404, "reason": "videoNotFound"}}, "refused"),
        ({"match": {"path": "/youtube/v3/captions/"}, "do": {"status": 404, "reason": "captionNotFound"}}, "refused"),
    ],
)
def test_a_track_that_is_not_given_leaves_the_description_and_is_not_asked_for_again(
    desk: Desk, fault: dict[str, Any], answer: str
):
    desk.seed([with_captions(1)])
    desk.sandbox.order(**fault)
    done = desk.bring_in(captions=3)
    assert (done.captions.refused, done.stopped) == (1, "")
    [script] = desk.rows(Script)
    assert (script.generation_model, script.generation_config["captions"]) == ("imported:title", answer)
    assert str(fault["do"]["reason"]) in script.generation_config["captions_refused"]
    before = calls(desk, "captions.list")
    desk.bring_in(captions=3)
    assert calls(desk, "captions.list") == before


def test_a_short_without_usable_captions_is_asked_for_once(desk: Desk):
    silent = a_short(korean_title(2), LONG_AGO, captions=[{"text": srt([]), "language": "ko"}])
    desk.seed([with_captions(1, language="en"), silent, a_short(korean_title(5), LONG_AGO)])
    assert desk.bring_in(captions=9).captions.none == 3
    assert calls(desk, "captions.download") == 1
    assert desk.bring_in(captions=9).captions.none == 0


def test_a_passing_trouble_is_asked_again_the_next_time(desk: Desk):
    desk.seed([with_captions(1)])
    desk.sandbox.order(match={"path": "/youtube/v3/captions"}, do={"status": 503})
    done = desk.bring_in(captions=3)
    assert (done.captions.got, "503" in done.stopped) == (0, True)
    assert desk.bring_in(captions=3).captions.got == 1


def test_a_spent_quota_ends_the_listening_and_keeps_what_was_heard(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.seed([with_captions(number) for number in range(3)])
    monkeypatch.setitem(quota.LIMITS, "units", 3 + 250 + 60)
    done = desk.bring_in(captions=3)
    assert (done.captions.got, "is spent" in done.stopped) == (1, True)
    assert desk.counts() == (3, 3, 3, 3)


def test_the_best_track_is_in_the_channels_language_and_a_persons():
    heard, written = CaptionTrack("a", "ko", True, True), CaptionTrack("b", "ko-KR", False, True)
    draft, english = CaptionTrack("c", "ko", False, False), CaptionTrack("d", "en", False, True)
    assert best([english, draft, heard, written], "ko") == written
    assert best([english, draft, heard], "ko") == heard
    assert best([english, draft], "ko") is None
