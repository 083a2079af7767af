"""A channel's model under its budget, on the true database."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel
from sqlalchemy import select

from shorts_pipeline.database import ModelSpend
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.operations.model_calls import OverBudget, channel_model
from shorts_pipeline.resources.models.language_model import Garbled, ProviderModel
from shorts_pipeline.settings import Settings
from shorts_pipeline_tests.resources.models.model_server import TOKENS_IN, TOKENS_OUT, Trouble, model_server
from shorts_pipeline_tests.rows import a_channel


class Word(BaseModel):
    """What the tests ask for."""

    word: str


class Priced(ProviderModel):
    """A server of ours whose every token costs a ten-thousandth of a dollar."""

    def price(self, tokens_in: int, tokens_out: int) -> Decimal:
        return Decimal(tokens_in + tokens_out) / 10_000


def the_channel(sessions, setting, **budget):
    with sessions.begin() as session:
        operation = {"budget": budget} if budget else {}
        return a_channel(session, content_config={"model": setting}, operation_config=operation).id


def spend(sessions):
    with sessions() as session:
        return session.scalars(select(ModelSpend)).one()


def test_a_channel_without_a_model_has_none(sessions, clock):
    with sessions.begin() as session:
        channel_id = a_channel(session).id
    assert channel_model(sessions, channel_id, stage="topics", clock=clock) is None


def test_every_call_is_recorded_in_the_channels_own_day(sessions, clock):
    clock.move(datetime(2026, 3, 2, 20, tzinfo=UTC) - clock.now())  # the 3rd in Seoul
    with model_server({"word": "yes"}) as server:
        model = channel_model(sessions, the_channel(sessions, server.setting()), stage="topics", clock=clock)
        for _ in range(2):
            assert model.ask("Say yes.", "data", Word).value.word == "yes"
    row = spend(sessions)
    assert (row.calls, row.tokens_in, row.tokens_out, row.cost) == (2, 2 * TOKENS_IN, 2 * TOKENS_OUT, 0)
    assert (row.day.day, row.stage, row.model) == (3, "topics", "openai:test-model")


def test_a_failing_call_is_on_the_record_too(sessions, clock):
    with model_server(Trouble.NO_JSON) as server:
        model = channel_model(sessions, the_channel(sessions, server.setting()), stage="topics", clock=clock)
        with pytest.raises(Garbled):
            model.ask("Say yes.", "data", Word)
    assert (spend(sessions).calls, spend(sessions).tokens_out) == (2, 2 * TOKENS_OUT)


def test_over_the_budget_nobody_is_asked_until_the_next_day(sessions, clock):
    with model_server({"word": "yes"}) as server:
        channel_id = the_channel(sessions, server.setting(), usd_a_day=1.61)
        model = channel_model(sessions, channel_id, stage="topics", clock=clock, open_model=Priced)
        model.ask("Say yes.", "data", Word)
        with pytest.raises(OverBudget, match=r"\$1\.61 a day") as raised:
            model.ask("Say yes.", "data", Word)
        assert len(server.asked) == 1
        assert raised.value.until == datetime(2026, 3, 2, 15, tzinfo=UTC)
        clock.move(raised.value.until - clock.now())
        model.ask("Say yes.", "data", Word)
    with sessions() as session:
        costs = session.scalars(select(ModelSpend.cost)).all()
    assert costs == [Decimal("0.016000")] * 2


def test_a_budget_of_nothing_asks_no_paid_model(sessions, clock):
    with model_server({"word": "yes"}) as server:
        channel_id = the_channel(sessions, server.setting(), usd_a_day=0.0)
        with pytest.raises(OverBudget):
            channel_model(sessions, channel_id, stage="topics", clock=clock, open_model=Priced).ask("x", "y", Word)
        free = channel_model(sessions, channel_id, stage="topics", clock=clock)
        assert free.ask("Say yes.", "data", Word).cost is None


def test_a_missing_secret_is_named_and_never_shown(sessions, clock, monkeypatch):
    channel_id = the_channel(sessions, "openai:gpt-5-mini")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        channel_model(sessions, channel_id, stage="topics", clock=clock, known=Settings())
