"""Prompt files: what a model is told, word for word, in `prompts/*.md`: the version in the first line, then the text.

A script keeps the names, versions and SHA-256 of the files it was asked for with, so that a change of wording can be
told from a change of model. Korean channels have Korean files, all others the English ones.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from string import Template


@dataclass(frozen=True)
class Prompt:
    """One file: its name, version, the SHA-256 of its bytes (hex) and its text with $places."""

    name: str
    version: str
    sha256: str
    text: str

    def filled(self, places: Mapping[str, str]) -> str:
        """The text with its places filled. Raises `KeyError` for a place without a value."""
        return Template(self.text).substitute(places)


@lru_cache
def prompt(kind: str, language: str) -> Prompt:
    """The prompt of this kind (writer, rewrite, refused, shorter) for a channel's language."""
    name = f"{kind}.{'ko' if language == 'ko' else 'en'}.md"
    content = files("shorts_pipeline.scripts").joinpath("prompts", name).read_bytes()
    head, _, text = content.decode("utf-8").partition("\n")
    label, _, version = head.partition(":")
    if label != "version" or not version.strip():
        raise ValueError(f"{name}: its first line must be “version: …”")
    return Prompt(name, version.strip(), hashlib.sha256(content).hexdigest(), text.strip())
