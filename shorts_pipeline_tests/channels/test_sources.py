"""What a channel's file says of its sources: what cannot be read or asked is refused where it stands."""

from pathlib import Path

import pytest

from shorts_pipeline.channels.reading import ChannelFileError, read_channel_files

HEAD = """slug: my-channel
name: My channel
persona: {name: Mina, voice_id: ko, tts_service: offline}
sources:
  - name: News
"""


def faults(tmp_path: Path, source: str, more: str = "") -> list[str]:
    path = tmp_path / "channel.yaml"
    path.write_text(HEAD + source + more, encoding="utf-8")
    try:
        read_channel_files([path])
    except ChannelFileError as error:
        return [str(problem).removeprefix(str(path)) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("type", "parser", "says"),
    [
        ("api", "{format: json, items: a, title: t, score: 'votes['}", "sources[0].parser.score: not a JMESPath"),
        ("api", "{format: json, items: 'a[', title: t}", "sources[0].parser.items: not a JMESPath"),
        ("scraper", "{format: html, items: li, title: 'a >'}", "sources[0].parser.title: not a CSS selector"),
        ("scraper", "{format: html, items: li, title: a, link: ':::@href'}", "sources[0].parser.link: not a CSS"),
        ("api", "{format: json, title: t, detail_url: 'https://e.com/item'}", "sources[0].parser.detail_url: "),
        ("rss", "{format: html, items: li, title: a}", "sources[0].type: rss is not read as html"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_line_and_field(
    tmp_path: Path, type: str, parser: str, says: str
) -> None:
    (fault,) = faults(tmp_path, f"    type: {type}\n    connection: {{url: 'https://e.com'}}\n    parser: {parser}\n")
    line = 6 if says.startswith("sources[0].type") else 8
    assert fault.startswith(f":{line}: {says}")


@pytest.mark.parametrize(
    ("connection", "says"),
    [
        ("{url: 'https://e.com/{board}'}", "nothing fills {board}"),
        ("{url: 'https://e.com/', query: {q: '{words}'}}", "nothing fills {words}"),
        ("{url: 'https://e.com/{geo}'}", "nothing fills {geo}"),
        ("{url: 'https://e.com/', secret: A_KEY, secret_header: null}", "sent nowhere"),
        ("{url: 'https://e.com/', secret: A_KEY, secret_format: Bearer}", "{secret} is missing"),
        ("{url: 'https://e.com/', body: {q: a}}", "only a POST sends a body"),
        ("{url: 'https://e.com/?token=abcdefgh'}", "looks like a secret"),
    ],
)
def test_a_connection_that_cannot_work_is_refused(tmp_path: Path, connection: str, says: str) -> None:
    (fault,) = faults(tmp_path, f"    connection: {connection}\n")
    assert fault.startswith(":6: sources[0].connection")
    assert says in fault


def test_more_addresses_than_are_asked_are_refused(tmp_path: Path) -> None:
    values = ", ".join(f"b{n}" for n in range(8))
    source = f"    connection: {{url: 'https://e.com/{{a}}/{{b}}', parameters: {{a: [{values}], b: [{values}]}}}}\n"
    (fault,) = faults(tmp_path, source)
    assert "makes 64 addresses, above 50" in fault


def test_the_regions_of_a_channels_trends_fill_geo(tmp_path: Path) -> None:
    source = "    type: trend\n    connection: {url: 'https://e.com/{geo}'}\n"
    assert faults(tmp_path, source, "source_config: {trends: {regions: [KR, US]}}\n") == []
    assert faults(tmp_path, source) == []


def test_a_channels_values_fill_places_too(tmp_path: Path) -> None:
    use = "source_config: {sources: {News: {parameters: {board: [free, news]}}}}\n"
    assert faults(tmp_path, "    connection: {url: 'https://e.com/{board}'}\n", use) == []
