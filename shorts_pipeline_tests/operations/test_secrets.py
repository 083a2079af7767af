"""Secrets by name."""

from pathlib import Path

import pytest

from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.operations.secrets import find_secret, secret
from shorts_pipeline.settings import Settings


def test_a_secret_comes_from_the_environment_then_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = Settings(SECRETS_FOLDER=tmp_path)
    assert find_secret("SLACK_ADDRESS", settings) is None
    (tmp_path / "SLACK_ADDRESS").write_text("from the file\n", encoding="utf-8")
    assert secret("SLACK_ADDRESS", settings).get_secret_value() == "from the file"
    monkeypatch.setenv("SLACK_ADDRESS", "from the environment")
    assert secret("SLACK_ADDRESS", settings).get_secret_value() == "from the environment"


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_ADDRESS", "hunter2")
    assert "hunter2" not in repr(secret("SLACK_ADDRESS", Settings()))


def test_a_missing_secret_says_where_to_put_it():
    with pytest.raises(ConfigurationError, match="no secret SLACK_ADDRESS: set it in the environment"):
        secret("SLACK_ADDRESS", Settings())


@pytest.mark.parametrize("name", ["../etc/passwd", "a/b", "", "DATABASE_URL", "REDIS_URL", "QDRANT_API_KEY"])
def test_the_programs_own_variables_and_paths_are_no_names(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://u:hunter2@h/db")
    with pytest.raises(ConfigurationError, match="cannot be the name of a secret"):
        find_secret(name, Settings(SECRETS_FOLDER=Path("/")))
