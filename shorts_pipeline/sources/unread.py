"""Unread: sources that stand for where stories came from and are never read: a person, a channel's own past."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shorts_pipeline.database import Source, SourceRegion, SourceType


def unread_source(session: Session, name: str, region: SourceRegion, **values: object) -> Source:
    """The source of this name, made where there is none: inactive, its address one that cannot exist."""
    address = f"https://{name.lower().replace(' ', '-')}.invalid/"
    row = {"id": uuid4(), "name": name, "type": SourceType.API, "region": region, "is_active": False, **values}
    statement = insert(Source).values(connection_config={"url": address}, **row)
    session.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
    return session.scalars(select(Source).where(Source.name == name)).one()
