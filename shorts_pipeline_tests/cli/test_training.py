"""shorts training: a person finds the files, and has them written anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from shorts_pipeline.cli import services, training
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.performance.training.extend import extend_training_set
from shorts_pipeline.resources.media import MediaResource, MediaStore
from shorts_pipeline_tests.performance.training.test_extend import a_success
from shorts_pipeline_tests.rows import a_channel


@pytest.fixture
def media(tmp_path):
    return MediaStore(tmp_path / "media")


@pytest.fixture
def shorts(sessions, clock, media, monkeypatch):
    """Runs `shorts training …` on this test's own database and folder."""

    @contextmanager
    def opened() -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(sessions=sessions, clock=clock)

    monkeypatch.setattr(services, "opened", opened)
    monkeypatch.setattr(MediaResource, "from_settings", classmethod(lambda _: SimpleNamespace(store=media)))

    def run(*arguments: str) -> Result:
        return CliRunner(env={"COLUMNS": "160"}).invoke(training.training, arguments, catch_exceptions=False)

    return run


def test_every_file_is_listed_with_where_it_is(shorts, sessions, clock, media):
    assert "No training files yet" in shorts("list").output
    with sessions.begin() as session:
        for slug in ("first", "second"):
            a_success(session, a_channel(session, slug=slug), f"{slug} 대본")
    extend_training_set(sessions, media, channel="first", clock=clock)
    told = shorts("list").output
    assert "first" in told
    assert "0001.train.jsonl" in told
    assert str(media.path("training/first")) in told.splitlines()
    assert "second" not in told
    assert "No training files yet" in shorts("list", "--channel", "second").output
    with pytest.raises(ConfigurationError, match="no channel 'third'"):
        shorts("list", "--channel", "third")


def test_lost_files_are_written_anew(shorts, sessions, clock, media):
    with sessions.begin() as session:
        channel = a_channel(session, slug="first")
        a_success(session, channel, "하나")
    (file,) = extend_training_set(sessions, media, channel="first", clock=clock).files
    before = Path(file).read_bytes()
    Path(file).unlink()
    told = shorts("rebuild", "first").output
    assert told.splitlines() == ["1 to train, 0 to validate, 0 left out", file]
    assert Path(file).read_bytes() == before


def test_a_channel_that_keeps_its_scripts_out_of_training_is_not_written(shorts, sessions):
    with sessions.begin() as session:
        a_channel(session, slug="first", operation_config={"training": {"enabled": False}})
    done = shorts("rebuild", "first")
    assert (done.exit_code, "switched off" in done.output) == (1, True)
