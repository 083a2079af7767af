"""A bad file is told by file, line and field, every fault of it at once."""

import time
from pathlib import Path

import pytest

from shorts_pipeline.channels.reading import ChannelFileError, Problem, read_channel_files
from shorts_pipeline.database import ReviewType
from shorts_pipeline_tests.channels.files import EXAMPLES, SHORTEST, written


def problems(*paths: Path) -> list[Problem]:
    with pytest.raises(ChannelFileError) as raised:
        read_channel_files(paths)
    return list(raised.value.problems)


def the_problem(folder: Path, text: str) -> tuple[int, str, str]:
    """The one fault of a file: line, field, message."""
    path = written(folder, text)
    [problem] = problems(path)
    assert str(problem).startswith(f"{path}:{problem.line}: {problem.field}")
    return problem.line, problem.field, problem.message


def test_the_examples_are_valid():
    read = read_channel_files(EXAMPLES)
    assert [file.channel.slug for file in read] == ["byte-sized-news", "oneul-tech"]


def test_the_examples_differ_in_what_the_demo_shows():
    english, korean = (file.channel for file in read_channel_files(EXAMPLES))
    modes = {
        file.slug: {getattr(file.operation_config.review, kind.value).mode for kind in ReviewType}
        for file in (english, korean)
    }
    assert modes == {"oneul-tech": {"manual"}, "byte-sized-news": {"auto"}}
    assert {"TechCrunch"} < english.uses().keys() & korean.uses().keys() | {"The Verge"}
    assert english.operation_config.publish.publish_to == korean.operation_config.publish.publish_to == "sandbox"


def test_the_shortest_file_is_enough(tmp_path: Path):
    [file] = read_channel_files([written(tmp_path, SHORTEST)])
    assert list(file.channel.uses()) == ["News"]


@pytest.mark.parametrize(
    ("line", "text", "field", "says"),
    [
        (7, "desciption: x", "desciption", "unknown key; write description"),
        (7, "name: again", "name", "is there twice, first on line 2"),
        (7, "hashtags: ['#a']", "hashtags[0]", "write one word without the #"),
        (7, "links: [ftp://x.example]", "links[0]", "write one that starts with https://"),
        (7, "status: gone", "status", "'active', 'paused', 'archived'"),
        (7, "topic_config:", "topic_config", "must hold keys and values"),
        (7, "topic_config: 3", "topic_config", "must hold keys and values"),
        (7, "content_config: {target_seconds: 181}", "content_config.target_seconds", "less than or equal to 180"),
        (7, 'content_config: {target_seconds: "20"}', "content_config.target_seconds", "must be a whole number"),
        (7, "content_config: {target_seconds: true}", "content_config.target_seconds", "must be a whole number"),
        (7, "content_config: {temperature: .nan}", "content_config.temperature", "not a number"),
        (7, "content_config: {language: Korean}", "content_config.language", "ISO 639-1"),
        (7, "operation_config: {timezone: Mars/Olympus}", "operation_config.timezone", "write one like Asia/Seoul"),
        (7, "operation_config: {timezone: ../../etc}", "operation_config.timezone", "write one like Asia/Seoul"),
        (
            7,
            "operation_config: {uploads: {target_a_day: 9}}",
            "operation_config.uploads.target_a_day",
            "9 is above most_a_day (4)",
        ),
        (7, "operation_config: {review: {topic: {mode: no}}}", "operation_config.review.topic.mode", "'hybrid'"),
        (7, "source_config: {regions: {mars: 1}}", "source_config.regions.mars", "'domestic', 'foreign', 'global'"),
        (7, "topic_config: {rules: [{keywords: []}]}", "topic_config.rules[0].keywords", "must not be empty"),
        (
            7,
            "topic_config: {score: {weights: {trend: 2}}}",
            "topic_config.score.weights.trend",
            "less than or equal to 1",
        ),
    ],
)
def test_a_fault_names_line_and_field(tmp_path: Path, line: int, text: str, field: str, says: str):
    found = the_problem(tmp_path, SHORTEST + text + "\n")
    assert found[:2] == (line, field)
    assert says in found[2]


@pytest.mark.parametrize("slug", ["Bad", "a b", "a|b", "a,b", "-a", "a-", "한국", "a" * 64, "''"])
def test_a_slug_that_dagster_cannot_address_is_refused(tmp_path: Path, slug: str):
    assert the_problem(tmp_path, SHORTEST.replace("my-channel", slug))[:2] == (1, "slug")


@pytest.mark.parametrize("cron", ["61 * * * *", "* * * *", "every day", "0 0 30 2 *", "''"])
def test_a_cron_expression_that_never_fires_is_refused(tmp_path: Path, cron: str):
    found = the_problem(tmp_path, SHORTEST + f"    cron: {cron!r}\n".replace("\"''\"", "''"))
    assert found[:2] == (7, "sources[0].cron")
    assert "write five fields" in found[2]


SECRETS = [
    "sk-proj-abcdefghijklmnopqrstuvwx",
    "AIzaSyA1234567890abcdefghijklmnopqrstuvw",
    "ya29.a0AfH6SMBx1234567890",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "xoxb-123456789012-abcdefghij",
    "123456789:AAE5x7y8z9A0b1C2d3E4f5G6h7I8j9K0l1M",
    "https://mina:hunter2hunter2@hooks.example/x",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("where", "field"),
    [
        ("description: {}", "description"),
        ("operation_config: {{notifications: {{addresses: [{}]}}}}", "operation_config.notifications.addresses[0]"),
        ("content_config: {{model_secret: {}}}", "content_config.model_secret"),
    ],
)
def test_a_secret_is_refused_and_not_repeated(tmp_path: Path, secret: str, where: str, field: str):
    line, found, message = the_problem(tmp_path, SHORTEST + where.format(f'"{secret}"') + "\n")
    assert (line, found) == (7, field)
    assert "secret" in message
    assert secret not in message


@pytest.mark.parametrize("name", ["9f8A7b6C5d4E3f2A1b0C", "my secret", "a/b", "deadbeef00112233deadbeef00112233"])
def test_a_name_of_a_secret_that_is_no_name_is_refused(tmp_path: Path, name: str):
    path = written(tmp_path, SHORTEST + f'operation_config: {{publish: {{credential: "{name}"}}}}\n')
    [problem] = problems(path)
    assert problem.field == "operation_config.publish.credential"
    assert name not in problem.message


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "not a channel file"),
        (b"- a\n", 1, "not a channel file"),
        (b"slug: a\nname: [1, 2\npersona: {}\n", 3, "not YAML"),
        (b"slug: a: b\n", 1, "not YAML"),
        (b"slug: a\n\tname: b\n", 2, "not YAML"),
        (b"slug: a\nname: \xff\xfe\n", 2, "not UTF-8"),
        (b"slug: a\nname: \x00\n", 2, "control character"),
        (b"slug: a\n---\nslug: b\n", 2, "single document"),
        (b"slug: *nobody\n", 1, "alias"),
        (b"x: &x {x: *x}\n", 1, "deeply nested"),
        (b"[" * 100_000, 1, "nested too deeply"),
        (b"a: " + b"x" * 1_100_000, 1, "larger than"),
    ],
)
def test_what_is_not_a_yaml_file_is_told_by_line(tmp_path: Path, content: bytes, line: int, says: str):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    found = problems(path)
    assert any(problem.line == line and says in problem.message for problem in found), found


def test_a_file_that_multiplies_by_aliases_is_refused_quickly(tmp_path: Path):
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"] + [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    started = time.monotonic()
    assert "aliases" in problems(written(tmp_path, "\n".join(rows)))[0].message
    assert time.monotonic() - started < 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    assert "cannot be read" in problems(tmp_path / "nowhere.yaml")[0].message


MANY_FAULTS = """\
slug: Bad Slug
name: 12
desciption: x
persona:
  name: Mina
  tts_service: espeak
content_config:
  target_seconds: 181
  target_seconds: 20
  retrieval: {semantic_weight: 0.9, oops: 1}
topic_config:
  rules:
    - {keywords: []}
    - {keywords: [a], joined: xor}
sources:
  - name: A
    cron: "61 * * * *"
    type: api
    connection: {url: "https://x.example/{board}"}
  - name: A
    connection: {url: "https://x.example/{board}"}
  - name: B
    connection: {}
"""


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path):
    found = {(problem.line, problem.field) for problem in problems(written(tmp_path, MANY_FAULTS))}
    assert found == {
        (1, "slug"),
        (2, "name"),
        (3, "desciption"),
        (4, "persona.voice_id"),
        (6, "persona.tts_service"),
        (9, "content_config.target_seconds"),
        (10, "content_config.retrieval.semantic_weight"),
        (10, "content_config.retrieval.oops"),
        (13, "topic_config.rules[0].keywords"),
        (14, "topic_config.rules[1].joined"),
        (17, "sources[0].cron"),
        (18, "sources[0].type"),
        (20, "sources[1].name"),
        (21, "sources[1].connection.url"),
        (23, "sources[2].connection.url"),
    }


def test_the_faults_of_several_files_are_told_together(tmp_path: Path):
    first = written(tmp_path, SHORTEST + "oops: 1\n", "a.yaml")
    second = written(tmp_path, SHORTEST.replace("my-channel", "other") + "oops: 1\n", "b.yaml")
    assert [(p.file, p.line) for p in problems(first, second)] == [(str(first), 7), (str(second), 7)]


def test_one_slug_in_two_files_is_refused(tmp_path: Path):
    first, second = (written(tmp_path, SHORTEST, name) for name in ("a.yaml", "b.yaml"))
    [problem] = problems(first, second)
    assert (problem.file, problem.line, problem.field) == (str(second), 1, "slug")
    assert str(first) in problem.message


def test_a_source_declared_in_two_ways_is_refused(tmp_path: Path):
    first = written(tmp_path, SHORTEST, "a.yaml")
    second = written(tmp_path, SHORTEST.replace("my-channel", "other") + "    credibility: 9\n", "b.yaml")
    [problem] = problems(first, second)
    assert (problem.line, problem.field) == (5, "sources[0]")
    assert f"declared differently in {first} (credibility)" in problem.message


def test_a_source_declared_alike_in_two_files_is_shared(tmp_path: Path):
    first = written(tmp_path, SHORTEST, "a.yaml")
    second = written(tmp_path, SHORTEST.replace("my-channel", "other"), "b.yaml")
    assert len(read_channel_files([first, second])) == 2


def test_a_place_in_an_address_may_be_filled_by_the_channel(tmp_path: Path):
    text = SHORTEST.replace("/rss", "/{board}") + "source_config: {sources: {News: {parameters: {board: [ai]}}}}\n"
    assert read_channel_files([written(tmp_path, text)])
    unfilled = SHORTEST.replace("/rss", "/{board}")
    assert the_problem(tmp_path, unfilled)[:2] == (6, "sources[0].connection.url")


@pytest.mark.parametrize(("written_as", "means"), [("no", "no"), ("2026-01-01", "2026-01-01"), ("12:30", "12:30")])
def test_text_is_never_turned_into_a_truth_value_or_a_date(tmp_path: Path, written_as: str, means: str):
    [file] = read_channel_files([written(tmp_path, SHORTEST.replace("My channel", written_as))])
    assert file.channel.name == means
