"""Keys of the stored tokens."""

import pytest
from pydantic import SecretStr

from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.resources.youtube.keyring import Keyring, new_key
from shorts_pipeline.settings import Settings


def ring(*keys: str) -> Keyring:
    return Keyring.from_settings(Settings(TOKEN_KEYS=SecretStr(",".join(keys))))


def test_what_one_key_sealed_the_next_first_key_opens_while_the_old_one_is_there():
    old, new = new_key(), new_key()
    sealed = ring(old).seal("1//token")
    assert "token" not in sealed
    both = ring(new, old)
    assert both.open(sealed) == "1//token"
    assert ring(new).open(both.seal("1//token")) == "1//token"
    with pytest.raises(NeedsPerson, match="add the key it was stored with"):
        ring(new).open(sealed)


@pytest.mark.parametrize("given", ["", " ", ","])
def test_without_a_key_it_says_how_to_make_one(given):
    with pytest.raises(ConfigurationError, match="shorts youtube key"):
        Keyring.from_settings(Settings(TOKEN_KEYS=SecretStr(given)))
    with pytest.raises(ConfigurationError, match="TOKEN_KEYS"):
        Keyring.from_settings(Settings())


def test_a_broken_key_is_named_by_its_place_and_never_shown():
    with pytest.raises(ConfigurationError, match="key 2 of 2") as failure:
        ring(new_key(), "half-a-key")
    assert "half-a-key" not in str(failure.value) + repr(Settings(TOKEN_KEYS=SecretStr("half-a-key")))
