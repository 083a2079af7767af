"""Applying files: all or nothing, nothing twice, nothing deleted."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.channels.apply import apply
from shorts_pipeline.channels.diff import RowChange, diff
from shorts_pipeline.channels.directory import listed, partition_keys, set_status
from shorts_pipeline.channels.reading import ChannelFileError, read_channel_files
from shorts_pipeline.database import Channel, ChannelSource, ChannelStatus, Persona, Source
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline_tests.channels.files import EXAMPLES, SHORTEST, written

Sessions = sessionmaker[Session]
TABLES = (Channel, Persona, Source, ChannelSource)


def applied(sessions: Sessions, *paths: Path) -> tuple[RowChange, ...]:
    read = read_channel_files(paths)
    with sessions.begin() as session:
        return apply(session, read)


def everything(sessions: Sessions) -> dict[str, Any]:
    """Every row of every table that applying writes, `updated_at` and transaction number with it."""
    with sessions() as session:
        return {
            table.__tablename__: session.execute(
                text(f"SELECT xmin::text, t.* FROM {table.__tablename__} t ORDER BY t::text")
            ).all()
            for table in TABLES
        }


def channel(sessions: Sessions, slug: str = "my-channel") -> Channel:
    with sessions() as session:
        return session.scalars(select(Channel).where(Channel.slug == slug)).one()


def link(sessions: Sessions, source: str = "News", slug: str = "my-channel") -> ChannelSource:
    with sessions() as session:
        rows = select(ChannelSource).join(Channel, Channel.id == ChannelSource.channel_id)
        rows = rows.join(Source, Source.id == ChannelSource.source_id)
        return session.scalars(rows.where(Channel.slug == slug, Source.name == source)).one()


def test_the_examples_are_applied_in_full(sessions: Sessions):
    changes = applied(sessions, *EXAMPLES)
    assert {change.kind for change in changes} == {"created"}
    with sessions() as session:
        assert partition_keys(session) == ["byte-sized-news", "oneul-tech"]
        counts = [session.scalar(select(func.count()).select_from(table)) for table in TABLES]
    assert counts == [2, 2, 8, 10]
    korean = channel(sessions, "oneul-tech")
    assert korean.topic_config.queue.most_waiting == 12
    assert korean.operation_config.review.upload.mode == "manual"
    assert link(sessions, "TechCrunch", "oneul-tech").weight == 0.6


def test_applying_again_changes_nothing_at_all(sessions: Sessions):
    applied(sessions, *EXAMPLES)
    before = everything(sessions)
    assert {change.kind for change in applied(sessions, *EXAMPLES)} == {"unchanged"}
    assert everything(sessions) == before


def test_a_change_is_shown_by_field_and_touches_only_its_row(sessions: Sessions, tmp_path: Path):
    path = written(tmp_path, SHORTEST + "topic_config: {queue: {most_waiting: 5}}\n")
    applied(sessions, path)
    before = everything(sessions)
    written(tmp_path, SHORTEST + "topic_config: {queue: {most_waiting: 7, least_score: 9}}\n")
    with sessions() as session:
        shown = diff(session, read_channel_files([path]))
    assert everything(sessions) == before
    changed = [change for change in applied(sessions, path) if change.kind != "unchanged"]
    assert changed == [change for change in shown if change.kind != "unchanged"]
    assert [(c.table, c.name) for c in changed] == [("channel", "my-channel")]
    assert {(f.field, f.old, f.new) for f in changed[0].fields} == {
        ("topic_config.queue.most_waiting", 5, 7),
        ("topic_config.queue.least_score", "—", 9),
    }
    after = everything(sessions)
    assert all(after[table] == before[table] for table in ("personas", "sources", "channel_sources"))


def test_a_bad_file_beside_a_good_one_changes_nothing(sessions: Sessions, tmp_path: Path):
    good = written(tmp_path, SHORTEST, "good.yaml")
    bad = written(tmp_path, SHORTEST.replace("my-channel", "Bad Slug"), "bad.yaml")
    before = everything(sessions)
    with pytest.raises(ChannelFileError):
        applied(sessions, good, bad)
    assert everything(sessions) == before


def test_a_source_that_nobody_declares_is_refused_by_line(sessions: Sessions, tmp_path: Path):
    path = written(tmp_path, SHORTEST + "source_config:\n  sources:\n    Nowhere: {}\n")
    with pytest.raises(ChannelFileError) as raised:
        applied(sessions, path)
    [problem] = raised.value.problems
    assert (problem.line, problem.field) == (9, "source_config.sources.Nowhere")
    assert everything(sessions)["channels"] == []


def test_a_channel_may_listen_to_a_source_of_another_file(sessions: Sessions, tmp_path: Path):
    first = written(tmp_path, SHORTEST, "a.yaml")
    second = written(
        tmp_path,
        """\
        slug: other
        name: Other
        persona: {name: Max, voice_id: en-us}
        source_config: {sources: {News: {weight: 0.5, filters: {least_score: 3}}}}
        """,
        "b.yaml",
    )
    applied(sessions, first, second)
    listening = link(sessions, slug="other")
    assert (listening.weight, listening.custom_config.filters.least_score) == (0.5, 3)
    applied(sessions, second)


def test_a_shared_source_that_changes_says_who_shares_it(sessions: Sessions, tmp_path: Path):
    paths = [written(tmp_path, SHORTEST.replace("my-channel", slug), f"{slug}.yaml") for slug in ("a", "b")]
    applied(sessions, *paths)
    written(tmp_path, SHORTEST.replace("my-channel", "a") + "    credibility: 9\n", "a.yaml")
    [change] = [change for change in applied(sessions, paths[0]) if change.kind == "changed"]
    assert (change.name, change.note) == ("News", "shared by a, b")


def test_a_source_that_left_the_file_is_disabled_and_comes_back(sessions: Sessions, tmp_path: Path):
    path = written(tmp_path, SHORTEST)
    applied(sessions, path)
    written(tmp_path, SHORTEST.split("sources:")[0])
    assert [(c.name, c.kind) for c in applied(sessions, path) if c.kind != "unchanged"] == [
        ("my-channel → News", "disabled")
    ]
    assert link(sessions).enabled is False
    assert {change.kind for change in applied(sessions, path)} == {"unchanged"}
    written(tmp_path, SHORTEST)
    applied(sessions, path)
    assert link(sessions).enabled is True


def test_a_file_without_a_status_leaves_a_paused_channel_paused(sessions: Sessions, tmp_path: Path):
    path = written(tmp_path, SHORTEST)
    applied(sessions, path)
    with sessions.begin() as session:
        assert set_status(session, ["my-channel"], ChannelStatus.PAUSED) == ["my-channel"]
        assert set_status(session, ["my-channel"], ChannelStatus.PAUSED) == []
    applied(sessions, path)
    assert channel(sessions).status == ChannelStatus.PAUSED
    written(tmp_path, SHORTEST + "status: archived\n")
    applied(sessions, path)
    assert channel(sessions).status == ChannelStatus.ARCHIVED
    with sessions() as session:
        assert partition_keys(session) == ["my-channel"]


def test_pausing_an_unknown_channel_moves_none(sessions: Sessions, tmp_path: Path):
    applied(sessions, written(tmp_path, SHORTEST))
    with sessions.begin() as session, pytest.raises(ConfigurationError, match="no channel nobody"):
        set_status(session, ["my-channel", "nobody"], ChannelStatus.PAUSED)
    assert channel(sessions).status == ChannelStatus.ACTIVE


def test_a_slug_is_never_renamed(sessions: Sessions, tmp_path: Path):
    path = written(tmp_path, SHORTEST + "youtube_channel_id: UC123\n")
    applied(sessions, path)
    before = everything(sessions)
    written(tmp_path, SHORTEST.replace("my-channel", "new-name") + "youtube_channel_id: UC123\n")
    with pytest.raises(ChannelFileError, match="a slug is never renamed; write slug: my-channel"):
        applied(sessions, path)
    assert everything(sessions) == before


def test_what_a_person_changed_by_hand_is_put_right(sessions: Sessions, tmp_path: Path):
    path = written(tmp_path, SHORTEST)
    applied(sessions, path)
    with sessions.begin() as session:
        session.execute(update(Source).values(credibility=1.0))
    [change] = [change for change in applied(sessions, path) if change.kind == "changed"]
    assert [(f.field, f.old, f.new) for f in change.fields] == [("credibility", 1.0, 5.0)]


def test_two_people_who_apply_at_once_both_succeed(sessions: Sessions):
    failures: list[BaseException] = []

    def one() -> None:
        try:
            applied(sessions, *EXAMPLES)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with sessions() as session:
        assert [(row.slug, row.sources, row.speaker) for row in listed(session)] == [
            ("byte-sized-news", 6, "Max Byte"),
            ("oneul-tech", 4, "한입"),
        ]
