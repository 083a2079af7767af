"""Stories that were told: a topic with its published short and figures."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Performance, PerformanceDay, Script, Topic, Upload, Video
from shorts_pipeline_tests.rows import a_published_upload

FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_told_story(session: Session, channel: Channel, title: str, *, number: int = 0, views: int = 1000) -> Topic:
    """A topic with this title, published `number` days after FIRST, with all its views on its first day."""
    at = FIRST + timedelta(days=number)
    upload = a_published_upload(session, channel, uploaded_at=at, published_at=at)
    topic = _topic_of(session, upload)
    values = {"title_original": title, "title_normalized": title, "summary": None}
    session.execute(update(Topic).where(Topic.id == topic.id).values(values))
    session.add(PerformanceDay(upload_id=upload.id, day=at.date(), views=views, pulled_at=at))
    session.add(Performance(upload_id=upload.id, views=views, engagement_rate=0.05))
    session.flush()
    return topic


def _topic_of(session: Session, upload: Upload) -> Any:
    video = session.get_one(Video, upload.video_id)
    return session.get_one(Topic, session.get_one(Script, video.script_id).topic_id)
