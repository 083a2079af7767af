from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import ScriptStatus, UploadStatus, VideoStatus
from shorts_pipeline.scripts.candidates import DAYS_AHEAD, still_needed
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload

TARGET = 2


@pytest.mark.parametrize(
    ("status", "hours", "needed"),
    [
        (VideoStatus.APPROVED, 5, TARGET * DAYS_AHEAD - 1),
        (VideoStatus.UPLOADED, 5, TARGET * DAYS_AHEAD - 1),
        (VideoStatus.UPLOADED, -5, TARGET * DAYS_AHEAD),
        (VideoStatus.PUBLISHED, -5, TARGET * DAYS_AHEAD),
    ],
)
def test_what_was_sent_ahead_of_its_time_counts_until_then(
    sessions: sessionmaker[Session], clock: ManualClock, status: VideoStatus, hours: int, needed: int
) -> None:
    """Uploads go up days early as private: a channel whose days are full wrote scripts for them again."""
    with sessions.begin() as session:
        channel = a_channel(session)
        script = a_script(session, a_topic(session, channel), status=ScriptStatus.USED)
        video = a_video(session, script, status=status)
        an_upload(
            session, video, scheduled_at=clock.now() + timedelta(hours=hours), upload_status=UploadStatus.UPLOADED
        )
        assert still_needed(session, channel.id, TARGET, clock.now()) == needed
