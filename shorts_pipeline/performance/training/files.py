"""Training files: a channel's numbered JSONL files and the manifest that lists them. Written whole or not at all."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import regex
from pydantic import BaseModel, ValidationError, model_validator

from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.performance.training.examples import Example
from shorts_pipeline.performance.training.split import Split

FOLDER = "training"
_OURS = regex.compile(r"\d{4,}\.(?:train|validation)\.jsonl")


class FileStore(Protocol):
    """The part of the media store that training files need."""

    def path(self, relative: str) -> Path: ...

    def writing(self, relative: str) -> AbstractContextManager[Path]: ...


class Part(BaseModel):
    """One JSONL file: its SHA-256, and row and SHA-256 of every line, in order."""

    file: str
    sha256: str
    examples: int
    rows: list[UUID]
    hashes: list[str]


class Published(BaseModel):
    """When the first and the last of a version's shorts went public."""

    first: datetime | None = None
    last: datetime | None = None


class Version(BaseModel):
    """What one run added, by side; `left_out`: near to both sides, so on neither."""

    version: int
    made_at: datetime
    examples: int
    left_out: int
    published: Published
    criteria: dict[str, Any]
    splits: dict[Split, Part]

    @model_validator(mode="before")
    @classmethod
    def _from_before_the_split(cls, data: Any) -> Any:
        """A version that was written before there were sides: one file, all of it to train with."""
        if not isinstance(data, dict) or "splits" in data or "file" not in data:
            return data
        part = {name: data.get(name) for name in Part.model_fields}
        number = str(data["file"]).partition(".")[0]
        return {"version": number, "left_out": 0, "published": {}, **data, "splits": {Split.TRAIN: part}}

    def sides(self) -> dict[UUID, Split]:
        """Row → side."""
        return {row: side for side, part in self.splits.items() for row in part.rows}


class Manifest(BaseModel):
    """All of a channel's versions, and how many examples there are on each side."""

    channel: str
    format: str = "chat"
    examples: dict[Split, int] = {}
    versions: list[Version] = []

    def sides(self) -> dict[UUID, Split]:
        """Row → side, of all versions."""
        return {row: side for version in self.versions for row, side in version.sides().items()}


def read_manifest(store: FileStore, slug: str) -> Manifest:
    """The channel's manifest, empty where there is none. Raises `NeedsPerson` for one that cannot be read."""
    path = manifest_path(store, slug)
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Manifest(channel=slug)
    except ValidationError as error:
        raise NeedsPerson(
            f"{path} cannot be read ({error.error_count()} faults, first: {error.errors()[0]['msg']}): restore it, or "
            f"write the files anew with `shorts training rebuild {slug}`"
        ) from error


def write_version(
    store: FileStore,
    slug: str,
    number: int,
    sides: Mapping[Split, Sequence[Example]],
    *,
    left_out: int,
    criteria: dict[str, Any],
    now: datetime,
) -> Version:
    """Write a version's files, none for an empty side; the same examples give the same bytes."""
    dates = [one.published_at for own in sides.values() for one in own if one.published_at is not None]
    return Version(
        version=number,
        made_at=now,
        examples=sum(len(own) for own in sides.values()),
        left_out=left_out,
        published=Published(first=min(dates, default=None), last=max(dates, default=None)),
        criteria=criteria,
        splits={side: _write(store, slug, f"{number:04d}.{side}.jsonl", own) for side, own in sides.items() if own},
    )


def write_manifest(store: FileStore, slug: str, versions: Sequence[Version]) -> Manifest:
    """Write the manifest; files of a run that was killed before its manifest go."""
    counts = {side: sum(v.splits[side].examples for v in versions if side in v.splits) for side in Split}
    manifest = Manifest(channel=slug, examples=counts, versions=list(versions))
    with store.writing(f"{FOLDER}/{slug}/manifest.json") as path:
        path.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    listed = {part.file for version in versions for part in version.splits.values()}
    for file in manifest_path(store, slug).parent.iterdir():
        if _OURS.fullmatch(file.name) and file.name not in listed:
            file.unlink()
    return manifest


def manifest_path(store: FileStore, slug: str) -> Path:
    """Where the channel's manifest is."""
    return store.path(f"{FOLDER}/{slug}/manifest.json")


def _write(store: FileStore, slug: str, file: str, examples: Sequence[Example]) -> Part:
    content = "".join(one.line() + "\n" for one in examples).encode()
    with store.writing(f"{FOLDER}/{slug}/{file}") as path:
        path.write_bytes(content)
    return Part(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        examples=len(examples),
        rows=[one.performance_id for one in examples],
        hashes=[one.hash for one in examples],
    )
