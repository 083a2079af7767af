"""The tables, one module per table; session; types. Everything is importable from here."""

from shorts_pipeline.database.base import Base
from shorts_pipeline.database.channel import Channel
from shorts_pipeline.database.channel_source import ChannelSource
from shorts_pipeline.database.chunk_word import ALL_WORDS, ChunkWord
from shorts_pipeline.database.content_chunk import ContentChunk
from shorts_pipeline.database.credential import Credential
from shorts_pipeline.database.enums import (
    ChannelStatus,
    ChunkPosition,
    CredentialState,
    ImportedFrom,
    JobStatus,
    JobType,
    JudgementOutcome,
    PrivacyStatus,
    RetrievalView,
    ReviewStatus,
    ReviewType,
    ScriptStatus,
    SeriesStatus,
    SeriesTrend,
    SourceRegion,
    SourceType,
    TopicStatus,
    TTSService,
    UploadStatus,
    VideoStatus,
    WeekdayClass,
)
from shorts_pipeline.database.item_judgement import ItemJudgement
from shorts_pipeline.database.job_log import JobLog
from shorts_pipeline.database.media_credit import MediaCredit
from shorts_pipeline.database.model_spend import ModelSpend
from shorts_pipeline.database.notice import Notice
from shorts_pipeline.database.performance import Performance
from shorts_pipeline.database.performance_age import PerformanceAge
from shorts_pipeline.database.performance_day import PerformanceDay
from shorts_pipeline.database.performance_month import PerformanceMonth
from shorts_pipeline.database.persona import Persona
from shorts_pipeline.database.publishing_time import PublishingTime
from shorts_pipeline.database.quota_ledger import QuotaLedger
from shorts_pipeline.database.review_decision import ReviewDecision
from shorts_pipeline.database.review_queue import ReviewQueue
from shorts_pipeline.database.script import Script
from shorts_pipeline.database.script_retrieval import ScriptRetrieval
from shorts_pipeline.database.series import Series
from shorts_pipeline.database.session import make_engine, make_sessions
from shorts_pipeline.database.source import Source
from shorts_pipeline.database.source_address import SourceAddress
from shorts_pipeline.database.source_item import SourceItem
from shorts_pipeline.database.source_state import SourceState
from shorts_pipeline.database.stage_attempt import StageAttempt
from shorts_pipeline.database.topic import Topic
from shorts_pipeline.database.topic_sighting import TopicSighting
from shorts_pipeline.database.types import Document, UtcDateTime, Word
from shorts_pipeline.database.upload import Upload
from shorts_pipeline.database.video import Video

__all__ = [
    "ALL_WORDS",
    "Base",
    "Channel",
    "ChannelSource",
    "ChannelStatus",
    "ChunkPosition",
    "ChunkWord",
    "ContentChunk",
    "Credential",
    "CredentialState",
    "Document",
    "ImportedFrom",
    "ItemJudgement",
    "JobLog",
    "JobStatus",
    "JobType",
    "JudgementOutcome",
    "MediaCredit",
    "ModelSpend",
    "Notice",
    "Performance",
    "PerformanceAge",
    "PerformanceDay",
    "PerformanceMonth",
    "Persona",
    "PrivacyStatus",
    "PublishingTime",
    "QuotaLedger",
    "RetrievalView",
    "ReviewDecision",
    "ReviewQueue",
    "ReviewStatus",
    "ReviewType",
    "Script",
    "ScriptRetrieval",
    "ScriptStatus",
    "Series",
    "SeriesStatus",
    "SeriesTrend",
    "Source",
    "SourceAddress",
    "SourceItem",
    "SourceRegion",
    "SourceState",
    "SourceType",
    "StageAttempt",
    "TTSService",
    "Topic",
    "TopicSighting",
    "TopicStatus",
    "Upload",
    "UploadStatus",
    "UtcDateTime",
    "Video",
    "VideoStatus",
    "WeekdayClass",
    "Word",
    "make_engine",
    "make_sessions",
]
