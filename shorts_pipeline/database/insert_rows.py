"""Insert rows: many rows of one table in one statement whose text is always the same.

The rows travel as one JSON parameter. A `VALUES` list of hundreds of rows costs more in writing, parsing and planning
the statement than the rows do.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from shorts_pipeline.database.base import Base

NOTHING_MORE: Mapping[str, str] = {}


def insert_rows(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    on_conflict: str = "",
    returning: str = "",
    computed: Mapping[str, str] = NOTHING_MORE,
) -> list[Row[Any]]:
    """Insert rows (column → plain value; all with the same columns); what `returning` names of those inserted.

    `on_conflict` ("(column) DO NOTHING"), `returning` and `computed` (column → SQL) are SQL, written by us and never
    taken from outside. What is not given has the server's default.
    """
    if not rows:
        return []
    columns = ", ".join(rows[0])
    into = ", ".join((*rows[0], *computed))
    selected = ", ".join((*rows[0], *computed.values()))
    # Names come from our own models, values are one parameter.
    statement = (
        f"INSERT INTO {model.__tablename__} ({into}) SELECT {selected}"  # noqa: S608
        f" FROM (SELECT {columns}"
        f" FROM json_populate_recordset(NULL::{model.__tablename__}, CAST(:rows AS json))) AS given"
        f"{' ON CONFLICT ' + on_conflict if on_conflict else ''}{' RETURNING ' + returning if returning else ''}"
    )
    result = session.execute(text(statement), {"rows": to_json(rows).decode()})
    return list(result) if returning else []
