"""The training set: what did well and passed review, the same row never twice, the same rows the same bytes."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import Channel, Performance, Script, ScriptStatus, Upload, Video
from shorts_pipeline.performance import training_set
from shorts_pipeline.performance.training_set import extend_training_set
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline_tests.rows import a_channel, a_published_upload


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def a_success(session: Session, channel: Channel, said: str, **script: Any) -> Upload:
    """A published short whose script says `said` and did well."""
    upload = a_published_upload(session, channel)
    script_id = select(Video.script_id).where(Video.id == upload.video_id).scalar_subquery()
    values = {"script_text": said, "quality_score_style": 0.9, "quality_score_hook": 0.9, **script}
    session.execute(update(Script).where(Script.id == script_id).values(values))
    session.add(Performance(upload_id=upload.id, views=10**5, is_high_performer=True))
    session.flush()
    return upload


def lines(store: MediaStore, file: str | None) -> list[Any]:
    assert file is not None
    return [json.loads(line) for line in store.path(file).read_text("utf-8").splitlines()]


def said(store: MediaStore, file: str | None) -> list[str]:
    return [line["messages"][2]["content"] for line in lines(store, file)]


def test_a_success_becomes_a_conversation_of_persona_topic_and_script(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session, persona={"name": "해설자", "communication_style": {"tone": "warm"}})
        a_success(session, channel, "첫 대본")
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert added.file == f"training/{channel.slug}/0001.jsonl"
    (line,) = lines(store, added.file)
    system, user, assistant = line["messages"]
    assert (system["role"], user["role"], assistant["role"]) == ("system", "user", "assistant")
    assert system["content"].startswith("해설자\nTone: warm.")
    assert "반도체" in user["content"]
    assert assistant["content"] == "첫 대본"
    with sessions() as session:
        assert session.scalars(select(Performance.added_to_training)).one() is True


def test_a_row_is_never_added_twice(sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock):
    with sessions.begin() as session:
        channel = a_channel(session)
        a_success(session, channel, "하나")
    extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    again = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (again.added, again.file, again.examples) == (0, None, 1)
    with sessions.begin() as session:
        a_success(session, channel, "둘")
    third = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (third.file, said(store, third.file)) == (f"training/{channel.slug}/0002.jsonl", ["둘"])
    manifest = json.loads(store.path(f"training/{channel.slug}/manifest.json").read_text("utf-8"))
    assert [version["examples"] for version in manifest["versions"]] == [1, 1]


def test_the_same_script_of_two_rows_is_written_once(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session)
        first, second = a_success(session, channel, "같은 대본"), a_success(session, channel, "같은 대본")
        topics = select(Script.topic_id).where(Script.script_text == "같은 대본")
        session.execute(
            update(training_set.Topic)
            .where(training_set.Topic.id.in_(topics))
            .values(title_original="같은 제목", summary=None)
        )
        assert first.id != second.id
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (added.added, added.repeats) == (1, 1)
    assert said(store, added.file) == ["같은 대본"]
    assert extend_training_set(sessions, store, channel=channel.slug, clock=clock).added == 0


def test_the_same_rows_give_the_same_bytes(sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock):
    with sessions.begin() as session:
        channel = a_channel(session)
        for number in range(5):
            a_success(session, channel, f"대본 {number}")
    made = []
    for folder in ("one", "two"):
        store = MediaStore(tmp_path / folder)
        added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
        made.append(store.path(str(added.file)).read_bytes())
        with sessions.begin() as session:
            session.execute(update(Performance).values(added_to_training=False))
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("script", "performance"),
    [
        ({"quality_score_style": 0.69}, {}),
        ({"quality_score_hook": 0.1}, {}),
        ({"quality_score_style": None}, {}),
        ({"status": ScriptStatus.REJECTED}, {}),
        ({}, {"is_high_performer": False}),
    ],
)
def test_only_what_did_well_passed_review_and_is_good_is_taken(
    sessions: sessionmaker[Session],
    store: MediaStore,
    clock: ManualClock,
    script: dict[str, Any],
    performance: dict[str, Any],
):
    with sessions.begin() as session:
        channel = a_channel(session)
        a_success(session, channel, "대본", **script)
        if performance:
            session.execute(update(Performance).values(**performance))
    assert extend_training_set(sessions, store, channel=channel.slug, clock=clock).added == 0


def test_a_run_killed_after_its_files_writes_the_same_version_again(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
):
    """Files were there, the flags were rolled back: without care the rows would stand in two files."""
    with sessions.begin() as session:
        channel = a_channel(session)
        a_success(session, channel, "하나")
    write = training_set._write_manifest

    def killed(*arguments: Any) -> None:
        write(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(training_set, "_write_manifest", killed)
    with pytest.raises(KeyboardInterrupt):
        extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    monkeypatch.undo()
    with sessions.begin() as session:
        a_success(session, channel, "둘")
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert added.file == f"training/{channel.slug}/0001.jsonl"
    assert sorted(said(store, added.file)) == ["둘", "하나"]
    assert sorted(path.name for path in store.path(f"training/{channel.slug}").iterdir()) == [
        "0001.jsonl",
        "manifest.json",
    ]


def test_a_channel_may_keep_its_scripts_out_of_training(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session, operation_config={"training": {"enabled": False}})
        a_success(session, channel, "하나")
    assert extend_training_set(sessions, store, channel=channel.slug, clock=clock).skipped
