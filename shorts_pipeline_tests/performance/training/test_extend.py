"""The training set: what did well and passed review, the same row never twice, the same rows the same bytes."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database import (
    Channel,
    Performance,
    Persona,
    ReviewType,
    Script,
    ScriptStatus,
    Topic,
    Upload,
    Video,
)
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.performance.training import extend as training_set
from shorts_pipeline.performance.training.extend import extend_training_set
from shorts_pipeline.performance.training.near_repeats import LEAST_SHARED, shared
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.review.edits import edit
from shorts_pipeline_tests.performance.retold import families
from shorts_pipeline_tests.rows import a_channel, a_published_upload

HALF = {"training": {"validation_share": 0.5}}


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


def lines(file: str) -> list[Any]:
    return [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]


def said(*files: str) -> list[str]:
    return [line["messages"][2]["content"] for file in files for line in lines(file)]


def retitled(session: Session, upload: Upload, title: str) -> None:
    """Give the upload's topic a title that is not like those of all the others."""
    topic = select(Script.topic_id).join(Video, Video.script_id == Script.id).where(Video.id == upload.video_id)
    values = {"title_original": title, "title_normalized": title, "summary": None}
    session.execute(update(Topic).where(Topic.id == topic.scalar_subquery()).values(values))


def files_of(store: MediaStore, channel: Channel) -> list[str]:
    return sorted(path.name for path in store.path(f"training/{channel.slug}").iterdir())


def manifest_of(store: MediaStore, channel: Channel) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(store.path(f"training/{channel.slug}/manifest.json").read_text("utf-8"))
    return found


def test_a_success_becomes_a_conversation_of_persona_topic_and_script(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session, persona={"name": "해설자", "communication_style": {"tone": "warm"}})
        a_success(session, channel, "첫 대본")
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert added.files == (str(store.path(f"training/{channel.slug}/0001.train.jsonl")),)
    (line,) = lines(added.files[0])
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
    assert (again.added, again.files, again.train) == (0, (), 1)
    with sessions.begin() as session:
        a_success(session, channel, "둘")
    third = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert said(*third.files) == ["둘"]
    assert third.files[0].endswith("/0002.train.jsonl")
    manifest = manifest_of(store, channel)
    assert [version["examples"] for version in manifest["versions"]] == [1, 1]
    assert manifest["examples"] == {"train": 2, "validation": 0}


def test_the_same_script_of_two_rows_is_written_once(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session)
        a_success(session, channel, "같은 대본")
        a_success(session, channel, "같은  대본\n")
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (added.added, added.repeats) == (1, 1)
    assert [one.split() for one in said(*added.files)] == [["같은", "대본"]]
    assert extend_training_set(sessions, store, channel=channel.slug, clock=clock).added == 0
    with sessions.begin() as session:
        a_success(session, channel, "같은 대본")
        session.execute(update(Persona).values(tagline="이제 다른 사람"))
    later = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (later.added, later.repeats) == (0, 1)


def test_the_same_rows_give_the_same_bytes(sessions: sessionmaker[Session], tmp_path: Path, clock: ManualClock):
    with sessions.begin() as session:
        channel = a_channel(session)
        for number in range(5):
            a_success(session, channel, f"대본 {number}")
    made = []
    for folder in ("one", "two"):
        store = MediaStore(tmp_path / folder)
        added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
        made.append([Path(file).read_bytes() for file in added.files])
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


@pytest.mark.parametrize("listed", [True, False], ids=["after the manifest", "before the manifest"])
def test_a_run_killed_after_its_files_writes_the_same_version_again(
    sessions: sessionmaker[Session],
    store: MediaStore,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    listed: bool,
):
    """Files were there, the flags were rolled back: without care the rows would stand in two files."""
    with sessions.begin() as session:
        channel = a_channel(session, operation_config=HALF)
        for title, script in (own[0] for own in families("ko")):
            retitled(session, a_success(session, channel, script), title)
    write = training_set.write_manifest

    def killed(*arguments: Any) -> None:
        if listed:
            write(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(training_set, "write_manifest", killed)
    with pytest.raises(KeyboardInterrupt):
        extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert "0001.validation.jsonl" in files_of(store, channel)
    with sessions() as session:
        assert set(session.scalars(select(Performance.added_to_training))) == {False}
    monkeypatch.undo()
    with sessions.begin() as session:
        session.execute(text("""UPDATE channels SET operation_config = '{"training": {"validation_share": 0}}'"""))
        retitled(session, a_success(session, channel, "둘"), "둘")
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert sorted(said(*added.files)) == sorted([*(own[0][1] for own in families("ko")), "둘"])
    assert files_of(store, channel) == ["0001.train.jsonl", "manifest.json"]
    assert extend_training_set(sessions, store, channel=channel.slug, clock=clock).added == 0


def test_a_channel_may_keep_its_scripts_out_of_training(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session, operation_config={"training": {"enabled": False}})
        a_success(session, channel, "하나")
    assert extend_training_set(sessions, store, channel=channel.slug, clock=clock).skipped


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_story_told_again_is_never_on_both_sides(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock, language: str, at_once: bool
):
    """All at once, or one version after another: the first tellings, then each story's retellings."""
    with sessions.begin() as session:
        channel = a_channel(session, operation_config=HALF)
    stories = families(language)
    rounds = [[one for own in stories for one in own]] if at_once else _rounds(stories)
    sides: dict[str, list[str]] = {"train": [], "validation": []}
    for number, told in enumerate(rounds, start=1):
        with sessions.begin() as session:
            for title, script in told:
                retitled(session, a_success(session, channel, script), title)
        for file in extend_training_set(sessions, store, channel=channel.slug, clock=clock).files:
            sides[file.split(".")[-2]] += said(file)
        assert len(manifest_of(store, channel)["versions"]) == number
    assert sum(map(len, sides.values())) == sum(map(len, stories))
    assert sides["train"]
    assert sides["validation"]
    assert max(shared(one, other) for one in sides["train"] for other in sides["validation"]) < LEAST_SHARED
    for own in stories:
        assert len({side for side, scripts in sides.items() for _, script in own if script in scripts}) == 1


def _rounds(stories: list[list[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    longest = max(map(len, stories))
    return [[own[number] for own in stories if number < len(own)] for number in range(longest)]


def test_what_would_join_both_sides_is_left_out_and_not_flagged(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    (_, one), (_, other) = (own[0] for own in families("ko")[:2])
    with sessions.begin() as session:
        channel = a_channel(session, operation_config=HALF)
        for title, script in (("가", one), ("나", other)):
            retitled(session, a_success(session, channel, script), title)
    first = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (first.train, first.validation) == (1, 1)
    with sessions.begin() as session:
        bridge = a_success(session, channel, f"{one} {other}")
        retitled(session, bridge, "다")
    second = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (second.added, second.left_out) == (0, 1)
    with sessions() as session:
        flagged = select(Performance.added_to_training).where(Performance.upload_id == bridge.id)
        assert session.scalars(flagged).one() is False


def test_the_manifest_says_what_the_files_are(sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock):
    with sessions.begin() as session:
        channel = a_channel(session, operation_config=HALF)
        for title, script in (own[0] for own in families("en")):
            retitled(session, a_success(session, channel, script), title)
    extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    (version,) = manifest_of(store, channel)["versions"]
    for split, part in version["splits"].items():
        content = store.path(f"training/{channel.slug}/{part['file']}").read_bytes()
        assert part["file"] == f"0001.{split}.jsonl"
        assert part["sha256"] == hashlib.sha256(content).hexdigest()
        assert part["hashes"] == [hashlib.sha256(line).hexdigest() for line in content.splitlines()]
        assert part["examples"] == len(part["rows"]) == len(part["hashes"])
    assert version["published"]["first"] == version["published"]["last"] == "2026-03-01T00:00:00Z"
    assert version["criteria"]["validation_share"] == 0.5
    assert version["criteria"]["high_performer"]["least_views"] == 10_000
    assert version["criteria"]["near_repeat"] == {
        "title_similarity": 0.8, "script_shared": 0.5, "whole_script_shared": 0.8,
    }  # fmt: skip


def test_the_script_that_was_approved_and_filmed_is_what_is_learnt(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    """A person edits the second version while approving it; the first was rejected."""
    with sessions.begin() as session:
        channel = a_channel(session)
        upload = a_success(session, channel, "고치기 전 대본입니다.", script_version=2)
        script = session.scalars(select(Script)).one()
        session.add(Script(channel_id=channel.id, topic_id=script.topic_id, script_text="버린 대본", script_version=1))
        edit(session, ReviewType.SCRIPT, script.id, {"script_text": "사람이 고친 대본입니다."})
        assert upload.video_id
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert said(*added.files) == ["사람이 고친 대본입니다."]


def test_a_row_whose_flag_was_taken_back_is_no_reason_to_forget_later_versions(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    """The versions behind it were dropped from the manifest, though their rows stayed flagged."""
    with sessions.begin() as session:
        channel = a_channel(session)
        old = a_success(session, channel, "하나")
    extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    with sessions.begin() as session:
        a_success(session, channel, "둘")
    extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    with sessions.begin() as session:
        session.execute(update(Performance).where(Performance.upload_id == old.id).values(added_to_training=False))
    again = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (again.added, again.repeats, again.train) == (0, 1, 2)
    assert files_of(store, channel) == ["0001.train.jsonl", "0002.train.jsonl", "manifest.json"]


def test_files_that_were_lost_are_written_anew_and_flags_follow_the_rule_of_now(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session)
        a_success(session, channel, "하나")
        worse = a_success(session, channel, "둘")
    extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    shutil.rmtree(store.path(f"training/{channel.slug}"))
    with sessions.begin() as session:
        session.execute(update(Performance).where(Performance.upload_id == worse.id).values(is_high_performer=False))
    assert extend_training_set(sessions, store, channel=channel.slug, clock=clock).train == 0
    made = extend_training_set(sessions, store, channel=channel.slug, clock=clock, anew=True)
    assert said(*made.files) == ["하나"]
    with sessions() as session:
        flagged = session.scalars(select(Performance.upload_id).where(Performance.added_to_training)).all()
    assert worse.id not in flagged
    assert len(flagged) == 1


def test_a_manifest_that_cannot_be_read_stops_the_run_and_loses_nothing(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    with sessions.begin() as session:
        channel = a_channel(session)
        a_success(session, channel, "하나")
    with store.writing(f"training/{channel.slug}/manifest.json") as path:
        path.write_text('{"versions": [')
    with pytest.raises(NeedsPerson, match=f"shorts training rebuild {channel.slug}"):
        extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    with sessions() as session:
        assert session.scalars(select(Performance.added_to_training)).one() is False


def test_what_was_written_before_there_were_sides_is_all_to_train_with(
    sessions: sessionmaker[Session], store: MediaStore, clock: ManualClock
):
    """The first version of these files had one file a version and no sides: its manifest stopped every later run."""
    with sessions.begin() as session:
        channel = a_channel(session)
        first = a_success(session, channel, "하나")
        row = session.scalars(select(Performance).where(Performance.upload_id == first.id)).one()
        row.added_to_training = True
        old = {
            "file": "0001.jsonl",
            "sha256": "0" * 64,
            "examples": 1,
            "rows": [str(row.id)],
            "hashes": ["0" * 64],
            "criteria": {},
            "made_at": clock.now().isoformat(),
        }
        manifest = {"channel": channel.slug, "format": "chat", "versions": [old]}
        store.write_bytes(f"training/{channel.slug}/manifest.json", json.dumps(manifest).encode())
        a_success(session, channel, "둘")
    added = extend_training_set(sessions, store, channel=channel.slug, clock=clock)
    assert (added.added, added.train) == (1, 2)
    assert added.files[0].endswith("/0002.train.jsonl")
    assert manifest_of(store, channel)["versions"][0]["splits"]["train"]["file"] == "0001.jsonl"
