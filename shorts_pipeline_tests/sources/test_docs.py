"""docs/sources.md: every example can be pasted into a channel's file, and those that ship with the demo give items."""

import re
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from shorts_pipeline.channels.file import SourceFile
from shorts_pipeline.channels.reading import read_channel_files
from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Source
from shorts_pipeline.embedded.feeds import serve
from shorts_pipeline.resources.fetch import FetchResource
from shorts_pipeline.sources.places import Wish, addresses
from shorts_pipeline.sources.read import Reader

DOCS = Path(__file__).parents[2] / "docs" / "sources.md"
CHANNEL = "slug: my-channel\nname: My channel\npersona: {name: Mina, voice_id: ko, tts_service: offline}\n"


def blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)


def declared() -> list[SourceFile]:
    parsed = [YAML(typ="safe").load(StringIO(block)) for block in blocks()]
    return [SourceFile.model_validate(source) for block in parsed for source in block.get("sources", [])]


class Allowed:
    """A site without rules."""

    def check(self, address: str, now: datetime) -> None:
        """Everything may be read."""


@pytest.mark.parametrize("block", [block for block in blocks() if block.startswith("sources:")])
def test_an_example_can_be_pasted_into_a_channels_file(block: str, tmp_path: Path) -> None:
    path = tmp_path / "channel.yaml"
    path.write_text(CHANNEL + block, encoding="utf-8")
    assert read_channel_files([path])[0].channel.sources


@pytest.mark.parametrize(
    ("name", "items"),
    [("연합뉴스 속보", 18), ("Hacker News", 4), ("Reddit", 4), ("Lobsters", 5), ("Google Trends", 5)],
)
def test_an_example_gives_what_the_demo_ships(
    name: str, items: int, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDIT_TOKEN", "anything")
    (found,) = (one for one in declared() if one.name == name)
    values: dict[str, Any] = {"type": found.type, "timezone": found.timezone, "parser_config": found.parser}
    source = Source(name=name, connection_config=found.connection, **values)
    with serve(clock.now()) as feeds:
        fetcher = FetchResource(mirror_url=feeds.url).fetcher
        reader = Reader.of(source, fetcher, Allowed(), clock.now(), seen=lambda _: ())
        read = [item for address in addresses(source, [Wish({})]) for item in reader.read(address).items]
    assert len(read) == items
    assert all(item.title and item.published_at and item.published_at <= clock.now() for item in read)
