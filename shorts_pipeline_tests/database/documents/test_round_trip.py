"""Any valid document comes back from its column as it was, and keeps only what was set."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.database import Channel, documents
from shorts_pipeline.database.documents.operation_config import OperationConfig
from shorts_pipeline.database.documents.topic_config import TopicConfig
from shorts_pipeline_tests.database.documents.values import documents_of
from shorts_pipeline_tests.rows import a_channel

MODELS = sorted(
    (model for model in vars(documents).values() if isinstance(model, type) and issubclass(model, BaseModel)),
    key=lambda model: model.__name__,
)
WITHOUT_DEFAULTS = {"SourceConnection", "ScoreWeights"}


def stored(document: BaseModel) -> Any:
    return json.loads(json.dumps(document.model_dump(mode="json", exclude_unset=True)))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_any_valid_document_round_trips(model: type[BaseModel], data: st.DataObject):
    document = data.draw(documents_of(model))
    again = model.model_validate(stored(document))
    assert again == document
    assert stored(again) == stored(document)


@given(topic=documents_of(TopicConfig), operation=documents_of(OperationConfig))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_valid_document_round_trips_through_the_database(
    sessions: sessionmaker[Session], topic: TopicConfig, operation: OperationConfig
):
    with sessions.begin() as session:
        made = a_channel(session, topic_config=topic, operation_config=operation).id
    with sessions() as session:
        channel = session.scalars(select(Channel).where(Channel.id == made)).one()
        assert (channel.topic_config, channel.operation_config) == (topic, operation)


@pytest.mark.parametrize("model", [m for m in MODELS if m.__name__ not in WITHOUT_DEFAULTS], ids=lambda m: m.__name__)
def test_every_key_has_a_default_and_nothing_set_stores_nothing(model: type[BaseModel]):
    assert stored(model()) == {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_document_is_frozen_and_refuses_unknown_keys(model: type[BaseModel]):
    assert model.model_config["frozen"] is True
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        model.model_validate({"nobody_knows_this": 1})


def test_a_refused_value_is_not_repeated():
    with pytest.raises(ValidationError) as raised:
        documents.ContentConfig.model_validate({"model_secret": "sk-proj-abcdefghijklmnopqrstuvwx"})
    assert "abcdefghij" not in str(raised.value)
