"""Plan: an approved video becomes an upload with words and a time, and asks its gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.directory import channel_by_slug
from shorts_pipeline.clock import Clock
from shorts_pipeline.database import (
    Channel,
    ChannelStatus,
    MediaCredit,
    ReviewType,
    Script,
    Topic,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)
from shorts_pipeline.review.edited import ask_again
from shorts_pipeline.review.gates import Outcome, ReviewRequest, edited_since_approval, submit
from shorts_pipeline.review.risk import Findings, OwnWords, assess
from shorts_pipeline.selection import Selection
from shorts_pipeline.uploads.describe import Credit, Description, House, Story, describe
from shorts_pipeline.uploads.rows import bands_of, rules_for, taken_slots
from shorts_pipeline.uploads.schedule import BestBand, slots, why

EVERYTHING = Selection()
# As many earlier titles as a viewer could remember.
TITLES_COMPARED = 300


@dataclass(frozen=True)
class Planned:
    """What planning made: uploads with a slot, by what became of them at the gate."""

    planned: int = 0
    approved: int = 0
    waiting: int = 0
    without_slot: int = 0
    preview: tuple[dict[str, str], ...] = ()


def plan_uploads(
    sessions: sessionmaker[Session], *, channel: str, clock: Clock, selection: Selection = EVERYTHING
) -> Planned:
    """An upload row for each approved video of the channel that has none, as far as there are slots.

    Whole in one short transaction under the channel's row lock, so that two planners never give one slot twice.
    """
    now = clock.now()
    with sessions.begin() as session:
        found = channel_by_slug(session, channel, lock=True)
        if found.status is not ChannelStatus.ACTIVE:
            return Planned()
        if not selection.dry_run:
            ask_again(session, ReviewType.VIDEO, found.id, now=now)
        videos = _videos(session, found.id, selection)
        free = slots(rules_for(session, found), taken=taken_slots(session, found.id), now=now, count=len(videos))
        drafts = _drafts(session, found, videos, free)
        if not selection.dry_run:
            _insert(session, drafts)
        outcomes = {} if selection.dry_run else _ask(session, found, now)
    return Planned(
        planned=len(drafts),
        approved=sum(outcome is Outcome.APPROVED for outcome in outcomes.values()),
        waiting=sum(outcome is Outcome.WAITING for outcome in outcomes.values()),
        without_slot=len(videos) - len(drafts),
        preview=tuple({"title": d["title"], "scheduled_at": d["scheduled_at"].isoformat()} for d in drafts[:10]),
    )


def _videos(session: Session, channel_id: UUID, selection: Selection) -> Sequence[Row[UUID, Topic, dict[str, Any]]]:
    """Approved videos without an upload, oldest first, with what they tell and how their script came about."""
    statement = (
        select(Video.id, Topic, Script.generation_config)
        .join(Script, Script.id == Video.script_id)
        .join(Topic, Topic.id == Script.topic_id)
        .outerjoin(Upload, Upload.video_id == Video.id)
        .where(Video.channel_id == channel_id, Video.status == VideoStatus.APPROVED, Upload.id.is_(None))
        .order_by(Video.created_at, Video.id)
        .limit(selection.limit)
    )
    if selection.only:
        statement = statement.where(Video.id.in_(selection.only))
    return session.execute(statement).all()


def _drafts(
    session: Session, channel: Channel, videos: Sequence[Row[UUID, Topic, dict[str, Any]]], free: Sequence[datetime]
) -> list[dict[str, Any]]:
    credits = _credits(session, [row[0] for row in videos])
    publish = channel.operation_config.publish
    drafts = []
    for (video_id, topic, written), at in zip(videos, free, strict=False):
        words = _words(channel, topic, written, credits.get(video_id, []))
        drafts.append(
            {
                "id": uuid4(),
                "video_id": video_id,
                "title": words.title,
                "description": words.description,
                "tags": list(words.tags),
                "category_id": publish.category,
                "privacy_status": publish.privacy,
                "scheduled_at": at,
            }
        )
    return drafts


def _words(channel: Channel, topic: Topic, written: Mapping[str, Any], credits: Sequence[Credit]) -> Description:
    """What YouTube is told; title and tags that the script's model suggested go before the source's own."""
    story = Story(
        title=written.get("title") or topic.title_translated or topic.title_original,
        summary=topic.summary,
        source_url=topic.source_url,
        keywords=[*written.get("tags", ()), *topic.keywords],
        categories=topic.categories,
    )
    house = House(
        language=channel.content_config.language,
        hashtags=channel.default_hashtags,
        links=channel.default_links,
        synthetic_media=channel.operation_config.publish.synthetic_media,
        fallback_title=channel.name,
    )
    return describe(story, house, credits)


def _credits(session: Session, video_ids: Sequence[UUID]) -> dict[UUID, list[Credit]]:
    rows = session.scalars(
        select(MediaCredit).where(MediaCredit.video_id.in_(video_ids)).order_by(MediaCredit.created_at, MediaCredit.id)
    )
    found: dict[UUID, list[Credit]] = {}
    for row in rows:
        found.setdefault(row.video_id, []).append(Credit(row.source, row.author, row.licence, row.address))
    return found


def _insert(session: Session, drafts: Sequence[dict[str, Any]]) -> None:
    if drafts:
        statement = insert(Upload).values(list(drafts)).on_conflict_do_nothing(index_elements=["video_id"])
        session.execute(statement)


def _ask(session: Session, channel: Channel, now: datetime) -> dict[UUID, Outcome]:
    """Put every upload that waits, and every one edited since its approval, before the gate."""
    uploads = session.scalars(
        select(Upload)
        .join(Video, Video.id == Upload.video_id)
        .where(
            Video.channel_id == channel.id,
            Upload.upload_status.in_([UploadStatus.PENDING, UploadStatus.APPROVED]),
        )
        .order_by(Upload.scheduled_at, Upload.id)
    ).all()
    approved = [upload.id for upload in uploads if upload.upload_status is UploadStatus.APPROVED]
    edited = edited_since_approval(session, ReviewType.UPLOAD, approved)
    asked = [upload for upload in uploads if upload.upload_status is UploadStatus.PENDING or upload.id in edited]
    earlier = _earlier_titles(session, channel.id, [upload.id for upload in asked])
    bands = bands_of(session, channel.id) if asked else []
    return submit(session, [_request(channel, upload, earlier, bands, now) for upload in asked], now=now)


def _request(
    channel: Channel, upload: Upload, earlier: Sequence[str], bands: Sequence[BestBand], now: datetime
) -> ReviewRequest:
    gate, at = channel.operation_config.review.upload, upload.scheduled_at
    findings = Findings(
        text=f"{upload.title}\n{upload.description or ''}",
        language=channel.content_config.language,
        similarity=_closest(upload.title, earlier),
        # Its words are the story's own; what the script claims was judged at the script's gate.
        unverified=(),
        own=OwnWords.of(channel.operation_config.review),
    )
    return ReviewRequest(
        channel_id=channel.id,
        review_type=ReviewType.UPLOAD,
        target_id=upload.id,
        gate=gate,
        risk=assess(findings),
        expires_at=now + timedelta(hours=gate.expires_after_hours),
        analysis={
            "scheduled_at": at.isoformat() if at else None,
            "slot": why(channel.operation_config, bands, at) if at else None,
        },
    )


def _earlier_titles(session: Session, channel_id: UUID, but: Sequence[UUID]) -> list[str]:
    statement = (
        select(Upload.title)
        .join(Video, Video.id == Upload.video_id)
        .where(Video.channel_id == channel_id, Upload.id.not_in(but))
        .order_by(Upload.created_at.desc())
        .limit(TITLES_COMPARED)
    )
    return list(session.scalars(statement))


def _closest(title: str, earlier: Sequence[str]) -> float:
    """Likeness to the nearest earlier title of the channel, 0–1."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(title, earlier, scorer=fuzz.token_sort_ratio)
    return found[1] / 100 if found else 0.0
