"""Rows as the topics room leaves them: an approved topic, its source item, and who judged it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    Channel,
    ItemJudgement,
    JudgementOutcome,
    SourceItem,
    Topic,
    TopicSighting,
    TopicStatus,
)
from shorts_pipeline.language import keywords
from shorts_pipeline_tests.rows import LONG_AGO, a_source, a_topic


def a_told_topic(session: Session, channel: Channel, told: tuple[str, str], **over: Any) -> Topic:
    """An approved topic of a channel with the article it came from."""
    title, text = told
    topic = a_topic(
        session,
        channel,
        **{
            "title_original": title,
            "title_normalized": title,
            "summary": None,
            "status": TopicStatus.APPROVED,
            "language": channel.content_config.language,
            "keywords": keywords(f"{title} {text}", channel.content_config.language, 8),
        }
        | over,
    )
    item = an_item(session, topic.source_id, title, text)
    session.add(
        ItemJudgement(
            channel_id=channel.id,
            source_item_id=item.id,
            outcome=JudgementOutcome.TOPIC,
            topic_id=topic.id,
            judged_at=LONG_AGO,
        )
    )
    session.flush()
    return topic


def a_retelling(session: Session, topic: Topic, told: tuple[str, str]) -> None:
    """Another source tells the same story."""
    source = a_source(session)
    item = an_item(session, source.id, *told)
    session.add(
        TopicSighting(
            topic_id=topic.id,
            source_item_id=item.id,
            source_id=source.id,
            title=told[0],
            url=item.url,
            seen_at=LONG_AGO,
        )
    )
    session.flush()


def an_item(session: Session, source_id: UUID, title: str, text: str) -> SourceItem:
    """One item of a source."""
    item = SourceItem(source_id=source_id, item_key=title, title=title, text=text, fetched_at=LONG_AGO)
    session.add(item)
    session.flush()
    return item
