"""personas.voice_settings, communication_style, perspective and examples: who speaks, and how."""

from typing import Annotated, Literal

from pydantic import Field

from shorts_pipeline.database.documents.fields import Number, Part, Passage, SecretName, Share, Text, Words

Engine = Literal["edge-tts", "elevenlabs", "clova", "offline"]
Often = Literal["never", "sometimes", "often"]
Passages = tuple[Passage, ...]


class VoiceSettings(Part):
    """How the persona's voice sounds; an engine that lacks a setting ignores it."""

    rate: Annotated[Number, Field(ge=0.5, le=2)] = Field(1.0, description="Speed; 1 is the voice's own.")
    pitch: Annotated[Number, Field(ge=-12, le=12)] = Field(0.0, description="Semitones up or down.")
    volume: Annotated[Number, Field(ge=-20, le=20)] = Field(0.0, description="Decibels up or down.")
    pause_seconds: Annotated[Number, Field(ge=0, le=2)] = Field(0.25, description="Silence between two sentences.")
    stability: Share = Field(0.5, description="ElevenLabs: how even the voice is.")
    similarity: Share = Field(0.75, description="ElevenLabs: how close to the original voice.")
    fallbacks: tuple[Engine, ...] = Field(("offline",), description="Engines tried in order when the first fails.")
    secret: SecretName | None = Field(None, description="Name of the secret with its key; none: the usual one.")


class CommunicationStyle(Part):
    """How the persona talks. The extractive writer uses these phrases as they stand."""

    tone: Text = Field("", description="Tone in a few words: warm, dry, excited …")
    formality: Literal["formal", "polite", "casual"] = Field("polite", description="합니다 / 해요 / 해, or the like.")
    sentence_endings: Words = Field((), description="Endings of its sentences, the most usual first: 해요, 입니다.")
    connectors: Words = Field((), description="Words that join sentences: 그런데, 근데; but, so.")
    emphasis_words: Words = Field((), description="Words that stress: 진짜, 무려; actually.")
    fillers: Words = Field((), description="Words it thinks with: 음, 자; well.")
    avoided_words: Words = Field((), description="Words it never says.")
    avoided_phrases: Words = Field((), description="Phrases it never says.")
    avoided_styles: Words = Field((), description="Manners it never takes: clickbait, sarcasm.")
    opening_style: Text = Field("", description="How it begins, in a sentence for a model.")
    openings: Words = Field(
        (), description="Phrases it begins with; {fact} is what happened, {keyword} to whom, {figure} the key figure."
    )
    closings: Words = Field((), description="Phrases it ends with.")
    analogies: Often = Field("sometimes", description="How often it compares.")
    examples: Often = Field("sometimes", description="How often it gives an example.")
    call_to_action: Literal["none", "soft", "direct"] = Field("none", description="What it asks of the viewer.")
    call_to_action_phrases: Words = Field((), description="How it asks.")


class Perspective(Part):
    """Where the persona stands."""

    approach: Text = Field("", description="How it looks at a story.")
    core_values: Words = Field((), description="What matters to it.")
    biases: Words = Field((), description="Leanings it owns up to.")
    views_against_the_mainstream: Words = Field((), description="Where it disagrees with most.")
    audience: Text = Field("", description="Whom it speaks to.")
    angle: Text = Field("", description="What it takes from a story that others leave.")


class PersonaExamples(Part):
    """How the persona sounds, shown."""

    scripts: Passages = Field((), description="Whole scripts in its voice.")
    reactions: Passages = Field((), description="Short reactions: to good news, to bad news.")
    bad_examples: Passages = Field((), description="What it would never say.")
