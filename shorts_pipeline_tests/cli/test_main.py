"""The command line itself: help, errors, and what a command works with."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from shorts_pipeline import cli
from shorts_pipeline.cli.services import current_settings, opened
from shorts_pipeline.embedded.home import PROJECT
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.settings import Settings, settings


@pytest.fixture
def given(monkeypatch, make_database, redis_url, tmp_path):
    """A function that puts the addresses of this session's servers into the environment."""

    def give(*, empty: bool) -> str:
        url = make_database(empty=empty)
        for name, value in {"DATABASE_URL": url, "REDIS_URL": redis_url, "SHORTS_HOME": str(tmp_path / "home")}.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        return url

    yield give
    settings.cache_clear()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from shorts_pipeline.cli import main; import sys; main(sys.argv[1:])"
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=PROJECT, capture_output=True, text=True)


def test_help_names_every_command_and_imports_none(monkeypatch):
    code = (
        "import sys; from shorts_pipeline.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print(sorted({'dagster', 'sqlalchemy', 'rich', 'redis'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("[]")
    for name in ("up", "migrate", "sandbox"):
        assert f"  {name} " in done.stdout


def test_every_command_can_be_imported_and_says_what_it_does():
    group = cli.shorts
    assert isinstance(group, click.Group)
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        assert command.name == name
        assert command.help, name


def test_an_error_of_the_pipeline_is_one_line_and_exit_code_1(monkeypatch, capsys):
    @click.command()
    def broken() -> None:
        raise ConfigurationError("write this instead")

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: broken)
    with pytest.raises(SystemExit) as ended:
        cli.main(["broken"])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "Error: write this instead\n"
    with pytest.raises(ConfigurationError):
        cli.main(["--debug", "broken"])


def test_an_unknown_command_is_named():
    done = _run("nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr


def test_given_addresses_are_used_and_nothing_is_started(given):
    url = given(empty=False)
    with opened() as connections:
        assert connections.settings.database_url == url
        assert connections.redis.ping()
        with connections.sessions.begin() as session:
            assert session.get_bind().url.render_as_string(hide_password=False) == url
        assert connections.services.home.running().keeper is None


def test_tables_that_are_behind_are_refused_until_they_are_migrated(given):
    given(empty=True)
    with pytest.raises(ConfigurationError, match="shorts migrate"), opened():
        pass
    with opened(migrate=True):
        pass
    with opened():
        pass


def test_the_environment_is_afterwards_as_it_was(given, tmp_path):
    given(empty=False)
    with opened():
        assert current_settings().home == tmp_path / "home"
        import os

        assert "DAGSTER_HOME" in os.environ
    assert "DAGSTER_HOME" not in os.environ


def test_a_wrong_address_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@db.example/shorts")
    settings.cache_clear()
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as raised:
        current_settings()
    assert "secret" not in str(raised.value)
    settings.cache_clear()


def test_the_example_environment_names_every_setting_and_no_other():
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.removeprefix("# ").split("=", 1)[0] for line in lines if "=" in line}
    assert named == {field.alias for field in Settings.model_fields.values()}


def test_every_dependency_is_pinned():
    import re
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    lines = Path(PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {_plain(line.partition("==")[0]) for line in lines if "==" in line}
    assert {_plain(re.split(r"[\[<>=!~ ;]", one)[0]) for one in wanted} <= pinned


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
