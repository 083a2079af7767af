"""docs/data-model.md and the migrated database say the same, both ways, and nothing of the given model is missing."""

import pytest
from sqlalchemy.orm import configure_mappers

import shorts_pipeline.database as models
from shorts_pipeline.database import make_engine
from shorts_pipeline_tests.database import catalog, document
from shorts_pipeline_tests.database.catalog import Catalog


@pytest.fixture(scope="module")
def live(database_url: str) -> Catalog:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        found = catalog.read(connection)
    engine.dispose()
    return found


def test_every_column_is_described_as_it_is_and_no_other(live: Catalog) -> None:
    written = document.described()
    assert sorted(written.columns - live.columns) == []
    assert sorted(live.columns - written.columns) == []


def test_every_index_key_and_check_is_described_as_it_is_and_no_other(live: Catalog) -> None:
    written = document.described()
    assert sorted(written.indexes ^ live.indexes) == []
    assert written.keys == live.keys
    assert written.checks == live.checks


def test_every_enum_type_is_described_as_it_is_and_no_other(live: Catalog) -> None:
    assert document.described().enums == live.enums


def test_the_diagram_draws_every_table_and_its_keys(live: Catalog) -> None:
    single = {(index.table, index.columns) for index in live.indexes if index.unique}
    expected: dict[str, dict[str, frozenset[str]]] = {table: {} for table in live.tables}
    for column in live.columns:
        marks = frozenset(
            mark
            for mark, holds in {
                "PK": column.name in live.keys[column.table],
                "FK": bool(column.references),
                "UK": (column.table, column.name) in single,
            }.items()
            if holds
        )
        if marks:
            expected[column.table][column.name] = marks
    assert document.diagram().entities == expected


def test_the_diagram_draws_every_foreign_key_and_no_other(live: Catalog) -> None:
    alone = {(index.table, index.columns) for index in live.indexes if index.unique}
    alone |= {(table, key[0]) for table, key in live.keys.items() if len(key) == 1}
    expected = {
        (
            column.references.split()[0],
            column.table,
            column.name,
            column.null == "null",
            (column.table, column.name) in alone,
        )
        for column in live.columns
        if column.references
    }
    assert document.diagram().lines == expected


def test_every_foreign_key_leads_an_index(live: Catalog) -> None:
    leading = {(index.table, index.columns.split(", ")[0]) for index in live.indexes}
    leading |= {(table, key[0]) for table, key in live.keys.items()}
    keys = {(column.table, column.name) for column in live.columns if column.references}
    assert keys - leading == set()


def test_no_given_column_or_index_is_missing(live: Catalog) -> None:
    text = document.section("The given model")
    columns = {(table, name) for table, names in document.rows(text, "table") for name in document.words(names)}
    indexes = {(table, name) for name, table in document.rows(text, "index")}
    assert len(columns) == 171
    assert len(indexes) == 20
    assert columns - {(column.table, column.name) for column in live.columns} == set()
    assert indexes - {(index.table, index.name) for index in live.indexes} == set()


def test_no_given_enum_value_is_missing(live: Catalog) -> None:
    given = document.rows(document.section("The given model"), "enum class")
    assert len(given) == 13
    stored = list(live.enums.values())
    for name, values in given:
        members = tuple(member.value for member in getattr(models, name))
        assert set(document.words(values)) <= set(members), name
        assert members in stored, name


def test_every_relationship_has_its_name_and_loads_only_when_asked() -> None:
    configure_mappers()
    written = {
        name: set(document.words(cell))
        for name, cell in document.rows(document.section("Relationships in Python"), "class")
    }
    mapped = {
        mapper.class_.__name__: {relation.key for relation in mapper.relationships}
        for mapper in models.Base.registry.mappers
        if mapper.relationships
    }
    assert mapped == written
    lazy = {relation.lazy for mapper in models.Base.registry.mappers for relation in mapper.relationships}
    assert lazy == {"raise"}
