"""Voices: text in, a sound file and the time of every word out."""

from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed, Narrator, Word
from shorts_pipeline.resources.speech.offline import asked_engine
from shorts_pipeline.resources.speech.resource import SpeechResource

__all__ = ["Narration", "NarrationFailed", "Narrator", "SpeechResource", "Word", "asked_engine"]
