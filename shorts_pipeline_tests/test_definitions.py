"""The code location as Dagster sees it: loaded in an interpreter of its own, complete, and quick to load."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from shorts_pipeline.definitions import defs
from shorts_pipeline.partitions import channel_days, channels

PROJECT = Path(__file__).parents[1]
PER_CHANNEL = {
    "topics",
    "scripts",
    "content_chunks",
    "videos",
    "uploads",
    "performance",
    "performance_audience",
    "publishing_times",
    "training_set",
    "series",
}
# First the large libraries; then what a verb or a connection brings: shells import verbs in their bodies, so that
# loading stays cheap (bench/import_cost.py).
HEAVY = [
    *("torch", "sentence_transformers", "moviepy", "kiwipiepy", "googleapiclient", "sklearn", "matplotlib", "av"),
    *("PIL", "numpy", "sqlalchemy", "psycopg", "redis", "qdrant_client", "requests", "httplib2", "google.auth"),
    *("regex", "feedparser", "fastfeedparser", "shorts_pipeline.database", "shorts_pipeline.language"),
]


def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_code_location_loads_in_a_fresh_interpreter_without_anything_heavy() -> None:
    code = (
        f"import sys, json, shorts_pipeline.definitions; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == []
    assert done.stderr == ""


def test_dagster_finds_the_definitions_valid(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", str(PROJECT / "workspace.yaml")],
        cwd=PROJECT,
        env={**os.environ, "DAGSTER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_box_of_the_pipeline_is_an_asset_with_its_partitions() -> None:
    found = specs()
    assert {name for name, spec in found.items() if spec.partitions_def == channels} >= PER_CHANNEL
    assert found["performance_snapshots"].partitions_def == channel_days
    assert found["source_items"].partitions_def is None


@pytest.mark.parametrize(
    ("asset", "upstream"),
    [
        ("topics", "source_items"),
        ("scripts", "topics"),
        ("content_chunks", "scripts"),
        ("videos", "scripts"),
        ("uploads", "videos"),
        ("performance_snapshots", "uploads"),
        ("performance", "performance_snapshots"),
        ("publishing_times", "performance"),
        ("series", "performance"),
        ("training_set", "performance"),
    ],
)
def test_the_lineage_is_the_way_a_short_takes(asset: str, upstream: str) -> None:
    assert upstream in {dep.asset_key.to_user_string() for dep in specs()[asset].deps}


@pytest.mark.parametrize("asset", sorted({*PER_CHANNEL, "source_items", "performance_snapshots"}))
def test_every_asset_reads_well_in_the_catalog(asset: str) -> None:
    spec = specs()[asset]
    assert spec.description
    assert spec.group_name != "default"
    assert spec.owners
    assert spec.kinds
    assert "dagster/column_schema" in spec.metadata


def test_every_asset_names_its_room() -> None:
    assert {name: spec.tags.get("stage") for name, spec in specs().items()} == {
        name: spec.group_name for name, spec in specs().items()
    }


def test_asset_bodies_only_open_call_and_report() -> None:
    """At most 15 lines: what an asset does belongs in the verbs of its room."""
    for path in (PROJECT / "shorts_pipeline").glob("*/assets.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any("asset" in ast.dump(one) for one in node.decorator_list):
                lines = node.body[-1].end_lineno - node.body[1].lineno + 1 if len(node.body) > 1 else 0
                assert lines <= 15, f"{path.parent.name}.{node.name} has {lines} lines"


def test_only_the_shells_import_dagster() -> None:
    shells = {"assets.py", "sensors.py", "schedules.py", "checks.py", "definitions.py", "partitions.py"}
    for path in (PROJECT / "shorts_pipeline").rglob("*.py"):
        room = path.relative_to(PROJECT / "shorts_pipeline").parts[0]
        if path.name in shells or room in {"resources", "demo", "cli", "embedded"}:
            continue
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert "dagster" not in imported, path


def test_a_resource_can_be_replaced_by_its_key() -> None:
    from shorts_pipeline.definitions import build_defs
    from shorts_pipeline.resources.redis import RedisResource

    other = RedisResource(url="redis://127.0.0.1:1/7")
    assert build_defs(resource_overrides={"redis": other}).resources["redis"] is other
