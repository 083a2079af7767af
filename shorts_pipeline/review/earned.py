"""Earned: how often a gate's rule would have decided as a person did, so that it may decide alone.

Only people's decisions count, the latest ones; approving with edits is no agreement with a rule that saw nothing wrong.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.database import ReviewDecision, ReviewQueue, ReviewType
from shorts_pipeline.database.documents.operation_config import EarnedRule

RULE = "rule:"
"""How the name of what decides begins where it is no person."""
_BY_PERSON = ("approve", "reject")


@dataclass(frozen=True)
class Agreements:
    """Of the `seen` latest decisions by people, in how many the rule would have said the same."""

    agreed: int
    seen: int

    def missing(self, rule: EarnedRule) -> str:
        """What is missing for the rule to decide alone, in words; empty where nothing is."""
        if self.seen >= rule.of_last and self.agreed >= rule.agreed:
            return ""
        return (
            f"the rule decides alone once it agreed with a person in {rule.agreed} of {rule.of_last} decisions "
            f"(so far {self.agreed} of {self.seen})"
        )


def agreements(
    session: Session, channel_id: UUID, review_type: ReviewType, *, threshold: float, last: int
) -> Agreements:
    """How the rule "below `threshold`" would have done in the `last` decisions by people."""
    statement = (
        select(ReviewQueue.risk_score, ReviewDecision.action, ReviewDecision.edits)
        .join(ReviewQueue, ReviewQueue.id == ReviewDecision.review_id)
        .where(
            ReviewQueue.channel_id == channel_id,
            ReviewQueue.review_type == review_type,
            ReviewDecision.action.in_(_BY_PERSON),
            ReviewDecision.decided_by.not_like(f"{RULE}%"),
        )
        .order_by(ReviewDecision.created_at.desc(), ReviewDecision.id)
        .limit(last)
    )
    rows = session.execute(statement).all()
    said = [(risk < threshold, action == "approve" and not edits) for risk, action, edits in rows]
    return Agreements(sum(rule == person for rule, person in said), len(rows))
