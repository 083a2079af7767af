from pathlib import Path

import pytest
from pydantic import ValidationError

from shorts_pipeline.settings import Settings


def test_the_home_of_the_user_is_never_taken_for_the_home_of_the_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The field is called `home`, and every shell sets HOME: a whole demo was once written into it."""
    monkeypatch.setenv("HOME", "/home/somebody")
    assert Settings().home == Path(".shorts")


def test_a_variable_is_read_by_its_documented_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:1")
    assert Settings().sandbox_url is None
    monkeypatch.setenv("YOUTUBE_SANDBOX_URL", "http://127.0.0.1:2")
    assert Settings().sandbox_url == "http://127.0.0.1:2"


@pytest.mark.parametrize("name", ["DATABASE_URL", "DAGSTER_DATABASE_URL"])
def test_an_address_with_the_wrong_driver_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValidationError, match=rf"{name} must start with postgresql\+psycopg"):
        Settings(**{name: "postgresql://somewhere/db"})
