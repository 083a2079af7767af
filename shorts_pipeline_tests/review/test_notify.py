"""What people are told, over the true apprise against a webhook of ours."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import dagster as dg
import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from shorts_pipeline.database import ChannelStatus, Credential, ReviewQueue, UploadStatus, VideoStatus
from shorts_pipeline.database.documents import OperationConfig
from shorts_pipeline.database.enums import CredentialState
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.notices import NoticesResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.review.gates import submit
from shorts_pipeline.review.message import MOST_LINES
from shorts_pipeline.review.notices import notices
from shorts_pipeline.review.notify import notify
from shorts_pipeline.review.risk import Risk
from shorts_pipeline.review.sensors import notifications
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.review.inbox import inbox
from shorts_pipeline_tests.rows import a_channel, a_script, a_topic, a_video, an_upload


@pytest.fixture
def box():
    with inbox() as running:
        yield running


@pytest.fixture
def tell(sessions, clock, box):
    """One round of telling; the secret INBOX holds the webhook's address, BROKEN one where nobody is."""
    addresses = {"INBOX": box.address, "BROKEN": "json://127.0.0.1:1/hook", "NONSENSE": "hello"}

    def secret(name):
        if name not in addresses:
            raise ConfigurationError(f"no secret {name}: set it in the environment")
        return SecretStr(addresses[name])

    return lambda: notify(sessions, NoticesResource(), secret, clock=clock)


def a_listening_channel(session, *names, events=None, **over):
    notifications = {"addresses": names or ("INBOX",), **({"events": events} if events else {})}
    return a_channel(session, operation_config=OperationConfig.model_validate({"notifications": notifications}), **over)


def a_waiting(session, channel, clock, risk=10.0, title="반도체 수출 증가", hours=48):
    topic = a_topic(session, channel, title_original=title)
    request = about(topic, channel, risk=Risk(risk, ("sensitive (crime): 흉기",)))
    submit(session, [request], now=clock.now())
    session.execute(
        update(ReviewQueue)
        .where(ReviewQueue.target_id == topic.id)
        .values(created_at=clock.now(), expires_at=clock.now() + timedelta(hours=hours))
    )
    return session.scalars(select(ReviewQueue.id).where(ReviewQueue.target_id == topic.id)).one()


def test_what_waits_is_told_once_in_one_message_of_the_channels_language(sessions, clock, box, tell):
    with sessions.begin() as session:
        channel = a_listening_channel(session, name="오늘의 테크", slug="oneul")
        for title in ("수출 증가", "금리 인하"):
            a_waiting(session, channel, clock, title=title)
        a_waiting(session, channel, clock, risk=80, title="흉기 사건")
    assert (tell().messages, tell().messages) == (1, 0)
    (said,) = box.came
    assert said["title"] == "[오늘의 테크] 위험이 높은 검토 1, 기다리는 검토 2"
    lines = said["message"].splitlines()
    assert lines[0] == "• 위험이 높은 검토 — 흉기 사건 (topic, 80): sensitive (crime): 흉기"
    assert lines[-1] == "보기: shorts review list --channel oneul"
    with sessions() as session:
        assert set(session.scalars(select(ReviewQueue.notification_sent))) == {True}


def test_a_review_about_to_expire_is_told_of_once_more(sessions, clock, box, tell):
    with sessions.begin() as session:
        channel = a_listening_channel(session, name="News", content_config={"language": "en"})
        a_waiting(session, channel, clock)
    tell()
    clock.move(timedelta(hours=43))
    assert (tell().told, tell().told) == (1, 0)
    assert "about to expire 1" in box.came[-1]["title"]
    clock.move(timedelta(hours=4))
    assert tell().told == 0


def test_what_people_were_told_of_is_not_read_again_until_it_is_about_to_expire(sessions, clock, box, tell):
    with sessions.begin() as session:
        channel = a_listening_channel(session)
        a_waiting(session, channel, clock)
        a_waiting(session, channel, clock, title="금리 인하", hours=3)
    tell()
    with sessions() as session:
        assert [told.event for told in notices(session, channel, clock.now())] == ["waiting"]
        clock.move(timedelta(hours=2, minutes=30))
        assert [told.event for told in notices(session, channel, clock.now())] == ["waiting", "expiring"]


def test_a_short_time_is_no_reason_to_remind_at_once(sessions, clock, box, tell):
    with sessions.begin() as session:
        a_waiting(session, a_listening_channel(session, events=["expiring"]), clock, hours=4)
    assert tell().told == 0
    clock.move(timedelta(hours=3, minutes=1))
    assert tell().told == 1


def test_failed_uploads_and_lapsed_accounts_are_told_of_and_told_again_only_when_they_are_news(
    sessions, clock, box, tell
):
    with sessions.begin() as session:
        channel = a_listening_channel(session, slug="news")
        upload = an_upload(session, a_video(session, a_script(session, a_topic(session, channel))))
        upload.upload_status, upload.error_message = UploadStatus.FAILED, "rejected: duplicate"
        account = Credential(
            channel_id=channel.id,
            purpose="youtube",
            encrypted_token="one",
            state=CredentialState.NEEDS_REAUTHORISING,
        )
        session.add(account)
    assert (tell().told, tell().told) == (2, 0)
    assert "`shorts youtube connect news`" in box.came[0]["message"]
    assert "rejected: duplicate" in box.came[0]["message"]
    with sessions.begin() as session:
        session.merge(upload).error_message = "rejected: copyright"
        session.merge(account).encrypted_token = "another"
    assert tell().told == 2


def test_a_hundred_things_are_one_message_that_fits_a_telephone(sessions, clock, box, tell):
    with sessions.begin() as session:
        channel = a_listening_channel(session)
        for number in range(100):
            a_waiting(session, channel, clock, title=f"{number}번째 소식 " + "길다 " * 100)
    assert (tell().messages, len(box.came)) == (1, 1)
    lines = box.came[0]["message"].splitlines()
    assert len(lines) == MOST_LINES + 2
    assert lines[-2] == f"그 밖에 {100 - MOST_LINES}건"
    assert max(map(len, lines)) < 200


def test_a_message_that_nobody_took_is_told_later_and_one_that_was_taken_is_not(sessions, clock, box, tell):
    with sessions.begin() as session:
        a_waiting(session, a_listening_channel(session, "BROKEN", "INBOX"), clock)
    box.status = 500
    first = tell()
    assert (first.messages, len(first.faults)) == (0, 2)
    assert tell().faults == [], "it rests first"
    box.status = 200
    clock.move(timedelta(minutes=3))
    second = tell()
    assert (second.messages, len(second.faults), len(box.came)) == (1, 1, 1)
    clock.move(timedelta(hours=2))
    assert tell().messages == 0, "one address has it: it is not told twice"


def test_faults_name_the_secret_and_never_what_it_holds(sessions, clock, box, tell):
    with sessions.begin() as session:
        channel = a_listening_channel(session, "BROKEN", "NONSENSE", "MISSING", slug="news")
        a_waiting(session, channel, clock)
    faults = "\n".join(tell().faults)
    assert "127.0.0.1" not in faults
    assert "hello" not in faults
    assert "news, NONSENSE: the secret is no address that apprise knows" in faults
    assert "news, MISSING: no secret MISSING" in faults


def test_eight_processes_at_once_tell_everything_once(sessions, clock, box, tell):
    box.delay = 0.05
    with sessions.begin() as session:
        channel = a_listening_channel(session)
        for number in range(5):
            a_waiting(session, channel, clock, title=f"{number}번째 소식")
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: tell(), range(8)))
    assert sum(each.told for each in done) == 5
    assert sum(each.messages for each in done) == len(box.came)


def test_decided_reviews_and_paused_channels_are_not_spoken_of(sessions, clock, box, tell):
    with sessions.begin() as session:
        decided = a_waiting(session, a_listening_channel(session), clock)
        approve(session, decided, by="kim", now=clock.now())
        a_waiting(session, a_listening_channel(session, status=ChannelStatus.PAUSED), clock)
        a_waiting(session, a_channel(session), clock)
    assert (tell().messages, box.came) == (0, [])


def test_only_the_events_a_channel_wants_are_told(sessions, clock, box, tell):
    with sessions.begin() as session:
        channel = a_listening_channel(session, events=["upload-failed"])
        a_waiting(session, channel, clock)
        video = a_video(session, a_script(session, a_topic(session, channel)), status=VideoStatus.APPROVED)
        an_upload(session, video, upload_status=UploadStatus.FAILED, error_message="too long")
    assert tell().told == 1


def test_the_sensor_tells_and_says_what_it_did(sessions, own_database_url, clock, box, tmp_path, monkeypatch):
    monkeypatch.setenv("INBOX", box.address)
    with sessions.begin() as session:
        a_waiting(session, a_listening_channel(session), clock)
    resources = {
        "postgres": PostgresResource(url=own_database_url),
        "notices": NoticesResource(),
        "clock": ClockResource(file=str(tmp_path / "clock")),
    }
    with dg.DagsterInstance.ephemeral() as instance:
        skipped = notifications(dg.build_sensor_context(instance=instance, resources=resources))
    assert skipped.skip_message == "1 things told in 1 messages"
