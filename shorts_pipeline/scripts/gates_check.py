"""Gates check: are there scripts below their channel's gates that no person has let pass?"""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Script, ScriptStatus
from shorts_pipeline.scripts.judge import MOST_SECONDS

GONE_ON = (ScriptStatus.APPROVED, ScriptStatus.USED)


@dataclass(frozen=True)
class Below:
    """A channel's scripts that went on although they are below its gates or too long for a Short."""

    channel: str
    scripts: int


def scripts_below_gates(session: Session) -> list[Below]:
    """Channels that have such scripts. A person may let a weak script pass; a rule may not, nor anybody a long one."""
    found = []
    for slug, channel_id, content in session.execute(select(Channel.slug, Channel.id, Channel.content_config)):
        weak = or_(
            Script.quality_score_style < content.quality.style,
            Script.quality_score_hook < content.quality.hook,
        )
        by_rule = Script.reviewed_by.is_(None) | Script.reviewed_by.startswith("rule:")
        ids = session.scalars(
            select(Script.id).where(
                Script.channel_id == channel_id,
                Script.status.in_(GONE_ON),
                or_(weak & by_rule, Script.estimated_duration > MOST_SECONDS),
            )
        ).all()
        if ids:
            found.append(Below(slug, len(ids)))
    return found
