"""Model calls: a channel's language model, held to the channel's budget a day, with every call on the record.

Before a call its greatest cost is set aside in `model_spend`; afterwards the true one takes its place. A run that is
killed in between leaves what it set aside: a budget is then short by one call, never overrun. A model whose price is
not known has its tokens recorded and no cost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, SecretStr
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import Channel, ModelSpend
from shorts_pipeline.errors import Parked
from shorts_pipeline.operations.secrets import secret
from shorts_pipeline.resources.models.language_model import (
    MOST_TOKENS,
    NOTHING_SPENT,
    Answer,
    LanguageModel,
    ModelFailure,
    Spent,
    open_language_model,
)
from shorts_pipeline.resources.models.model_name import model_name
from shorts_pipeline.settings import Settings, settings

T = TypeVar("T", bound=BaseModel)
Opener = Callable[[str, SecretStr | None], LanguageModel]

# A token is at least two letters of English, and a Korean syllable at most two.
_TOKENS_A_CHARACTER = 1.5
_TRIES = 2


class OverBudget(Parked):
    """The channel's models have spent what they may today."""


@dataclass(frozen=True)
class Budget:
    """What a channel may spend a day, in US dollars, and in which zone a day is one."""

    usd_a_day: float
    timezone: str

    def day(self, now: datetime) -> date:
        """The channel's day."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def renewed_at(self, now: datetime) -> datetime:
        """When the next day begins."""
        return datetime.combine(self.day(now) + timedelta(days=1), time(), ZoneInfo(self.timezone)).astimezone(UTC)


def channel_model(
    sessions: sessionmaker[Session],
    channel_id: UUID,
    *,
    stage: str,
    clock: Clock,
    open_model: Opener = open_language_model,
    known: Settings | None = None,
) -> "ChannelModel | None":
    """The language model that the channel's file names, under its budget; None where it names none.

    Raises `ConfigurationError` where the setting is none or its secret is missing.
    """
    with sessions() as session:
        row = session.execute(
            select(Channel.content_config, Channel.operation_config).where(Channel.id == channel_id)
        ).one()
    content, operation = row
    if content.model is None:
        return None
    usual = model_name(content.model).usual_secret
    known = known or settings()
    if content.model_secret:
        key: SecretStr | None = secret(content.model_secret, known)
    else:
        key = secret(usual, known) if usual else None
    budget = Budget(operation.budget.usd_a_day, operation.timezone)
    return ChannelModel(open_model(content.model, key), sessions, channel_id, stage, budget, clock)


class ChannelModel:
    """A `LanguageModel` of one channel and stage: no call over the budget, every call on the record."""

    def __init__(
        self,
        model: LanguageModel,
        sessions: sessionmaker[Session],
        channel_id: UUID,
        stage: str,
        budget: Budget,
        clock: Clock,
    ) -> None:
        self._model = model
        self._sessions = sessions
        self._channel = channel_id
        self._stage = stage
        self._budget = budget
        self._clock = clock

    @property
    def name(self) -> str:
        return self._model.name

    def price(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        """Of the model beneath."""
        return self._model.price(tokens_in, tokens_out)

    def ask(self, instructions: str, data: str, answer: type[T]) -> Answer[T]:
        """Ask, within the budget. Raises `OverBudget` before any call that could pass it, else as the model does."""
        day = self._budget.day(self._clock.now())
        asked = int((len(instructions) + len(data)) * _TOKENS_A_CHARACTER)
        aside = (self.price(asked * _TRIES, MOST_TOKENS * _TRIES) or Decimal(0)).quantize(Decimal("0.000001"))
        self._set_aside(day, aside)
        spent = NOTHING_SPENT
        try:
            answered = self._model.ask(instructions, data, answer)
            spent = answered.spent
        except ModelFailure as failure:
            spent = failure.spent
            raise
        finally:
            self._record(day, aside, spent)
        return answered

    def _set_aside(self, day: date, aside: Decimal) -> None:
        with self._sessions.begin() as session:
            # Two runs of one channel ask one after the other, so that both see what the other set aside.
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"budget {self._channel}"})
            already = session.scalar(
                select(func.coalesce(func.sum(ModelSpend.cost), 0)).where(
                    ModelSpend.channel_id == self._channel, ModelSpend.day == day
                )
            ) or Decimal(0)
            limit = Decimal(str(self._budget.usd_a_day))
            if aside and already + aside > limit:
                raise OverBudget(
                    f"{self.name} was not asked: ${already:.4f} of the channel's ${limit} a day are spent, and the "
                    f"call may cost ${aside:.4f} (operation_config.budget.usd_a_day)",
                    until=self._budget.renewed_at(self._clock.now()),
                )
            self._add(session, day, Spent(cost=aside))

    def _record(self, day: date, aside: Decimal, spent: Spent) -> None:
        with self._sessions.begin() as session:
            cost = (spent.cost or Decimal(0)) - aside
            self._add(session, day, Spent(spent.calls, spent.tokens_in, spent.tokens_out, cost))

    def _add(self, session: Session, day: date, spent: Spent) -> None:
        now = self._clock.now()
        statement = insert(ModelSpend).values(
            channel_id=self._channel,
            day=day,
            stage=self._stage,
            model=self.name[:200],
            calls=spent.calls,
            tokens_in=spent.tokens_in,
            tokens_out=spent.tokens_out,
            cost=spent.cost or Decimal(0),
            created_at=now,
            updated_at=now,
        )
        new = statement.excluded
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["channel_id", "day", "stage", "model"],
                set_={
                    "calls": ModelSpend.calls + new.calls,
                    "tokens_in": ModelSpend.tokens_in + new.tokens_in,
                    "tokens_out": ModelSpend.tokens_out + new.tokens_out,
                    "cost": ModelSpend.cost + new.cost,
                    "updated_at": new.updated_at,
                },
            )
        )
