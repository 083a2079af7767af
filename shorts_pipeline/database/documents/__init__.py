"""The JSONB columns as types: one frozen pydantic model each, unknown keys refused.

Every key has a default and a description; a channel file, its JSON schema and docs/channels.md are made of these.
"""

from shorts_pipeline.database.documents.content_config import ContentConfig
from shorts_pipeline.database.documents.operation_config import GateConfig, OperationConfig
from shorts_pipeline.database.documents.persona import CommunicationStyle, PersonaExamples, Perspective, VoiceSettings
from shorts_pipeline.database.documents.source_config import ChannelSourceConfig, SourceConfig
from shorts_pipeline.database.documents.source_documents import ItemFilters, SourceConnection, SourceParser
from shorts_pipeline.database.documents.topic_config import PRESETS_VERSION, ScoreWeights, TopicConfig

__all__ = [
    "PRESETS_VERSION",
    "ChannelSourceConfig",
    "CommunicationStyle",
    "ContentConfig",
    "GateConfig",
    "ItemFilters",
    "OperationConfig",
    "PersonaExamples",
    "Perspective",
    "ScoreWeights",
    "SourceConfig",
    "SourceConnection",
    "SourceParser",
    "TopicConfig",
    "VoiceSettings",
]
