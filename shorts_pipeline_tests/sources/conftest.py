"""A web of our own for every test of this room."""

from collections.abc import Iterator

import pytest

from shorts_pipeline_tests.sources.web import Web, running


@pytest.fixture
def web() -> Iterator[Web]:
    """A server on 127.0.0.1 that answers as the test orders."""
    with running() as server:
        yield server
