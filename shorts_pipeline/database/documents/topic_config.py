"""channels.topic_config: what the channel covers, what a story scores, when it is old, when it has been told."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from shorts_pipeline.database.documents.fields import Number, Part, Share, Weight, Whole, Word, Words, conflict

PRESETS_VERSION: Final = 1
"""Raised whenever a number below changes, so that a stored score can be told from a newer one."""

Preset = Literal["news", "tech", "educational", "trending", "niche"]
Points = Annotated[Number, Field(ge=0, le=30)]
Hours = Annotated[Number, Field(gt=0, le=24 * 366)]


class Subcategory(Part):
    """A part of a category."""

    keywords: Words = Field((), description="Words that put an item here.")


class Category(Part):
    """A subject the channel covers."""

    weight: Weight = Field(1.0, description="How much the subject counts; 1 changes nothing.")
    keywords: Words = Field((), description="Words that put an item into this category (any language).")
    subcategories: Mapping[Word, Subcategory] = Field({}, description="Parts of the category, by name.")

    def words(self) -> tuple[str, ...]:
        """The category's keywords and those of its parts."""
        return self.keywords + tuple(word for part in self.subcategories.values() for word in part.keywords)


class Keyword(Part):
    """A word the channel listens for."""

    weight: Weight = Field(1.0, description="How much the word counts; 1 changes nothing.")
    synonyms: Words = Field((), description="Other spellings and translations that mean the same.")


class Include(Part):
    """What the channel looks for. Empty: everything its sources bring."""

    categories: Mapping[Word, Category] = Field({}, description="Categories by name.")
    keywords: Mapping[Word, Keyword] = Field({}, description="Keywords by name.")


class Exclude(Part):
    """What the channel never tells."""

    categories: Words = Field((), description="Names of categories that are dropped.")
    keywords: Words = Field((), description="Words that drop an item.")


class ConditionalRule(Part):
    """If the keywords appear, allow the item, ask a person, or reject it."""

    keywords: Words = Field((), min_length=1, validate_default=True, description="Words to look for; at least one.")
    joined: Literal["and", "or"] = Field("or", description="`and`: all the words; `or`: any of them.")
    then: Literal["allow", "review", "reject"] = Field("review", description="What happens to the item.")
    reason: str = Field("", max_length=200, description="Shown beside the decision.")


class ScoreWeights(Part):
    """What each part of the score weighs. The six weights sum to 1; a bonus is points of 100 on top."""

    source_credibility: Share
    source_score: Share
    freshness: Share
    trend: Share
    relevance: Share
    novelty: Share
    multi_source_bonus: Points
    series_bonus: Points


class WeightOverrides(Part):
    """Weights that differ from the preset's; the six are scaled to sum to 1 afterwards."""

    source_credibility: Share | None = Field(None, description="How far the source is trusted.")
    source_score: Share | None = Field(None, description="Votes, comments or views at the source.")
    freshness: Share | None = Field(None, description="How new the story is.")
    trend: Share | None = Field(None, description="How fast interest grows.")
    relevance: Share | None = Field(None, description="How well it fits the channel's categories and keywords.")
    novelty: Share | None = Field(
        None, description="How far it is from what the channel has told, weighed by how stories like it did."
    )
    multi_source_bonus: Points | None = Field(None, description="Points on top when several sources tell it.")
    series_bonus: Points | None = Field(None, description="Points on top when it continues a series that does well.")


def _weights(*values: float) -> ScoreWeights:
    return ScoreWeights(**dict(zip(ScoreWeights.model_fields, values, strict=True)))


# source_credibility, source_score, freshness, trend, relevance, novelty | bonuses: several sources, series
PRESETS: Final[Mapping[Preset, ScoreWeights]] = {
    "news": _weights(0.20, 0.05, 0.30, 0.10, 0.25, 0.10, 10, 5),
    "tech": _weights(0.15, 0.15, 0.20, 0.10, 0.30, 0.10, 8, 6),
    "educational": _weights(0.20, 0.10, 0.05, 0.05, 0.35, 0.25, 4, 10),
    "trending": _weights(0.05, 0.20, 0.25, 0.35, 0.10, 0.05, 12, 4),
    "niche": _weights(0.15, 0.10, 0.10, 0.05, 0.45, 0.15, 4, 8),
}
HALF_LIFE_HOURS: Final[Mapping[Preset, float]] = {
    "news": 12,
    "tech": 36,
    "educational": 336,
    "trending": 6,
    "niche": 168,
}
EXPIRY_HOURS: Final[Mapping[str, float]] = {
    "breaking": 6,
    "news": 24,
    "trend": 48,
    "tech": 168,
    "educational": 720,
    "evergreen": 2160,
}


class ScoreSettings(Part):
    """How a story is scored, 0 to 100."""

    preset: Preset = Field("news", description="Weights to start from.")
    weights: WeightOverrides = Field(WeightOverrides(), description="Single weights that differ from the preset's.")
    freshness_half_life_hours: Hours | None = Field(
        None, description="Hours after which a story has lost half its freshness; none: the preset's."
    )

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if sum(self._shares().values()) <= 0:
            raise conflict("every weight is 0; leave at least one above 0", "weights", "preset")
        return self

    def _shares(self) -> dict[str, float]:
        given = self.weights.model_dump(exclude_none=True)
        merged = PRESETS[self.preset].model_dump() | given
        return {name: value for name, value in merged.items() if not name.endswith("_bonus")}

    def resolved(self) -> ScoreWeights:
        """The preset with the overrides, the six weights scaled to sum to 1."""
        shares = self._shares()
        total = sum(shares.values())
        bonuses = {
            name: value
            for name, value in (PRESETS[self.preset].model_dump() | self.weights.model_dump(exclude_none=True)).items()
            if name.endswith("_bonus")
        }
        return ScoreWeights(**{name: value / total for name, value in shares.items()}, **bonuses)

    @property
    def half_life_hours(self) -> float:
        """The file's half-life, else the preset's."""
        return self.freshness_half_life_hours or HALF_LIFE_HOURS[self.preset]


class QueueSettings(Part):
    """How many topics wait."""

    least_score: Annotated[Whole, Field(ge=0, le=100)] = Field(40, description="Topics below are not kept.")
    most_waiting: Annotated[Whole, Field(ge=1, le=10_000)] = Field(
        50, description="Most topics waiting at once; the lowest makes room."
    )


class ExpirySettings(Part):
    """After how many hours a waiting topic is too old."""

    hours_by_category: Mapping[Word, Hours] = Field(
        {}, description=f"Hours by category, over these: {', '.join(f'{k} {v:g}' for k, v in EXPIRY_HOURS.items())}."
    )
    hours_otherwise: Hours = Field(72, description="Hours for any other category.")

    def hours_for(self, categories: Iterable[str]) -> float:
        """The shortest of the categories' hours; the general one where none is known."""
        known = {**EXPIRY_HOURS, **self.hours_by_category}
        return min((known[name] for name in categories if name in known), default=self.hours_otherwise)


class DuplicateSettings(Part):
    """When two items tell one story."""

    title_similarity: Share = Field(0.9, description="Titles at least this alike are one story.")
    same_event: Share = Field(0.3, description="Likelihood from which two are one event; lower merges more.")
    window_hours: Hours = Field(72, description="How far back a story is compared, in hours.")


class TopicConfig(Part):
    """What the channel covers."""

    include: Include = Field(Include(), description="What the channel looks for.")
    exclude: Exclude = Field(Exclude(), description="What the channel never tells.")
    rules: tuple[ConditionalRule, ...] = Field((), description="Conditional rules, the first that matches counts.")
    score: ScoreSettings = Field(ScoreSettings(), description="How a story is scored.")
    queue: QueueSettings = Field(QueueSettings(), description="How many topics wait.")
    expiry: ExpirySettings = Field(ExpirySettings(), description="When a waiting topic is too old.")
    duplicates: DuplicateSettings = Field(DuplicateSettings(), description="When two items tell one story.")
