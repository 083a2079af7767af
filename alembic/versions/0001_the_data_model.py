"""the data model

Revision 0001: every table of docs/data-model.md.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    sa.Enum(
        "generating",
        "generated",
        "in_review",
        "approved",
        "rejected",
        "uploading",
        "uploaded",
        "published",
        "failed",
        name="video_status",
    ).create(op.get_bind())
    sa.Enum("public", "private", "unlisted", name="privacy_status").create(op.get_bind())
    sa.Enum("pending", "approved", "rejected", "used", "expired", name="topic_status").create(op.get_bind())
    sa.Enum("domestic", "foreign", "global", name="source_region").create(op.get_bind())
    sa.Enum("rss", "api", "scraper", "trend", name="source_type").create(op.get_bind())
    sa.Enum("active", "paused", "ended", name="series_status").create(op.get_bind())
    sa.Enum("generated", "in_review", "approved", "rejected", "used", name="script_status").create(op.get_bind())
    sa.Enum("pending", "in_progress", "approved", "rejected", "expired", name="review_status").create(op.get_bind())
    sa.Enum("topic", "script", "video", "upload", name="review_type").create(op.get_bind())
    sa.Enum("edge-tts", "elevenlabs", "clova", "offline", name="tts_service").create(op.get_bind())
    sa.Enum("pending", "running", "completed", "failed", "cancelled", name="job_status").create(op.get_bind())
    sa.Enum(
        "collect", "generate_script", "generate_video", "upload", "sync_analytics", "detect_series", name="job_type"
    ).create(op.get_bind())
    sa.Enum("active", "paused", "archived", name="channel_status").create(op.get_bind())
    op.create_table(
        "channels",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("youtube_channel_id", sa.String(length=50), nullable=True),
        sa.Column("youtube_handle", sa.String(length=50), nullable=True),
        sa.Column(
            "status",
            postgresql.ENUM("active", "paused", "archived", name="channel_status", create_type=False),
            server_default="active",
            nullable=False,
        ),
        sa.Column(
            "topic_config",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "source_config",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "content_config",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "operation_config",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "default_hashtags",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column(
            "default_links",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z0-9-]{1,63}$'", name=op.f("ck_channels_slug")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("slug", name=op.f("uq_channels_slug")),
        sa.UniqueConstraint("youtube_channel_id", name=op.f("uq_channels_youtube_channel_id")),
    )
    op.create_index("idx_channel_status", "channels", ["status"], unique=False)
    op.create_index("idx_channel_youtube_id", "channels", ["youtube_channel_id"], unique=False)
    op.create_table(
        "quota_ledger",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project", sa.String(length=100), nullable=False),
        sa.Column("bucket", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reserved", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("spent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_ledger")),
        sa.UniqueConstraint("project", "bucket", "day", name=op.f("uq_quota_ledger_project_bucket_day")),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "type",
            postgresql.ENUM("rss", "api", "scraper", "trend", name="source_type", create_type=False),
            nullable=False,
        ),
        sa.Column(
            "region",
            postgresql.ENUM("domestic", "foreign", "global", name="source_region", create_type=False),
            nullable=False,
        ),
        sa.Column("connection_config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "parser_config",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "default_filters",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("cron_expression", sa.String(length=50), server_default="0 */2 * * *", nullable=False),
        sa.Column("timezone", sa.String(length=40), server_default="Asia/Seoul", nullable=False),
        sa.Column("rate_limit", sa.Integer(), server_default=sa.text("10"), nullable=False),
        sa.Column("credibility", sa.Float(), server_default=sa.text("5.0"), nullable=False),
        sa.Column(
            "categories",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=10), server_default="ko", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("last_collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_sources_name")),
    )
    op.create_table(
        "stage_attempts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_by", sa.String(length=100), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_attempts")),
        sa.UniqueConstraint("stage", "target_id", name=op.f("uq_stage_attempts_stage_target_id")),
    )
    op.create_table(
        "channel_sources",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Float(), server_default=sa.text("1.0"), nullable=False),
        sa.Column(
            "custom_config",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_channel_sources_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_channel_sources_source_id_sources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", "source_id", name=op.f("pk_channel_sources")),
    )
    op.create_index(op.f("ix_channel_sources_source_id"), "channel_sources", ["source_id"], unique=False)
    op.create_table(
        "credentials",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=100), nullable=False),
        sa.Column("encrypted_token", sa.Text(), nullable=False),
        sa.Column(
            "scopes", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'::character varying[]"), nullable=False
        ),
        sa.Column("state", sa.String(length=20), server_default="ok", nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_credentials_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("channel_id", "purpose", name=op.f("uq_credentials_channel_id_purpose")),
    )
    op.create_table(
        "job_logs",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "job_type",
            postgresql.ENUM(
                "collect",
                "generate_script",
                "generate_video",
                "upload",
                "sync_analytics",
                "detect_series",
                name="job_type",
                create_type=False,
            ),
            nullable=False,
        ),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            postgresql.ENUM(
                "pending", "running", "completed", "failed", "cancelled", name="job_status", create_type=False
            ),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "result", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column(
            "metadata", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_job_logs_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_logs")),
    )
    op.create_index("idx_job_channel", "job_logs", ["channel_id"], unique=False)
    op.create_index("idx_job_type_status", "job_logs", ["job_type", "status"], unique=False)
    op.create_table(
        "model_spend",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("calls", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("cost", sa.Numeric(precision=14, scale=6), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_model_spend_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_spend")),
        sa.UniqueConstraint(
            "channel_id", "day", "stage", "model", name=op.f("uq_model_spend_channel_id_day_stage_model")
        ),
    )
    op.create_table(
        "personas",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("tagline", sa.String(length=200), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "expertise",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column("voice_gender", sa.String(length=10), server_default="male", nullable=False),
        sa.Column(
            "tts_service",
            postgresql.ENUM("edge-tts", "elevenlabs", "clova", "offline", name="tts_service", create_type=False),
            server_default="edge-tts",
            nullable=False,
        ),
        sa.Column("voice_id", sa.String(length=100), nullable=False),
        sa.Column(
            "voice_settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "communication_style",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "perspective",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "examples", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_personas_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personas")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_personas_channel_id")),
    )
    op.create_table(
        "publishing_times",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.String(length=20), nullable=False),
        sa.Column("hour_band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_publishing_times_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", "weekday", "hour_band", name=op.f("pk_publishing_times")),
    )
    op.create_table(
        "review_queue",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "review_type",
            postgresql.ENUM("topic", "script", "video", "upload", name="review_type", create_type=False),
            nullable=False,
        ),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            postgresql.ENUM(
                "pending", "in_progress", "approved", "rejected", "expired", name="review_status", create_type=False
            ),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("risk_score", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "risk_reasons",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column(
            "ai_analysis",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=100), nullable=True),
        sa.Column("review_action", sa.String(length=20), nullable=True),
        sa.Column("review_notes", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notification_sent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_review_queue_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_queue")),
        sa.UniqueConstraint("review_type", "target_id", name="uq_review_target"),
    )
    op.create_index("idx_review_channel_type", "review_queue", ["channel_id", "review_type"], unique=False)
    op.create_index("idx_review_expires", "review_queue", ["expires_at"], unique=False)
    op.create_index("idx_review_status_priority", "review_queue", ["status", "priority"], unique=False)
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "criteria_keywords",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column(
            "criteria_categories",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column("min_similarity", sa.Float(), server_default=sa.text("0.6"), nullable=False),
        sa.Column("episode_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("avg_views", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("avg_engagement", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("trend", sa.String(length=20), server_default="stable", nullable=False),
        sa.Column(
            "status",
            postgresql.ENUM("active", "paused", "ended", name="series_status", create_type=False),
            server_default="active",
            nullable=False,
        ),
        sa.Column("auto_detected", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("confirmed_by_user", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_series_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_channel_id"), "series", ["channel_id"], unique=False)
    op.create_table(
        "source_items",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "metrics", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("raw_language", sa.String(length=10), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_items_source_id_sources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_items")),
        sa.UniqueConstraint("source_id", "item_key", name=op.f("uq_source_items_source_id_item_key")),
    )
    op.create_index("idx_source_item_fetched", "source_items", ["fetched_at"], unique=False)
    op.create_table(
        "source_state",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("last_fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("backoff_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("gone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_state_source_id_sources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_state")),
    )
    op.create_index("idx_source_state_due", "source_state", ["next_due_at"], unique=False)
    op.create_table(
        "review_decisions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "edits", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["review_queue.id"],
            name=op.f("fk_review_decisions_review_id_review_queue"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decisions")),
    )
    op.create_index(op.f("ix_review_decisions_review_id"), "review_decisions", ["review_id"], unique=False)
    op.create_table(
        "topics",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("title_original", sa.Text(), nullable=False),
        sa.Column("title_translated", sa.Text(), nullable=True),
        sa.Column("title_normalized", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column(
            "categories",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column(
            "keywords",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column(
            "entities", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("language", sa.String(length=10), server_default="ko", nullable=False),
        sa.Column("score_source", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("score_freshness", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("score_trend", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("score_relevance", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("score_total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "score_parts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "status",
            postgresql.ENUM(
                "pending", "approved", "rejected", "used", "expired", name="topic_status", create_type=False
            ),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_topics_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_topics_series_id_series"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_topics_source_id_sources"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("channel_id", "content_hash", name=op.f("uq_topics_channel_id_content_hash")),
    )
    op.create_index("idx_topic_channel_status", "topics", ["channel_id", "status"], unique=False)
    op.create_index("idx_topic_expires", "topics", ["expires_at"], unique=False)
    op.create_index("idx_topic_hash", "topics", ["content_hash"], unique=False)
    op.create_index("idx_topic_score", "topics", ["score_total"], unique=False)
    op.create_index(op.f("ix_topics_series_id"), "topics", ["series_id"], unique=False)
    op.create_index(op.f("ix_topics_source_id"), "topics", ["source_id"], unique=False)
    op.create_table(
        "item_judgements",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("source_item_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_item_judgements_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_item_id"],
            ["source_items.id"],
            name=op.f("fk_item_judgements_source_item_id_source_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_item_judgements_topic_id_topics"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("channel_id", "source_item_id", name=op.f("pk_item_judgements")),
    )
    op.create_index(op.f("ix_item_judgements_source_item_id"), "item_judgements", ["source_item_id"], unique=False)
    op.create_index(op.f("ix_item_judgements_topic_id"), "item_judgements", ["topic_id"], unique=False)
    op.create_table(
        "scripts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("script_text", sa.Text(), nullable=False),
        sa.Column("script_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("generation_model", sa.String(length=200), nullable=True),
        sa.Column(
            "generation_config",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("context_chunks_used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("quality_score_style", sa.Float(), nullable=True),
        sa.Column("quality_score_hook", sa.Float(), nullable=True),
        sa.Column(
            "quality_issues",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column("estimated_duration", sa.Float(), nullable=True),
        sa.Column("word_count", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            postgresql.ENUM(
                "generated", "in_review", "approved", "rejected", "used", name="script_status", create_type=False
            ),
            server_default="generated",
            nullable=False,
        ),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=100), nullable=True),
        sa.Column("review_notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_scripts_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_scripts_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scripts")),
        sa.UniqueConstraint("topic_id", "script_version", name=op.f("uq_scripts_topic_id_script_version")),
    )
    op.create_index("idx_script_channel_status", "scripts", ["channel_id", "status"], unique=False)
    op.create_table(
        "topic_sightings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("source_item_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_topic_sightings_source_id_sources"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_item_id"],
            ["source_items.id"],
            name=op.f("fk_topic_sightings_source_item_id_source_items"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_sightings_topic_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_sightings")),
        sa.UniqueConstraint("topic_id", "source_item_id", name=op.f("uq_topic_sightings_topic_id_source_item_id")),
    )
    op.create_index(op.f("ix_topic_sightings_source_id"), "topic_sightings", ["source_id"], unique=False)
    op.create_index(op.f("ix_topic_sightings_source_item_id"), "topic_sightings", ["source_item_id"], unique=False)
    op.create_table(
        "content_chunks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("script_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("chunk_index", sa.Integer(), nullable=False),
        sa.Column("chunk_text", sa.Text(), nullable=False),
        sa.Column("chunk_position", sa.String(length=20), server_default="body", nullable=False),
        sa.Column("is_opinion", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_example", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_analogy", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "keywords",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column("vector_id", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_content_chunks_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_content_chunks_script_id_scripts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_chunks")),
        sa.UniqueConstraint("script_id", "chunk_index", name=op.f("uq_content_chunks_script_id_chunk_index")),
    )
    op.create_index("idx_chunk_channel", "content_chunks", ["channel_id"], unique=False)
    op.create_index("idx_chunk_script", "content_chunks", ["script_id"], unique=False)
    op.create_table(
        "videos",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("script_id", sa.Uuid(), nullable=False),
        sa.Column("video_path", sa.String(length=500), nullable=True),
        sa.Column("thumbnail_path", sa.String(length=500), nullable=True),
        sa.Column("audio_path", sa.String(length=500), nullable=True),
        sa.Column("subtitle_path", sa.String(length=500), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=True),
        sa.Column("resolution", sa.String(length=20), server_default="1080x1920", nullable=False),
        sa.Column("file_size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("tts_service", sa.String(length=50), nullable=True),
        sa.Column(
            "visual_sources",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
        sa.Column(
            "status",
            postgresql.ENUM(
                "generating",
                "generated",
                "in_review",
                "approved",
                "rejected",
                "uploading",
                "uploaded",
                "published",
                "failed",
                name="video_status",
                create_type=False,
            ),
            server_default="generating",
            nullable=False,
        ),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_videos_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_videos_script_id_scripts"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_videos")),
    )
    op.create_index("idx_video_channel_status", "videos", ["channel_id", "status"], unique=False)
    op.create_index(op.f("ix_videos_script_id"), "videos", ["script_id"], unique=False)
    op.create_table(
        "media_credits",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("video_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=50), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=True),
        sa.Column("licence", sa.String(length=100), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=op.f("fk_media_credits_video_id_videos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_credits")),
    )
    op.create_index(op.f("ix_media_credits_video_id"), "media_credits", ["video_id"], unique=False)
    op.create_table(
        "script_retrievals",
        sa.Column("script_id", sa.Uuid(), nullable=False),
        sa.Column("chunk_id", sa.Uuid(), nullable=False),
        sa.Column("view", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chunk_id"],
            ["content_chunks.id"],
            name=op.f("fk_script_retrievals_chunk_id_content_chunks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_script_retrievals_script_id_scripts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("script_id", "chunk_id", "view", name=op.f("pk_script_retrievals")),
    )
    op.create_index(op.f("ix_script_retrievals_chunk_id"), "script_retrievals", ["chunk_id"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("video_id", sa.Uuid(), nullable=False),
        sa.Column("youtube_video_id", sa.String(length=50), nullable=True),
        sa.Column("youtube_url", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "tags", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'::character varying[]"), nullable=False
        ),
        sa.Column("category_id", sa.String(length=10), server_default="28", nullable=False),
        sa.Column(
            "privacy_status",
            postgresql.ENUM("public", "private", "unlisted", name="privacy_status", create_type=False),
            server_default="private",
            nullable=False,
        ),
        sa.Column("is_shorts", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upload_status", sa.String(length=20), server_default="pending", nullable=False),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("session_uri", sa.Text(), nullable=True),
        sa.Column("session_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("thumbnail_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("playlist_added_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=op.f("fk_uploads_video_id_videos"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("video_id", name=op.f("uq_uploads_video_id")),
        sa.UniqueConstraint("youtube_video_id", name=op.f("uq_uploads_youtube_video_id")),
    )
    op.create_index("idx_upload_scheduled", "uploads", ["scheduled_at"], unique=False)
    op.create_index("idx_upload_youtube_id", "uploads", ["youtube_video_id"], unique=False)
    op.create_table(
        "performance_days",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("dislikes", sa.BigInteger(), nullable=True),
        sa.Column("comments", sa.BigInteger(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("watch_time_seconds", sa.BigInteger(), nullable=True),
        sa.Column("avg_view_duration", sa.Float(), nullable=True),
        sa.Column("avg_view_percentage", sa.Float(), nullable=True),
        sa.Column("subscribers_gained", sa.BigInteger(), nullable=True),
        sa.Column("subscribers_lost", sa.BigInteger(), nullable=True),
        sa.Column("impressions", sa.BigInteger(), nullable=True),
        sa.Column("ctr", sa.Float(), nullable=True),
        sa.Column("traffic_sources", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("demographics", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_performance_days_upload_id_uploads"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("upload_id", "day", name=op.f("pk_performance_days")),
    )
    op.create_table(
        "performances",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("views", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("likes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("dislikes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("comments", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("shares", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("watch_time_seconds", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("avg_view_duration", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("avg_view_percentage", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("engagement_rate", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("ctr", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("subscribers_gained", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("subscribers_lost", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "traffic_sources",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "demographics",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "daily_snapshots",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("last_synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_high_performer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("added_to_training", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_performances_upload_id_uploads"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performances")),
        sa.UniqueConstraint("upload_id", name=op.f("uq_performances_upload_id")),
    )
    op.create_index("idx_performance_high", "performances", ["is_high_performer"], unique=False)
    op.create_index("idx_performance_views", "performances", ["views"], unique=False)


def downgrade() -> None:
    op.drop_index("idx_performance_views", table_name="performances")
    op.drop_index("idx_performance_high", table_name="performances")
    op.drop_table("performances")
    op.drop_table("performance_days")
    op.drop_index("idx_upload_youtube_id", table_name="uploads")
    op.drop_index("idx_upload_scheduled", table_name="uploads")
    op.drop_table("uploads")
    op.drop_index(op.f("ix_script_retrievals_chunk_id"), table_name="script_retrievals")
    op.drop_table("script_retrievals")
    op.drop_index(op.f("ix_media_credits_video_id"), table_name="media_credits")
    op.drop_table("media_credits")
    op.drop_index(op.f("ix_videos_script_id"), table_name="videos")
    op.drop_index("idx_video_channel_status", table_name="videos")
    op.drop_table("videos")
    op.drop_index("idx_chunk_script", table_name="content_chunks")
    op.drop_index("idx_chunk_channel", table_name="content_chunks")
    op.drop_table("content_chunks")
    op.drop_index(op.f("ix_topic_sightings_source_item_id"), table_name="topic_sightings")
    op.drop_index(op.f("ix_topic_sightings_source_id"), table_name="topic_sightings")
    op.drop_table("topic_sightings")
    op.drop_index("idx_script_channel_status", table_name="scripts")
    op.drop_table("scripts")
    op.drop_index(op.f("ix_item_judgements_topic_id"), table_name="item_judgements")
    op.drop_index(op.f("ix_item_judgements_source_item_id"), table_name="item_judgements")
    op.drop_table("item_judgements")
    op.drop_index(op.f("ix_topics_source_id"), table_name="topics")
    op.drop_index(op.f("ix_topics_series_id"), table_name="topics")
    op.drop_index("idx_topic_score", table_name="topics")
    op.drop_index("idx_topic_hash", table_name="topics")
    op.drop_index("idx_topic_expires", table_name="topics")
    op.drop_index("idx_topic_channel_status", table_name="topics")
    op.drop_table("topics")
    op.drop_index(op.f("ix_review_decisions_review_id"), table_name="review_decisions")
    op.drop_table("review_decisions")
    op.drop_index("idx_source_state_due", table_name="source_state")
    op.drop_table("source_state")
    op.drop_index("idx_source_item_fetched", table_name="source_items")
    op.drop_table("source_items")
    op.drop_index(op.f("ix_series_channel_id"), table_name="series")
    op.drop_table("series")
    op.drop_index("idx_review_status_priority", table_name="review_queue")
    op.drop_index("idx_review_expires", table_name="review_queue")
    op.drop_index("idx_review_channel_type", table_name="review_queue")
    op.drop_table("review_queue")
    op.drop_table("publishing_times")
    op.drop_table("personas")
    op.drop_table("model_spend")
    op.drop_index("idx_job_type_status", table_name="job_logs")
    op.drop_index("idx_job_channel", table_name="job_logs")
    op.drop_table("job_logs")
    op.drop_table("credentials")
    op.drop_index(op.f("ix_channel_sources_source_id"), table_name="channel_sources")
    op.drop_table("channel_sources")
    op.drop_table("stage_attempts")
    op.drop_table("sources")
    op.drop_table("quota_ledger")
    op.drop_index("idx_channel_youtube_id", table_name="channels")
    op.drop_index("idx_channel_status", table_name="channels")
    op.drop_table("channels")
    sa.Enum("active", "paused", "archived", name="channel_status").drop(op.get_bind())
    sa.Enum(
        "collect", "generate_script", "generate_video", "upload", "sync_analytics", "detect_series", name="job_type"
    ).drop(op.get_bind())
    sa.Enum("pending", "running", "completed", "failed", "cancelled", name="job_status").drop(op.get_bind())
    sa.Enum("edge-tts", "elevenlabs", "clova", "offline", name="tts_service").drop(op.get_bind())
    sa.Enum("topic", "script", "video", "upload", name="review_type").drop(op.get_bind())
    sa.Enum("pending", "in_progress", "approved", "rejected", "expired", name="review_status").drop(op.get_bind())
    sa.Enum("generated", "in_review", "approved", "rejected", "used", name="script_status").drop(op.get_bind())
    sa.Enum("active", "paused", "ended", name="series_status").drop(op.get_bind())
    sa.Enum("rss", "api", "scraper", "trend", name="source_type").drop(op.get_bind())
    sa.Enum("domestic", "foreign", "global", name="source_region").drop(op.get_bind())
    sa.Enum("pending", "approved", "rejected", "used", "expired", name="topic_status").drop(op.get_bind())
    sa.Enum("public", "private", "unlisted", name="privacy_status").drop(op.get_bind())
    sa.Enum(
        "generating",
        "generated",
        "in_review",
        "approved",
        "rejected",
        "uploading",
        "uploaded",
        "published",
        "failed",
        name="video_status",
    ).drop(op.get_bind())
