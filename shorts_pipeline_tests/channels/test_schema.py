"""What is published about channel files is what the models say."""

from pathlib import Path

import pytest

from shorts_pipeline.channels.schema import TABLE_START, channel_schema, keys_table, published
from shorts_pipeline_tests.channels.files import EXAMPLES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in published(ROOT)])
def test_the_published_file_is_up_to_date(path: Path):
    assert path.read_text(encoding="utf-8") == published(ROOT)[path], "run `shorts channels schema --write`"


def test_every_key_has_a_description_and_nothing_unknown_is_allowed():
    schema = channel_schema()
    for model in [schema, *schema["$defs"].values()]:
        if "properties" in model:
            assert model["additionalProperties"] is False
            missing = [
                key for key, part in model["properties"].items() if not (part.get("description") or "$ref" in part)
            ]
            assert not missing, (model["title"], missing)


def test_the_table_names_keys_in_lists_and_under_names():
    table = keys_table()
    for key in ("slug", "sources[].connection.url", "topic_config.include.keywords.<name>.synonyms"):
        assert f"| `{key}` |" in table
    assert "| `content_config.target_seconds` | whole number, 5 to 180 | `45` |" in table


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_name_the_schema_for_editors(path: Path):
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=./schema.json\n")


def test_the_page_has_one_place_for_the_table():
    assert (ROOT / "docs/channels.md").read_text(encoding="utf-8").count(TABLE_START) == 1
