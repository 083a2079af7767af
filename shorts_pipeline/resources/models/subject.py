"""Subject: what a few stories have in common, kept so that a further story can be held against it. Numbers only.

A subject is made by who finds it (the series room) and asked by who meets a new story (the topics room): both measure
by what stands here. It belongs to one model; vectors of another say nothing to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shorts_pipeline.language import detect, stem, tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What the best word that two stories share weighs against their meaning; .5 to 1 are as good.
WORDS_WEIGHT = 0.75
# A word is believed as if it had been seen in this many more pairs of stories, all unrelated; 2 to 4 are as good.
DOUBTED_PAIRS = 3
# Mean likeness from which two groups are one subject (bench/series.py).
LINKED = 0.19
# A likeness is measured by this many times the subject's own: so the .6 that `series.min_similarity` is by default
# lies where a story belongs as much as detection asks (.7 of the others), and four of five that are matched are right.
STRICTNESS = 7 / 6
# Words worth less than this are not kept: they decide nothing.
_WORTH_KEEPING = 0.05
_DIGITS = 4


@dataclass(frozen=True)
class Subject:
    """What stories have in common.

    `usual` has by language shape (2, dimension): what any titles, and any titles with summaries, have in common.
    `centre` is the mean of the stories' unit vectors, seen from there; `worth` what each word is worth and `said` the
    words of each story; `measure` what counts as being wholly one of them.
    """

    model: str
    usual: Mapping[str, Sequence[Sequence[float]]]
    centre: Sequence[float]
    worth: Mapping[str, float]
    said: Sequence[Collection[str]]
    measure: float

    def likeness(self, title: str, vectors: "NDArray[np.float32]", said: Collection[str]) -> float:
        """How like its stories a story is, against how like they are one another: .6 and more belongs, 0 is unrelated.

        `vectors` has shape (2, dimension): of the title alone, and with its summary; `said` is `words_of` it.
        """
        import numpy as np

        usual = self.usual.get(detect(title))
        if usual is None:
            return 0.0
        meant = from_usual(np.asarray(vectors, dtype=np.float64)[None], np.asarray(usual))[0]
        near = float(meant @ np.asarray(self.centre))
        shared = [max((self.worth.get(word, 0.0) for word in own if word in said), default=0.0) for own in self.said]
        return (near + WORDS_WEIGHT * float(np.mean(shared))) / (1 + WORDS_WEIGHT) / self.measure

    def as_json(self) -> dict[str, Any]:
        """For a JSONB column; 10 to 20 kB."""
        return {
            "model": self.model,
            "usual": {language: [_rounded(vector) for vector in vectors] for language, vectors in self.usual.items()},
            "centre": _rounded(self.centre),
            "worth": {word: round(worth, _DIGITS) for word, worth in sorted(self.worth.items())},
            "said": [sorted(word for word in own if word in self.worth) for own in self.said],
            "measure": round(self.measure, _DIGITS),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any], model: str) -> "Subject | None":
        """What was kept, or None: nothing was, or by another model."""
        if kept.get("model") != model:
            return None
        said = [frozenset(own) for own in kept["said"]]
        return cls(model, kept["usual"], kept["centre"], kept["worth"], said, kept["measure"])


def telling_words(worth: Mapping[str, float]) -> dict[str, float]:
    """Those that are worth keeping."""
    return {word: value for word, value in worth.items() if value >= _WORTH_KEEPING}


def words_of(title: str, told: str, keywords: Collection[str]) -> frozenset[str]:
    """Stems of what a story says (`told`: title and summary), and of its keywords."""
    return frozenset([*tokens(told, detect(title)), *(stem(keyword.casefold()) for keyword in keywords)])


def from_usual(vectors: "NDArray[np.float64]", usual: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Unit vectors, shape (n, dimension), of (n, 2, dimension): title and title with summary, seen from `usual`.

    The title alone says the subject more purely, with its summary more surely: their mean is better than either.
    """
    return unit(unit(vectors - usual).sum(axis=1))


def unit(vectors: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Each of length 1."""
    import numpy as np

    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _rounded(vector: Sequence[float]) -> list[float]:
    return [round(float(value), _DIGITS) for value in vector]
