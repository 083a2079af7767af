"""channels.operation_config: how the channel runs: times, gates, publishing, budgets, what is kept."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from shorts_pipeline.database.documents.fields import (
    Digits,
    Flag,
    Number,
    Part,
    SecretName,
    Share,
    TimeZone,
    Whole,
    Word,
    Words,
    conflict,
)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hour = Annotated[Whole, Field(ge=0, le=23)]
Days = Annotated[Whole, Field(ge=1, le=3_650)]
GateMode = Literal["auto", "manual", "hybrid"]
Notice = Literal["waiting", "high-risk", "expiring", "upload-failed", "needs-authorising"]


class UploadSettings(Part):
    """How many uploads a day, and when; hours and days are those of the channel's time zone."""

    target_a_day: Annotated[Whole, Field(ge=0, le=100)] = Field(2, description="Uploads a day aimed at.")
    most_a_day: Annotated[Whole, Field(ge=0, le=100)] = Field(4, description="Most uploads a day.")
    first_hour: Hour = Field(7, description="First hour allowed.")
    last_hour: Hour = Field(22, description="Last hour allowed (the whole of it).")
    preferred_days: tuple[Weekday, ...] = Field((), description="Days preferred; none: all alike.")
    golden_hours: tuple[Hour, ...] = Field(
        (7, 12, 18, 21), description="Hours used until the channel has figures of its own."
    )
    least_hours_between: Annotated[Number, Field(ge=0, le=168)] = Field(3.0, description="Least hours between two.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.target_a_day > self.most_a_day:
            message = f"{self.target_a_day} is above most_a_day ({self.most_a_day}); lower it or raise the other"
            raise conflict(message, "target_a_day", "most_a_day")
        if self.first_hour > self.last_hour:
            raise conflict(
                f"{self.first_hour} is after last_hour ({self.last_hour}); swap them", "first_hour", "last_hour"
            )
        return self

    def allows(self, hour: int) -> bool:
        """Whether an upload may go out in this local hour (0–23)."""
        return self.first_hour <= hour <= self.last_hour


class PublishSettings(Part):
    """How a video stands on YouTube."""

    publish_to: Literal["sandbox", "youtube"] = Field("sandbox", description="`youtube` is the real one.")
    credential: SecretName | None = Field(None, description="Name of the stored credential; none: the slug.")
    privacy: Literal["public", "private", "unlisted"] = Field("private", description="Who may see it.")
    category: Digits = Field("28", description="YouTube's category: 25 news, 27 education, 28 science and technology.")
    made_for_kids: Flag = Field(False, description="Declared to YouTube with every upload.")
    synthetic_media: Flag = Field(True, description="Says that it is made with AI.")
    playlist: Word | None = Field(None, description="Id of the playlist it is added to.")
    notify_subscribers: Flag = Field(False, description="Whether subscribers are told of each upload.")


class EarnedRule(Part):
    """What a rule must have shown before it decides alone."""

    agreed: Annotated[Whole, Field(ge=1, le=1_000)] = Field(9, description="So often it must have agreed with a person")
    of_last: Annotated[Whole, Field(ge=1, le=1_000)] = Field(
        10, description="among so many decisions, the latest ones."
    )

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.agreed > self.of_last:
            raise conflict(f"{self.agreed} is above of_last ({self.of_last}); lower it", "agreed", "of_last")
        return self


class GateConfig(Part):
    """Who decides before the next step."""

    mode: GateMode = Field("manual", description="`auto`: the rule; `manual`: a person; `hybrid`: the rule below risk.")
    threshold: Annotated[Number, Field(ge=0, le=100)] = Field(
        30.0, description="`hybrid`: a person is asked from this risk (0–100) on."
    )
    earned: EarnedRule | None = Field(
        None,
        description="`hybrid`: until the rule has earned it, a person decides all; none: it decides from the first.",
    )
    shown_one_in: Annotated[Whole, Field(ge=0, le=10_000)] = Field(
        0, description="Of what the rule would pass, one in so many is shown to a person all the same; 0: none."
    )
    expires_after_hours: Annotated[Number, Field(gt=0, le=24 * 90)] = Field(
        48.0, description="Hours until a waiting review expires."
    )


class ReviewSettings(Part):
    """A gate before each step."""

    topic: GateConfig = Field(GateConfig(), description="Before a script is written.")
    script: GateConfig = Field(GateConfig(), description="Before a video is made.")
    video: GateConfig = Field(GateConfig(), description="Before an upload is planned.")
    upload: GateConfig = Field(GateConfig(), description="Before it is sent.")
    sensitive_words: Words = Field(
        (), description="Words that a person should see first, besides the shipped lists; `word*`: what begins so."
    )
    harmless_phrases: Words = Field((), description="Phrases in which a sensitive word is harmless to this channel.")

    @field_validator("sensitive_words")
    @classmethod
    def _say_something(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not word.rstrip("*").strip() for word in value):
            raise ValueError("`*` alone stands for every word: write how the word begins")
        return value


class NotificationSettings(Part):
    """Who is told of what."""

    addresses: tuple[SecretName, ...] = Field((), description="Names of secrets that hold apprise addresses.")
    events: tuple[Notice, ...] = Field(
        ("waiting", "high-risk", "expiring", "upload-failed", "needs-authorising"), description="What is told."
    )

    @field_validator("addresses")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value))


class HighPerformerRule(Part):
    """From when a video did well; all three must hold."""

    least_views: Annotated[Whole, Field(ge=0)] = Field(10_000, description="Least views.")
    least_engagement: Share = Field(0.05, description="Least (likes + comments + shares) / views; 0.05 is 5 %.")
    least_watched: Share = Field(0.6, description="Least share of the video watched on average; 0.6 is 60 %.")


class TrainingRule(Part):
    """What goes into training data."""

    enabled: Flag = Field(True, description="Whether the channel feeds training data.")
    high_performers_only: Flag = Field(True, description="Only videos that did well.")
    approved_only: Flag = Field(True, description="Only scripts that passed review.")
    least_style: Share = Field(0.7, description="Least style score of the script.")
    least_hook: Share = Field(0.5, description="Least hook score of the script.")
    validation_share: Annotated[Number, Field(ge=0, le=0.5)] = Field(
        0.1, description="Most of the examples that are held back to validate with; 0: none."
    )


class BudgetSettings(Part):
    """What models may cost, and YouTube's answers about audiences."""

    usd_a_day: Annotated[Number, Field(ge=0, le=10_000)] = Field(1.0, description="US dollars a day; 0: no paid model.")
    audience_calls_a_week: Annotated[Whole, Field(ge=0, le=10_000)] = Field(
        100, description="Calls a week about traffic sources and demographics, two a video; 0: none."
    )


class RetentionSettings(Part):
    """What is kept how long."""

    media_days: Days = Field(90, description="Days that media files are kept.")
    source_item_days: Days = Field(30, description="Days that source items are kept.")
    youtube_verified_days: Annotated[Whole, Field(ge=1, le=30)] = Field(
        30, description="Days for which a verified authorisation lets YouTube's figures be kept."
    )
    youtube_unverified: Literal["delete", "keep"] = Field(
        "delete", description="What becomes of them when it was not verified for so long."
    )
    youtube_removed: Literal["delete", "keep"] = Field(
        "delete", description="What becomes of the figures of a video that is gone from YouTube."
    )


class OperationConfig(Part):
    """How the channel runs."""

    timezone: TimeZone = Field("Asia/Seoul", description="IANA time zone of every hour and day below.")
    uploads: UploadSettings = Field(UploadSettings(), description="How many uploads a day, and when.")
    publish: PublishSettings = Field(PublishSettings(), description="How a video stands on YouTube.")
    review: ReviewSettings = Field(ReviewSettings(), description="A gate before each step.")
    notifications: NotificationSettings = Field(NotificationSettings(), description="Who is told of what.")
    high_performer: HighPerformerRule = Field(HighPerformerRule(), description="From when a video did well.")
    training: TrainingRule = Field(TrainingRule(), description="What goes into training data.")
    budget: BudgetSettings = Field(BudgetSettings(), description="What models and audiences may cost.")
    retention: RetentionSettings = Field(RetentionSettings(), description="What is kept how long.")
