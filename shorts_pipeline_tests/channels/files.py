"""Channel files for tests: the shortest valid one, and writing any to disk."""

from pathlib import Path
from textwrap import dedent

EXAMPLES = sorted((Path(__file__).parents[2] / "channels").glob("*.yaml"))

SHORTEST = """\
slug: my-channel
name: My channel
persona: {name: Mina, voice_id: ko}
sources:
  - name: News
    connection: {url: "https://news.example/rss"}
"""


def written(folder: Path, text: str, name: str = "my-channel.yaml") -> Path:
    """A file in `folder` that says `text`."""
    path = folder / name
    path.write_text(dedent(text), encoding="utf-8")
    return path
