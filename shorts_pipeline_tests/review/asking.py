"""What the tests of this room share: a request for a decision about a row."""

from typing import Any

from shorts_pipeline.database import ReviewType
from shorts_pipeline.database.documents.operation_config import GateConfig
from shorts_pipeline.review.gates import ReviewRequest
from shorts_pipeline.review.risk import Risk

KINDS = {
    "topics": ReviewType.TOPIC,
    "scripts": ReviewType.SCRIPT,
    "videos": ReviewType.VIDEO,
    "uploads": ReviewType.UPLOAD,
}


def about(row: Any, channel: Any, **over: Any) -> ReviewRequest:
    """A request about a topic, script, video or upload; a person is asked unless told otherwise.

    What belongs to the gate (mode, threshold, earned, shown_one_in) is given by name, too.
    """
    gate = {"mode": "manual", **{name: over.pop(name) for name in [*over] if name in GateConfig.model_fields}}
    defaults: dict[str, Any] = {
        "channel_id": channel.id,
        "review_type": KINDS[row.__tablename__],
        "target_id": row.id,
        "gate": GateConfig.model_validate(gate),
        "risk": Risk(10.0, ("quality: a little long",)),
    }
    return ReviewRequest(**defaults | over)
