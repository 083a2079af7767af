"""job_logs: what ran, for which channel, and how it ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.enums import JobStatus, JobType
from shorts_pipeline.database.types import cascade, enum_column, json_column


class JobLog(UUIDMixin, TimestampMixin, Base):
    """One run of one job. Column `metadata` is `run_metadata` here: SQLAlchemy keeps the other name."""

    __tablename__ = "job_logs"
    __table_args__ = (
        Index("idx_job_type_status", "job_type", "status"),
        Index("idx_job_channel", "channel_id"),
    )

    job_type: Mapped[JobType] = enum_column(JobType, "job_type")
    channel_id: Mapped[UUID | None] = mapped_column(cascade("channels.id"))
    status: Mapped[JobStatus] = enum_column(JobStatus, "job_status", JobStatus.PENDING)
    started_at: Mapped[datetime | None] = mapped_column()
    completed_at: Mapped[datetime | None] = mapped_column()
    result: Mapped[dict[str, Any]] = json_column()
    error_message: Mapped[str | None] = mapped_column(Text)
    run_metadata: Mapped[dict[str, Any]] = mapped_column(
        "metadata", JSONB(none_as_null=True), default=dict, server_default=text("'{}'::jsonb")
    )
