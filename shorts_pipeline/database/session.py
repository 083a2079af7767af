"""Engine and session factory. Who opens a transaction owns it; see `resources/postgres.py` for Dagster."""

from pydantic_core import from_json
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

CONNECT_TIMEOUT_SECONDS = 10


def make_engine(url: str) -> Engine:
    """An engine on `url` (postgresql+psycopg://…) that notices dead connections before it uses them."""
    return create_engine(
        url,
        pool_pre_ping=True,
        json_deserializer=from_json,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS, "application_name": "shorts_pipeline"},
    )


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """A session factory whose rows stay readable after their transaction."""
    return sessionmaker(engine, expire_on_commit=False)
