from itertools import product

import pytest
from sqlalchemy.orm import Session

from shorts_pipeline.database import (
    ReviewQueue,
    ReviewStatus,
    Script,
    ScriptStatus,
    Topic,
    TopicStatus,
    Upload,
    UploadStatus,
    Video,
    VideoStatus,
)
from shorts_pipeline.review.states import (
    REVIEW,
    SCRIPT,
    TOPIC,
    UPLOAD,
    VIDEO,
    AlreadyMoved,
    IllegalMove,
    may_move,
    move,
)
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload

TABLES = [
    (TOPIC, TopicStatus),
    (SCRIPT, ScriptStatus),
    (VIDEO, VideoStatus),
    (UPLOAD, UploadStatus),
    (REVIEW, ReviewStatus),
]


@pytest.mark.parametrize(("table", "enum"), TABLES)
def test_every_status_has_its_line_and_leads_only_to_statuses_of_its_enum(table, enum):
    assert set(table) == set(enum)
    assert all(set(targets) <= set(enum) and source not in targets for source, targets in table.items())


def test_what_ended_stays_ended():
    for table, end in [
        (TOPIC, TopicStatus.USED),
        (TOPIC, TopicStatus.REJECTED),
        (TOPIC, TopicStatus.EXPIRED),
        (SCRIPT, ScriptStatus.USED),
        (SCRIPT, ScriptStatus.REJECTED),
        (VIDEO, VideoStatus.PUBLISHED),
        (VIDEO, VideoStatus.REJECTED),
        (UPLOAD, UploadStatus.PUBLISHED),
        (UPLOAD, UploadStatus.REJECTED),
        (REVIEW, ReviewStatus.REJECTED),
        (REVIEW, ReviewStatus.EXPIRED),
    ]:
        assert table[end] == frozenset()


def test_nothing_that_was_refused_can_ever_be_sent():
    """No path leads from rejected to a status that publishes."""
    for table in (TOPIC, SCRIPT, VIDEO, UPLOAD):
        rejected = next(status for status in table if status == "rejected")
        assert not table[rejected]


def test_every_illegal_move_is_refused_and_every_legal_one_made(sessions):
    with sessions.begin() as session:
        channel = a_channel(session)
        topic = a_topic(session, channel)
        script = a_script(session, topic)
        video = a_video(session, script)
        upload = an_upload(session, video)
        review = ReviewQueue(review_type="topic", target_id=topic.id, channel_id=channel.id)
        session.add(review)
        session.flush()
        rows = [(Topic, topic), (Script, script), (Video, video), (Upload, upload), (ReviewQueue, review)]
        for (model, row), (_, enum) in zip(rows, TABLES, strict=True):
            _try_all_moves(session, model, row, enum)


def _try_all_moves(session: Session, model, row, enum):
    column = "upload_status" if model is Upload else "status"
    for source, to in product(enum, enum):
        setattr(row, column, source)
        session.flush()
        if may_move(model, source, to):
            move(session, model, row.id, source=source, to=to)
            session.refresh(row)
            assert getattr(row, column) == to
        else:
            with pytest.raises(IllegalMove):
                move(session, model, row.id, source=source, to=to)
            assert getattr(row, column) == source


def test_a_row_that_somebody_moved_is_not_moved_again(sessions):
    with sessions.begin() as session:
        topic = a_topic(session, a_channel(session))
        move(session, Topic, topic.id, source=TopicStatus.PENDING, to=TopicStatus.APPROVED)
        with pytest.raises(AlreadyMoved, match="no longer pending"):
            move(session, Topic, topic.id, source=TopicStatus.PENDING, to=TopicStatus.REJECTED)
        session.refresh(topic)
        assert topic.status is TopicStatus.APPROVED


def test_a_move_can_set_other_columns_in_the_same_statement(sessions):
    with sessions.begin() as session:
        script = a_script(session, a_topic(session, a_channel(session)))
        values = {"reviewed_by": "kim"}
        move(session, Script, script.id, source=ScriptStatus.GENERATED, to=ScriptStatus.REJECTED, values=values)
        assert script.status is ScriptStatus.REJECTED, "rows that the session holds know it, too"
        session.refresh(script)
        assert script.reviewed_by == "kim"
