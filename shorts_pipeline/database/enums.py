"""Every closed list of values in the database.

The first part are PostgreSQL enum types; the second part are words kept in VARCHAR columns, which grow
without a migration. Values are what is stored.
"""

from enum import StrEnum


class ChannelStatus(StrEnum):
    """Whether a channel is worked on."""

    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class TTSService(StrEnum):
    """The engine that gives a persona its voice."""

    EDGE_TTS = "edge-tts"
    ELEVENLABS = "elevenlabs"
    CLOVA = "clova"
    OFFLINE = "offline"


class SourceType(StrEnum):
    """How a source is read."""

    RSS = "rss"
    API = "api"
    SCRAPER = "scraper"
    TREND = "trend"


class SourceRegion(StrEnum):
    """Where a source speaks from, seen from the channel."""

    DOMESTIC = "domestic"
    FOREIGN = "foreign"
    GLOBAL = "global"


class TopicStatus(StrEnum):
    """Where a topic stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    USED = "used"
    EXPIRED = "expired"


class ScriptStatus(StrEnum):
    """Where a script stands."""

    GENERATED = "generated"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    USED = "used"


class VideoStatus(StrEnum):
    """Where a video stands."""

    GENERATING = "generating"
    GENERATED = "generated"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    PUBLISHED = "published"
    FAILED = "failed"


class PrivacyStatus(StrEnum):
    """Who may see an upload, in YouTube's words."""

    PUBLIC = "public"
    PRIVATE = "private"
    UNLISTED = "unlisted"


class SeriesStatus(StrEnum):
    """Whether a series goes on."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class ReviewType(StrEnum):
    """What is under review."""

    TOPIC = "topic"
    SCRIPT = "script"
    VIDEO = "video"
    UPLOAD = "upload"


class ReviewStatus(StrEnum):
    """Where a review stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class JobType(StrEnum):
    """What a job does; assets share a type where the given model has no finer one."""

    COLLECT = "collect"
    GENERATE_SCRIPT = "generate_script"
    GENERATE_VIDEO = "generate_video"
    UPLOAD = "upload"
    SYNC_ANALYTICS = "sync_analytics"
    DETECT_SERIES = "detect_series"


class JobStatus(StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Words in VARCHAR columns ------------------------------------------------------------------------


class UploadStatus(StrEnum):
    """Where an upload stands: waits for the gate, then is sent, processed and public or not."""

    PENDING = "pending"
    APPROVED = "approved"
    UPLOADING = "uploading"
    PROCESSING = "processing"
    UPLOADED = "uploaded"
    PUBLISHED = "published"
    REJECTED = "rejected"
    FAILED = "failed"


class SeriesTrend(StrEnum):
    """Which way a series' views go from episode to episode."""

    RISING = "rising"
    STABLE = "stable"
    DECLINING = "declining"


class ChunkPosition(StrEnum):
    """Where in a script a chunk stands."""

    HOOK = "hook"
    BODY = "body"
    CONCLUSION = "conclusion"


class JudgementOutcome(StrEnum):
    """What a channel made of a source item."""

    TOPIC = "topic"
    DUPLICATE = "duplicate"
    FILTERED = "filtered"
    LOW_SCORE = "low_score"
    QUEUE_FULL = "queue_full"


class RetrievalView(StrEnum):
    """Why a past chunk was put before the writer."""

    SIMILAR = "similar"
    OPINION = "opinion"
    EXAMPLE = "example"
    HOOK = "hook"


class ImportedFrom(StrEnum):
    """What the script of a short that was published before it came here was taken from; its `generation_model`."""

    CAPTIONS = "imported:captions"
    DESCRIPTION = "imported:description"
    TITLE = "imported:title"


class CredentialState(StrEnum):
    """Whether a stored credential still works."""

    OK = "ok"
    NEEDS_REAUTHORISING = "needs_reauthorising"


class WeekdayClass(StrEnum):
    """The kind of day a publishing band belongs to."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
