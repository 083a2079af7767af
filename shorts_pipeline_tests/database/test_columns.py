"""What the column types promise: values in enums, zones on timestamps, models in documents, defaults on the server."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, delete, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError, StatementError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from shorts_pipeline.database import (
    Base,
    Channel,
    ChannelStatus,
    Performance,
    Persona,
    Source,
    Topic,
    TopicStatus,
    TTSService,
    Upload,
    UploadStatus,
)
from shorts_pipeline.database.documents import OperationConfig, TopicConfig
from shorts_pipeline_tests.rows import a_channel, a_published_upload, a_source, a_topic

SEOUL = timezone(timedelta(hours=9))


def stored(session: Session, statement: str) -> Any:
    return session.execute(text(statement)).scalar_one()


def test_enums_store_their_values(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        a_channel(session, status=ChannelStatus.PAUSED, persona={"tts_service": TTSService.EDGE_TTS})
        assert stored(session, "SELECT status::text FROM channels") == "paused"
        assert stored(session, "SELECT tts_service::text FROM personas") == "edge-tts"


def test_a_word_outside_its_list_is_refused(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        upload = a_published_upload(session, a_channel(session))
        assert session.scalars(select(Upload.upload_status)).one() is UploadStatus.PUBLISHED
    with sessions() as session, pytest.raises(StatementError, match="'sent' is not a valid UploadStatus"):
        session.execute(update(Upload).where(Upload.id == upload.id).values(upload_status="sent"))


def test_a_plain_sql_insert_works_through_server_defaults(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.execute(text("INSERT INTO channels (name, slug) VALUES ('Plain', 'plain')"))
        session.execute(
            text(
                "INSERT INTO sources (name, type, region, connection_config) VALUES"
                " ('S', 'rss', 'global', '{\"url\": \"https://a.example/f.xml\"}')"
            )
        )
        session.execute(text("INSERT INTO personas (channel_id, name, voice_id) SELECT id, 'P', 'v' FROM channels"))
        session.execute(
            text(
                "INSERT INTO topics (channel_id, source_id, title_original, title_normalized, source_url, content_hash)"
                " SELECT c.id, s.id, 't', 't', 'https://a.example/1', 'h' FROM channels c, sources s"
            )
        )
    with sessions() as session:
        channel = session.scalars(select(Channel)).one()
        assert channel.topic_config == TopicConfig()
        assert (channel.status, channel.default_hashtags) == (ChannelStatus.ACTIVE, [])
        assert channel.created_at.tzinfo is UTC
        assert session.scalars(select(Source.cron_expression)).one() == "0 */2 * * *"
        assert session.scalars(select(Persona.voice_gender)).one() == "male"
        topic = session.scalars(select(Topic)).one()
        assert (topic.status, topic.entities, topic.score_parts) == (TopicStatus.PENDING, [], {})


def test_python_and_server_defaults_are_the_same(engine: Engine) -> None:
    """A row made through the ORM and one made by plain SQL must not differ."""
    differing = []
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.default, ScalarElementColumnDefault) and column.server_default is not None:
                    raw = column.server_default.arg  # type: ignore[attr-defined]
                    expression = getattr(raw, "text", f"'{raw}'")
                    kind = column.type.compile(engine.dialect)
                    server = connection.execute(text(f"SELECT ({expression})::{kind}")).scalar_one()
                    if server != column.default.arg:
                        differing.append((table.name, column.name, server, column.default.arg))
    assert differing == []


def test_every_not_null_column_with_a_default_has_it_on_the_server_too() -> None:
    only_here = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.default is not None and column.server_default is None
    ]
    assert only_here == []


def test_a_naive_datetime_is_refused(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, pytest.raises(StatementError, match="needs a time zone"):
        a_source(session, last_collected_at=datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_a_time_in_seoul_comes_back_as_the_same_instant_in_utc(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        a_source(session, last_collected_at=datetime(2026, 3, 2, 9, tzinfo=SEOUL))
    with sessions() as session:
        at = session.scalars(select(Source.last_collected_at)).one()
        assert at == datetime(2026, 3, 2, tzinfo=UTC)
        assert at is not None
        assert at.tzinfo is UTC


def test_updated_at_moves_on_every_update_and_created_at_never(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        channel = a_channel(session)
    with sessions.begin() as session:
        session.execute(update(Channel).values(name="Another"))
    with sessions() as session:
        after = session.scalars(select(Channel)).one()
        assert after.created_at == channel.created_at
        assert after.updated_at > channel.updated_at


def test_a_document_is_its_model_from_the_moment_it_is_set(sessions: sessionmaker[Session]) -> None:
    channel = Channel(name="N", slug="n", operation_config={"uploads": {"target_a_day": 3}})
    assert isinstance(channel.operation_config, OperationConfig)
    assert channel.operation_config.uploads.target_a_day == 3
    with pytest.raises(ValidationError, match="no_such_key"):
        channel.topic_config = {"no_such_key": 1}  # type: ignore[assignment]


def test_only_what_was_chosen_is_stored(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        a_channel(session, operation_config={"uploads": {"target_a_day": 3}})
        assert stored(session, "SELECT operation_config FROM channels") == {"uploads": {"target_a_day": 3}}
        assert stored(session, "SELECT topic_config FROM channels") == {}


def test_documents_are_validated_when_written_in_sets_too(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, pytest.raises(StatementError, match="no_such_key"):
        session.execute(insert(Channel), [{"name": "N", "slug": "n", "topic_config": {"no_such_key": 1}}])


@pytest.mark.parametrize("slug", ["Upper", "a|b", "a,b", "한글", "", "under_score"])
def test_a_slug_that_dagster_could_not_address_is_refused(sessions: sessionmaker[Session], slug: str) -> None:
    with sessions() as session, pytest.raises(IntegrityError, match="ck_channels_slug"):
        a_channel(session, slug=slug)


def test_one_channel_never_has_a_story_twice_and_two_channels_may_share_it(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        first, second = a_channel(session), a_channel(session)
        a_topic(session, first, content_hash="same")
        a_topic(session, second, content_hash="same")
        with pytest.raises(IntegrityError, match="uq_topics_channel_id_content_hash"):
            a_topic(session, first, content_hash="same")


def test_a_relationship_that_was_not_loaded_is_refused(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        a_channel(session)
    with sessions() as session, pytest.raises(InvalidRequestError, match="lazy='raise'"):
        _ = session.scalars(select(Channel)).one().topics


def test_a_channel_goes_with_its_topics_but_history_stays(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        fresh, old = a_channel(session), a_channel(session)
        a_topic(session, fresh)
        upload = a_published_upload(session, old)
        session.add(Performance(upload_id=upload.id))
    with sessions.begin() as session:
        session.execute(delete(Channel).where(Channel.id == fresh.id))
    with sessions() as session, pytest.raises(IntegrityError, match="fk_"):
        session.execute(delete(Channel).where(Channel.id == old.id))
    with sessions() as session, pytest.raises(IntegrityError, match="fk_performances_upload_id_uploads"):
        session.execute(delete(Upload))


def test_a_channel_is_deleted_through_the_session_without_loading_its_rows(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        channel = a_channel(session)
        a_topic(session, channel)
    with sessions.begin() as session:
        session.delete(session.get_one(Channel, channel.id))
    with sessions() as session:
        assert session.scalars(select(Topic)).all() == []
        assert session.scalars(select(Persona)).all() == []


def test_views_past_two_billion_fit(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        upload = a_published_upload(session, a_channel(session))
        session.add(Performance(upload_id=upload.id, views=2**40, watch_time_seconds=2**42))
    with sessions() as session:
        assert session.scalars(select(Performance.views)).one() == 2**40


def test_no_table_keeps_a_secret_in_its_repr() -> None:
    for mapper in Base.registry.mappers:
        assert "__repr__" not in vars(mapper.class_), mapper
        assert inspect(mapper.class_).persist_selectable is not None
