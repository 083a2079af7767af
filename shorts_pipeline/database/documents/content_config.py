"""channels.content_config: what the channel makes: its scripts and the look and sound of its videos."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from shorts_pipeline.database.documents.contrast import plate_colour
from shorts_pipeline.database.documents.fields import (
    Colour,
    Flag,
    Language,
    Number,
    Part,
    RelativePath,
    SecretName,
    Share,
    Text,
    Whole,
    Word,
    Words,
    conflict,
)

VisualSource = Literal["pexels-video", "pexels-photo", "pixabay-video", "pixabay-photo", "local", "generated", "drawn"]


class QualityGates(Part):
    """What a script must reach; below, it is written again with the reasons."""

    style: Share = Field(0.7, description="Least style score: how far it sounds like the persona.")
    hook: Share = Field(0.5, description="Least hook score.")
    most_avoided_words: Annotated[Whole, Field(ge=0, le=50)] = Field(2, description="Most avoided words let pass.")


class RetrievalSettings(Part):
    """What of the channel's own past a new script is written with."""

    chunks: Annotated[Whole, Field(ge=0, le=50)] = Field(8, description="Most chunks retrieved.")
    semantic_weight: Share = Field(0.7, description="Share of likeness in meaning; with keyword_weight it makes 1.")
    keyword_weight: Share = Field(0.3, description="Share of likeness in words.")
    diversity: Share = Field(0.7, description="MMR lambda: 1 takes the nearest only, 0 the most different only.")

    @model_validator(mode="after")
    def _shares_of_one(self) -> Self:
        if abs(self.semantic_weight + self.keyword_weight - 1) > 1e-6:
            message = "makes no 1 with keyword_weight; write two that do, e.g. 0.7 and 0.3"
            raise conflict(message, "semantic_weight", "keyword_weight")
        return self


class Colours(Part):
    """The channel's colours, #RRGGBB."""

    background: Colour = Field("#101828", description="Drawn background.")
    background_end: Colour = Field("#1D4ED8", description="The other end of its gradient.")
    text: Colour = Field("#FFFFFF", description="Text and subtitles.")
    highlight: Colour = Field("#FFD54A", description="The word being spoken.")
    accent: Colour = Field("#38BDF8", description="Lines, cards and shapes.")


class SubtitleStyle(Part):
    """How subtitles look."""

    font: Word = Field("NanumGothic", description="Font family; it must hold every letter that is spoken.")
    size: Annotated[Whole, Field(ge=24, le=160)] = Field(84, description="Height in pixels of 1920.")
    position: Literal["top", "middle", "bottom"] = Field("middle", description="Where, inside the safe area.")
    highlight: Literal["word", "line", "none"] = Field("word", description="What is coloured while it is spoken.")
    most_lines: Annotated[Whole, Field(ge=1, le=3)] = Field(2, description="Most lines at once.")
    outline: Annotated[Whole, Field(ge=0, le=12)] = Field(5, description="Outline in pixels.")


class WatermarkStyle(Part):
    """A mark of the channel that stands on every frame."""

    file: RelativePath = Field(description="PNG, JPEG or WebP under the media root; what is transparent stays so.")
    corner: Literal["top-left", "top-right", "bottom-left", "bottom-right"] = Field(
        "top-right", description="Which corner of the safe area; smaller where it has less room."
    )
    size: Annotated[Whole, Field(ge=24, le=160)] = Field(60, description="Height in pixels of 1920.")
    opacity: Annotated[Number, Field(ge=0.1, le=1)] = Field(0.85, description="1 hides what is behind.")


class MusicStyle(Part):
    """Music under the voice."""

    enabled: Flag = Field(False, description="Whether there is music.")
    track: Text | None = Field(None, description="File or folder under the media root; none: the shipped bed.")
    decibels_under_voice: Annotated[Number, Field(ge=6, le=40)] = Field(18.0, description="How far under the voice.")


class TransitionStyle(Part):
    """From one picture to the next."""

    kind: Literal["crossfade", "cut", "slide"] = Field("crossfade", description="Kind of transition.")
    seconds: Annotated[Number, Field(ge=0, le=2)] = Field(0.4, description="How long one takes.")
    zoom: Annotated[Number, Field(ge=0, le=0.5)] = Field(0.08, description="How far a still grows; 0: it stands.")


class ThumbnailStyle(Part):
    """How the thumbnail looks."""

    layout: Literal["title", "split", "figure"] = Field("title", description="Title, title beside picture, key figure.")
    most_characters: Annotated[Whole, Field(ge=8, le=100)] = Field(40, description="Most characters of text.")
    font_size: Annotated[Whole, Field(ge=48, le=240)] = Field(132, description="Height of the text in pixels of 1920.")


def _function(value: str) -> str:
    if not _FUNCTION.fullmatch(value):
        raise ValueError("names no function; write package.module:function")
    return value


_FUNCTION: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


class VideoStyle(Part):
    """The look and sound of a video: 1080x1920, one encode."""

    frame_rate: Annotated[Whole, Field(ge=24, le=60)] = Field(30, description="Frames a second.")
    visuals: tuple[VisualSource, ...] = Field(
        ("drawn",), min_length=1, description="Where pictures come from; the first that has one wins."
    )
    visuals_folder: Text | None = Field(None, description="Folder of `local` pictures and films, under the media root.")
    pexels_secret: SecretName | None = Field(None, description="Name of the secret with the key for Pexels.")
    pixabay_secret: SecretName | None = Field(None, description="Name of the secret with the key for Pixabay.")
    generated_model: Word | None = Field(
        None,
        description="Image model for `generated`: `openai:gpt-image-1`, or `openai@http://host/v1:name` for a server "
        "that speaks its protocol.",
    )
    generated_secret: SecretName | None = Field(
        None, description="Name of the secret with its key; none: OPENAI_API_KEY, and no key for a server of one's own."
    )
    generated_most: Annotated[Whole, Field(ge=1, le=60)] = Field(6, description="Most generated pictures in a video.")
    generated_manner: Text = Field(
        "Editorial photograph, natural light, shallow depth of field", description="How generated pictures look."
    )
    effects: tuple[Annotated[Word, AfterValidator(_function)], ...] = Field(
        (), description="Python functions `package.module:function` that take and give a moviepy clip, for every scene."
    )
    colours: Colours = Field(Colours(), description="The channel's colours.")
    subtitles: SubtitleStyle = Field(SubtitleStyle(), description="How subtitles look.")
    music: MusicStyle = Field(MusicStyle(), description="Music under the voice.")
    loudness_lufs: Annotated[Number, Field(ge=-30, le=-9)] = Field(-14.0, description="Loudness of the whole.")
    transitions: TransitionStyle = Field(TransitionStyle(), description="From one picture to the next.")
    thumbnail: ThumbnailStyle = Field(ThumbnailStyle(), description="How the thumbnail looks.")
    watermark: WatermarkStyle | None = Field(None, description="A mark on every frame; none: only the channel's name.")

    @model_validator(mode="after")
    def _subtitles_can_be_read(self) -> Self:
        shown = (
            [self.colours.text] if self.subtitles.highlight == "none" else [self.colours.text, self.colours.highlight]
        )
        if plate_colour(shown) is None:
            message = "holds a text and a highlight that no one background suits; choose both light or both dark"
            raise conflict(message, "colours")
        return self

    @model_validator(mode="after")
    def _local_pictures_have_a_folder(self) -> Self:
        if "local" in self.visuals and not self.visuals_folder:
            raise conflict("names `local` without a folder; write visuals_folder", "visuals", "visuals_folder")
        return self

    @model_validator(mode="after")
    def _libraries_have_a_key(self) -> Self:
        for library in ("pexels", "pixabay"):
            named = any(source.startswith(library) for source in self.visuals)
            if named and getattr(self, f"{library}_secret") is None:
                raise conflict(
                    f"names {library} without a key; write {library}_secret, the name of a secret",
                    "visuals",
                    f"{library}_secret",
                )
        if "generated" in self.visuals and self.generated_model is None:
            raise conflict("names `generated` without a model; write generated_model", "visuals", "generated_model")
        return self


class ContentConfig(Part):
    """What the channel makes."""

    target_seconds: Annotated[Whole, Field(ge=5, le=180)] = Field(45, description="Length aimed at; a Short has ≤ 180.")
    language: Language = Field("ko", description="Language it speaks, ISO 639-1.")
    opening: Literal["question", "statement", "statistic", "story"] = Field(
        "question", description="How a script opens."
    )
    model: Word | None = Field(
        None,
        description="Language model: `openai:…`, `anthropic:…`, `google:…`, or `openai@http://host/v1:name` for a "
        "server of one's own; none: rules, and the extractive writer.",
    )
    model_secret: SecretName | None = Field(None, description="Name of the secret with the model's key.")
    temperature: Annotated[Number, Field(ge=0, le=2)] = Field(0.7, description="Freedom of the model.")
    tries: Annotated[Whole, Field(ge=1, le=5)] = Field(3, description="Times a script is written at most.")
    quality: QualityGates = Field(QualityGates(), description="What a script must reach.")
    retrieval: RetrievalSettings = Field(RetrievalSettings(), description="What of its own past it is written with.")
    video: VideoStyle = Field(VideoStyle(), description="The look and sound of a video.")
    must_mention: Words = Field((), description="What every script must mention.")
    must_avoid: Words = Field((), description="What no script may mention.")
