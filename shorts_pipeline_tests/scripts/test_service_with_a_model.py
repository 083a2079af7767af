"""A channel whose file names a model: what is recorded, and what happens to its topics when the model fails."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from shorts_pipeline.database import Channel, JobLog, JobStatus, ModelSpend, Script, ScriptStatus, StageAttempt
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.operations.attempts import FOREVER
from shorts_pipeline.operations.work import AllFailed
from shorts_pipeline.resources.models.language_model import ProviderModel
from shorts_pipeline.scripts.service import UNTIL_ASKED_AGAIN, write_scripts
from shorts_pipeline.selection import Selection
from shorts_pipeline_tests.resources.models.model_server import TOKENS_IN, TOKENS_OUT, Trouble, model_server
from shorts_pipeline_tests.scripts.newsdesk import a_told_topic
from shorts_pipeline_tests.scripts.stories import BUS, CHIP, LOAN, MEMORY

SCRIPTS = {
    CHIP[0]: {
        "hook": ["오늘 이 소식, 들으셨나요?", "한별반도체가 3나노 인공지능 반도체의 양산을 시작했어요."],
        "body": [
            "이전 세대보다 전력 소모를 30% 줄였고, 연산 속도는 1.8배로 높였어요.",
            "한별반도체는 지난해 평택에 전용 생산 라인을 지었어요.",
            "그런데 수율이 아직 60%대라서 수익성은 지켜봐야 해요.",
        ],
        "conclusion": ["여러분은 어떻게 생각하세요?", "오늘의 한입은 여기까지예요."],
    },
    LOAN[0]: {
        "hook": ["전세대출 금리, 무슨 일이 있었을까요?"],
        "body": [
            "시중은행의 전세대출 평균 금리가 넉 달 만에 내렸어요.",
            "지난달 평균 금리는 연 3.71%로 한 달 전보다 0.12%포인트 낮아졌어요.",
            "그런데 주택담보대출 금리는 연 4.05%로 거의 그대로였어요.",
            "금융당국은 은행별 증가 속도를 점검하기로 했어요.",
        ],
        "conclusion": ["여러분은 어떻게 생각하세요?", "오늘의 한입은 여기까지예요."],
    },
}


def fine(asked):
    """An honest script about the story that is asked about, or a short one."""
    told = asked.data["story"]
    found = next((SCRIPTS[title] for title in SCRIPTS if title.split(",")[0][-8:] in told["title"]), SCRIPTS[CHIP[0]])
    return {**found, "claims": [], "title": "", "tags": []}


def by_title(**replies):
    """A different answer for the story whose title has the word; all others are told honestly."""

    def reply(asked):
        title = asked.data["story"]["title"]
        return next((each for word, each in replies.items() if word in title), None) or fine(asked)

    return reply


@pytest.fixture
def write(sessions, store, embedder, clock, channel):
    """Runs the room for the channel with a model at this setting."""

    def run(setting, selection=None, **content):
        with sessions.begin() as session:
            session.get_one(Channel, channel.id).content_config = {
                "language": "ko",
                "target_seconds": 30,
                "model": setting,
                "temperature": 0.25,
                **content,
            }
        more = {"selection": selection} if selection else {}
        return write_scripts(sessions, store, embedder, channel="oneul", clock=clock, owner="run-1", **more)

    return run


@pytest.fixture
def topics(sessions, channel):
    with sessions.begin() as session:
        return {
            word: a_told_topic(session, channel, told, score_total=score).id
            for word, told, score in (("반도체", CHIP, 90), ("전세대출", LOAN, 50))
        }


@pytest.fixture
def priced(monkeypatch):
    """Every token costs a ten-thousandth of a dollar."""
    monkeypatch.setattr(ProviderModel, "price", lambda _self, i, o: Decimal(i + o) / 10_000)


def rows(sessions, table):
    with sessions() as session:
        return session.scalars(select(table).order_by(table.created_at)).all()


def test_a_script_is_kept_with_its_model_its_prompt_and_what_it_cost(sessions, channel, write, topics, priced):
    budget = {"budget": {"usd_a_day": 100.0}, "review": {"script": {"mode": "auto"}}}
    with sessions.begin() as session:
        session.get_one(Channel, channel.id).operation_config = budget
    with model_server(fine) as server:
        written = write(server.setting())
    assert len(written.written) == 2
    assert json.loads(server.asked[0].text)["temperature"] == 0.25
    for script in rows(sessions, Script):
        assert script.generation_model == "openai:test-model"
        kept = script.generation_config
        assert kept["model"] == "openai:test-model"
        assert (kept["tokens_in"], kept["tokens_out"], kept["usd"]) == (TOKENS_IN, TOKENS_OUT, 0.016)
        assert len(kept["prompts"]["writer.ko.md"]["sha256"]) == 64
        assert script.status is ScriptStatus.APPROVED, script.quality_issues
    (spend,) = rows(sessions, ModelSpend)
    assert (spend.stage, spend.calls, spend.tokens_in, spend.cost) == ("scripts", 2, 2 * TOKENS_IN, Decimal("0.032"))
    shown = written.as_metadata()
    assert (shown["writer"], shown["model_calls"], shown["usd"]) == ("openai:test-model", 2, 0.032)
    assert (shown["tokens_in"], shown["tokens_out"]) == (2 * TOKENS_IN, 2 * TOKENS_OUT)
    assert (shown["scripts"][0]["tokens"], shown["scripts"][0]["usd"]) == (TOKENS_IN + TOKENS_OUT, 0.016)
    (job,) = rows(sessions, JobLog)
    assert job.result["usd"] == 0.032


def test_a_refused_topic_is_given_up_with_the_reason_and_the_others_go_on(sessions, write, topics):
    with model_server(by_title(반도체=Trouble.REFUSED)) as server:
        written = write(server.setting())
    assert [each.topic_id for each in written.written] == [topics["전세대출"]]
    (attempt,) = rows(sessions, StageAttempt)
    assert (attempt.target_id, attempt.parked_until) == (topics["반도체"], FOREVER)
    assert "refused to answer" in attempt.reason


@pytest.mark.parametrize("trouble", [Trouble.GONE, Trouble.OVERLOADED, Trouble.TOO_MANY, Trouble.BAD_KEY])
def test_a_model_that_is_away_costs_a_topic_no_try_and_nobody_else_writes(sessions, write, topics, clock, trouble):
    """An outage longer than five back-offs would park every topic for good."""
    with model_server(trouble) as server:
        for _ in range(7):
            with pytest.raises(AllFailed):
                write(server.setting())
            clock.move(UNTIL_ASKED_AGAIN)
    assert rows(sessions, Script) == []
    assert all(each.attempts == 0 and each.parked_until <= clock.now() for each in rows(sessions, StageAttempt))
    with model_server(fine) as server:
        assert len(write(server.setting()).written) == 2


def test_nobody_there_is_said_and_the_topic_waits(sessions, write, topics):
    with pytest.raises(AllFailed, match="cannot be reached"):
        write("openai@http://127.0.0.1:9/v1:gone")
    assert all("the topic waits" in each.reason for each in rows(sessions, StageAttempt))


def test_a_slow_model_is_tried_again_later(sessions, write, topics, monkeypatch, clock):
    monkeypatch.setattr("shorts_pipeline.scripts.service.SECONDS_A_SCRIPT", 0.3)
    with model_server(Trouble.SLOW) as server, pytest.raises(AllFailed, match=r"within 0\.3 s"):
        write(server.setting())
    assert all(each.next_attempt_at > clock.now() and each.attempts == 1 for each in rows(sessions, StageAttempt))


def test_garbage_is_tried_again_later_and_given_up_after_five_times(sessions, write, topics, clock):
    with model_server(by_title(반도체=Trouble.NO_JSON)) as server:
        written = write(server.setting())
        assert len(written.written) == 1
        for _ in range(4):
            clock.move(timedelta(hours=6))
            with pytest.raises(AllFailed):
                write(server.setting())
    (attempt,) = rows(sessions, StageAttempt)
    assert (attempt.attempts, attempt.parked_until) == (5, FOREVER)
    assert "does not fit" in attempt.reason


def test_over_the_budget_topics_wait_for_the_next_day_and_the_run_says_so(
    sessions, channel, write, topics, priced, clock
):
    with sessions.begin() as session:
        session.get_one(Channel, channel.id).operation_config = {
            "budget": {"usd_a_day": 0.5},
            "uploads": {"target_a_day": 2, "most_a_day": 4},
            "review": {"script": {"mode": "auto"}},
        }
    with model_server(fine) as server:
        written = write(server.setting())
        assert server.asked == []
        assert (written.written, written.failed, written.waiting_for_budget) == ((), (), 2)
        assert "usd_a_day" in written.as_metadata()["note"]
        midnight = datetime(2026, 3, 2, 15, tzinfo=UTC)
        assert all(each.parked_until == midnight and each.attempts == 0 for each in rows(sessions, StageAttempt))
        (job,) = rows(sessions, JobLog)
        assert (job.status, job.result["waiting_for_budget"]) == (JobStatus.COMPLETED, 2)
        assert write(server.setting()).waiting_for_budget == 0
        clock.move(midnight - clock.now())
        with sessions.begin() as session:
            session.get_one(Channel, channel.id).operation_config = {"budget": {"usd_a_day": 50.0}}
        assert len(write(server.setting()).written) == 2


def test_what_stops_a_rewrite_leaves_the_first_version_to_a_person(sessions, write, topics):
    weak = {**SCRIPTS[CHIP[0]], "hook": ["안녕하세요."], "claims": [], "title": "", "tags": []}
    with model_server(weak, Trouble.REFUSED) as server:
        written = write(server.setting(), Selection(limit=1))
    assert written.written[0].waiting
    assert [script.status for script in rows(sessions, Script)] == [ScriptStatus.IN_REVIEW]


def test_a_rewrite_is_told_what_was_wrong_and_is_a_new_version(sessions, write, topics):
    weak = {**SCRIPTS[CHIP[0]], "hook": ["안녕하세요."], "claims": [], "title": "", "tags": []}
    with model_server(weak, fine) as server:
        written = write(server.setting(), Selection(limit=1))
    assert written.written[0].version == 2
    assert any("hook" in reason for reason in server.asked[1].data["faults"])
    assert server.asked[1].data["previous_script"].startswith("안녕하세요.")
    assert written.written[0].tokens == 2 * (TOKENS_IN + TOKENS_OUT)


def test_a_claim_that_rests_on_nothing_goes_to_a_person(sessions, write, topics):
    body = SCRIPTS[CHIP[0]]["body"]
    claims = [{"sentence": body[0], "source": "이 칩은 전력 소모를 90% 줄였다고 한다."}]
    with model_server({**SCRIPTS[CHIP[0]], "claims": claims, "title": "", "tags": []}) as server:
        written = write(server.setting(), Selection(limit=1), tries=1)
    assert written.written[0].waiting
    assert written.written[0].issues == (f"not in the source: {body[0]}",)
    assert rows(sessions, Script)[0].generation_config["unfounded"] == [body[0]]


def test_a_missing_secret_stops_the_run_before_any_topic_and_is_named(sessions, write, topics, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(NeedsPerson, match="OPENAI_API_KEY"):
        write("openai:gpt-5-mini")
    assert rows(sessions, StageAttempt) == []
    assert rows(sessions, JobLog)[0].status is JobStatus.FAILED


def test_a_dry_run_asks_no_model_and_needs_no_secret(sessions, write, topics):
    assert len(write("openai:gpt-5-mini", Selection(dry_run=True)).planned) == 2


def test_a_model_also_tells_what_is_in_another_language(sessions, channel, write):
    with sessions.begin() as session:
        a_told_topic(session, channel, MEMORY, language="en")
    with model_server(fine) as server:
        assert len(write(server.setting()).written) == 1


BAD = {
    "no summary and no article": ("속보", ""),
    "one word": ("칩", "칩"),
    "a dead page": ("요청하신 페이지", "요청하신 페이지를 찾을 수 없습니다. 주소가 잘못되었거나 삭제된 페이지입니다."),
    "markup": (f"<b>{BUS[0]}</b>", f"<script>alert(1)</script><table><tr><td>{BUS[1]}</td></tr></table>"),
    "20,000 words": (f"{BUS[0]} 전문", BUS[1] * 500),
    "two languages": (f"{BUS[0]} mixed", f"{BUS[1]} The company said it would expand. {MEMORY[1]}"),
    "rubbish": ("ㅋㅋㅋ\x07\u202e", "((((" * 500 + "\ufffd\u200b" * 50),
}


@pytest.mark.parametrize("with_model", [True, False])
@pytest.mark.parametrize("bad", BAD)
def test_bad_input_gives_a_script_or_a_reason_and_the_others_go_on(sessions, channel, write, bad, with_model):
    with sessions.begin() as session:
        odd = a_told_topic(session, channel, BAD[bad], score_total=99).id
        good = a_told_topic(session, channel, CHIP, score_total=10).id
    with model_server(fine) as server:
        written = write(server.setting() if with_model else None)
    assert good in {each.topic_id for each in written.written}
    reasons = {each.target_id: each.reason for each in rows(sessions, StageAttempt)}
    assert (odd in {each.topic_id for each in written.written}) != (odd in reasons)
    if odd in reasons:
        assert "headline or less" in reasons[odd]
    assert all("<" not in each.text and "페이지를 찾을" not in each.text for each in written.written)
