"""Models as a resource: the embedder; language models join it."""

from shorts_pipeline.resources.models.embedder import Embedder, Thresholds
from shorts_pipeline.resources.models.resource import ModelsResource

__all__ = ["Embedder", "ModelsResource", "Thresholds"]
