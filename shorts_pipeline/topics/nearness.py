"""Nearness: which of a channel's categories a story means that uses none of its words.

Asked after the duplicates are gone, with the vector they were found by: no title is embedded twice. Words stay first;
what is not clearly nearer to one category than to the others and to the rest of the world has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shorts_pipeline.database.documents import TopicConfig
from shorts_pipeline.resources.models.category_thresholds import CategoryThresholds, category_thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.models.embedder import Embedder

# What a category is described by; more words blur it.
_MOST_WORDS = 12
# What the world writes about besides a channel's subjects. A channel's own category outweighs a line that is like it.
_BACKGROUND = (
    "야구 축구 경기 결과",
    "드라마 영화 배우 가수 연예",
    "날씨 비 눈 태풍",
    "사건 사고 화재 경찰",
    "국회 대통령 정당 선거",
    "음식 요리 맛집",
    "여행 관광 축제",
    "질병 병원 의료 건강",
    "학교 교육 입시",
    "종교 문화 전시 책",
    "부동산 아파트",
    "국제 외교 전쟁",
    "football match result, sports",
    "film, actor, singer, celebrity",
    "weather, storm, earthquake",
    "crime, accident, fire, police",
    "parliament, president, election",
    "food, recipe, cooking",
    "travel, hiking, holidays",
    "disease, hospital, health",
    "school, teachers, education",
    "religion, culture, books, art",
    "housing, real estate",
    "diplomacy, war, migration",
    "space, physics, biology, science",
)


@dataclass(frozen=True)
class Nearness:
    """A channel's categories as vectors, beside those of everything else."""

    names: tuple[str, ...]
    categories: "NDArray[np.float32]"
    background: "NDArray[np.float32]"
    thresholds: CategoryThresholds | None

    @classmethod
    def of(cls, config: TopicConfig, embedder: "Embedder") -> "Nearness":
        """The categories of a channel; its words and the background are embedded once."""
        categories = config.include.categories
        described = [", ".join((name, *each.words()[:_MOST_WORDS])) for name, each in categories.items()]
        return cls(
            names=tuple(categories),
            categories=embedder.embed(described),
            background=embedder.embed(_BACKGROUND if categories else ()),
            thresholds=category_thresholds(embedder.model),
        )

    def closeness(self, vector: "NDArray[np.float32]") -> Mapping[str, float]:
        """Cosine of a story to every category."""
        return dict(zip(self.names, (self.categories @ vector).tolist(), strict=True))

    def clearly(self, vector: "NDArray[np.float32]") -> str | None:
        """The one category that the story clearly means."""
        if self.thresholds is None or not self.names:
            return None
        ordered = sorted(((cosine, name) for name, cosine in self.closeness(vector).items()), reverse=True)
        best, name = ordered[0]
        next_best = ordered[1][0] if len(ordered) > 1 else -1.0
        elsewhere = float((self.background @ vector).max())
        clear = (
            best >= self.thresholds.least
            and best - next_best >= self.thresholds.ahead_of_next
            and best - elsewhere >= self.thresholds.ahead_of_background
        )
        return name if clear else None
