from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from shorts_pipeline.cli import topics as module
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.vectors import VectorsResource
from shorts_pipeline_tests.rows import a_source
from shorts_pipeline_tests.topics.stories import a_desk_channel, an_item


@pytest.fixture
def shorts(sessions, redis, clock, store, embedder, monkeypatch):
    """Runs `shorts topics …` on this test's own database."""

    @contextmanager
    def opened() -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(sessions=sessions, redis=redis, clock=clock)

    monkeypatch.setattr(module, "opened", opened)
    monkeypatch.setattr(VectorsResource, "from_settings", classmethod(lambda _: SimpleNamespace(store=store)))
    monkeypatch.setattr(ModelsResource, "from_settings", classmethod(lambda _: SimpleNamespace(embedder=embedder)))

    def run(*arguments: str) -> Result:
        return CliRunner(env={"COLUMNS": "200"}).invoke(module.topics, arguments)

    return run


def test_a_topic_is_added_listed_and_explained(sessions, shorts, choose):
    with sessions.begin() as session:
        channel = a_desk_channel(session, "news")
        an_item(session, a_source(session, channel, name="가상뉴스"), "현대차, 미국 조지아 공장 가동 시작")
    choose("news")
    with sessions.begin() as session:
        an_item(session, a_source(session, channel, name="다른뉴스"), "현대자동차 조지아주 신공장 본격 가동")
    choose("news")
    added = shorts("add", "news", "한강에 새 다리가 놓였다")
    assert added.exit_code == 0, added.output
    assert "approved" in added.output
    listed = shorts("list", "--channel", "news")
    assert "한강에 새 다리가 놓였다" in listed.output
    line = next(line for line in listed.output.splitlines() if "현대차" in line)
    explained = shorts("explain", line.split("│")[1].strip())
    assert "several sources" in explained.output
    assert "told by 가상뉴스" in explained.output
    assert "and by 다른뉴스: 현대자동차 조지아주 신공장 본격 가동" in explained.output


def test_nothing_to_list_says_so(shorts):
    assert "No topics yet." in shorts("list").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("explain", "zz"), "is not an id"),
        (("explain", "00000000"), "no topic begins"),
        (("add", "news", "제목", "--url", "javascript:alert(1)"), "not a web address"),
    ],
)
def test_what_cannot_be_done_says_what_to_write(shorts, arguments, message):
    assert message in str(shorts(*arguments).exception)
