"""A trace of what truly happened: a story that went through the rooms, and a short that was imported.

It stands here because this is the room that may know all the others.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from sqlalchemy import select

from shorts_pipeline.cli.trace import drawn
from shorts_pipeline.database import (
    Channel,
    ReviewQueue,
    ReviewType,
    Script,
    SourceItem,
    Topic,
    Upload,
    UploadStatus,
    VideoStatus,
)
from shorts_pipeline.operations.trace import Node, trace
from shorts_pipeline.performance.days import trailing_days
from shorts_pipeline.performance.snapshots import pull_snapshots
from shorts_pipeline.performance.totals import measure
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.models.language_model import ProviderModel
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.scripts.index import chunk_scripts
from shorts_pipeline.scripts.prompt_files import prompt
from shorts_pipeline.scripts.service import write_scripts
from shorts_pipeline.topics.choose import choose_topics
from shorts_pipeline.uploads.refresh import refresh
from shorts_pipeline_tests.importing.before import a_short, korean_title, korean_words, srt
from shorts_pipeline_tests.importing.conftest import SLUG, Desk
from shorts_pipeline_tests.resources.models.model_server import TOKENS_IN, TOKENS_OUT, Asked, model_server
from shorts_pipeline_tests.rows import a_source, a_video
from shorts_pipeline_tests.scripts.stories import CHIP
from shorts_pipeline_tests.scripts.test_service_with_a_model import SCRIPTS

OPERATION = {
    "budget": {"usd_a_day": 100.0},
    "review": {"topic": {"mode": "auto"}, "script": {"mode": "manual"}, "upload": {"mode": "auto"}},
    "publish": {"privacy": "public"},
    "uploads": {"golden_hours": [12], "target_a_day": 1},
}


def reply(asked: Asked) -> dict[str, Any]:
    """What a model says of a batch of stories, or writes about one."""
    if isinstance(asked.data, list):
        story = {"number": 1, "language": "ko", "title": "한별반도체, 3나노 AI 칩 양산 시작", "keywords": ["반도체"]}
        return {"items": [story]}
    return {**SCRIPTS[CHIP[0]], "claims": [], "title": "", "tags": []}


def the(root: Node, kind: str) -> Node:
    [found] = [node for node in root.walk() if node.kind.startswith(kind)]
    return found


@pytest.fixture
def published(desk: Desk, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The YouTube id of a short that came from a feed item and has four days of figures."""
    monkeypatch.setattr(ProviderModel, "price", lambda _self, i, o: Decimal(i + o) / 10_000)
    with desk.sessions.begin() as session, model_server(reply) as server:
        channel = session.scalars(select(Channel)).one()
        channel.content_config = {"language": "ko", "target_seconds": 30, "model": server.setting()}
        channel.operation_config = OPERATION
        session.flush()
        source = a_source(session, channel, name="가온뉴스")
        title, text = CHIP
        session.add(
            SourceItem(source_id=source.id, item_key="1", title=title, text=text, fetched_at=desk.clock.now(),
                       published_at=desk.clock.now() - timedelta(hours=1), run_id="run-items")
        )  # fmt: skip
        session.commit()
        _through_the_rooms(desk, channel)
    with desk.sessions.begin() as session:
        script = session.scalars(select(Script)).one()
        media = MediaStore(tmp_path / "media")
        media.write_bytes("a/video.mp4", bytes(range(256)) * 40)
        made = {"video_path": "a/video.mp4", "tts_service": "offline", "render_fingerprint": "f" * 64}
        a_video(session, script, status=VideoStatus.APPROVED, **made)
    _published(desk, media)
    return str(desk.rows(Upload)[0].youtube_video_id)


def _through_the_rooms(desk: Desk, channel: Channel) -> None:
    run = {"run_id": "run-topics"}
    rooms = (desk.sessions, desk.store, desk.embedder)
    choose_topics(*rooms, desk.redis, channel=SLUG, clock=desk.clock, run=run)
    write_scripts(*rooms, channel=SLUG, clock=desk.clock, owner="run-scripts", redis=desk.redis)
    with desk.sessions.begin() as session:
        review = session.scalars(select(ReviewQueue).where(ReviewQueue.review_type == ReviewType.SCRIPT)).one()
        approve(session, review.id, by="kim", now=desk.clock.now(), notes="좋아요")
    chunk_scripts(*rooms, channel=SLUG, clock=desk.clock, owner="run-chunks", redis=desk.redis)


def _published(desk: Desk, media: MediaStore) -> None:
    rooms: dict[str, Any] = {"channel": SLUG, "youtube": desk.youtube, "media": media, "redis": desk.redis}
    refresh(desk.sessions, **rooms, clock=desk.clock, run_id="run-uploads")
    desk.clock.move(timedelta(days=1))
    refresh(desk.sessions, **rooms, clock=desk.clock, run_id="run-follow")
    desk.clock.move(timedelta(days=5))
    youtube = desk.youtube.connect(publish_to="sandbox", credential=SLUG, clock=desk.clock)
    days = trailing_days(desk.clock.now())
    pull_snapshots(desk.sessions, youtube, channel=SLUG, days=days, clock=desk.clock, run_id="run-days")
    measure(desk.sessions, channel=SLUG, clock=desk.clock)


def test_a_short_is_traced_from_its_feed_item_to_its_views(desk: Desk, published: str):
    with desk.sessions() as session:
        root = trace(session, f"https://www.youtube.com/shorts/{published}?feature=share")
    item, judged = the(root, "item"), the(root, "judgement")
    assert (item.facts["source"], item.facts["run"], judged.facts["outcome"]) == ("가온뉴스", "run-items", "topic")
    topics = the(root, "run of topics")
    assert (topics.facts["run"], topics.facts["model"]) == ("run-topics", "openai:test-model")
    assert (len(topics.facts["prompt"]), topics.facts["tokens"]) == (64, TOKENS_IN + TOKENS_OUT)
    assert topics.facts["embedder"] == desk.embedder.model
    script = the(root, "script")
    assert script.facts["model"] == "openai:test-model"
    writer = prompt("writer", "ko")
    assert script.facts["prompts"] == {"writer.ko.md": f"v{writer.version} {writer.sha256}"}
    assert script.facts["tokens"] == {"in": TOKENS_IN, "out": TOKENS_OUT}
    assert script.facts["cost"] == f"${(TOKENS_IN + TOKENS_OUT) / 10_000:.6f}"
    decided = the(root, "approve by kim")
    assert decided.facts["reason"] == "좋아요"
    assert len(decided.facts["of content"]) == 64
    assert (the(root, "run of scripts").facts["run"], the(root, "run of content_chunks").facts["run"]) == (
        "run-scripts", "run-chunks",
    )  # fmt: skip
    video = the(root, "video")
    assert (video.facts["engine"], video.facts["voice"], video.facts["fingerprint"]) == ("offline", "ko", "f" * 64)
    upload = the(root, "upload")
    assert (upload.facts["status"], upload.facts["youtube"]) == (UploadStatus.PUBLISHED, published)
    assert upload.facts["slot"] == "Mon 12:00 Asia/Seoul: a golden hour of its file"
    assert the(root, "run of uploads").facts["run"] == "run-uploads"
    views = the(root, "performance")
    days = [node for node in views.walk() if node.kind.startswith("day ")]
    assert views.facts["views"] == sum(node.facts["views"] for node in days) > 0
    assert the(root, "fetched").facts["run"] == "run-days"


def test_the_tree_fits_a_terminal_of_eighty_columns(desk: Desk, published: str, capsys: pytest.CaptureFixture[str]):
    with desk.sessions() as session:
        root = trace(session, published)
    Console(highlight=False, width=80).print(drawn(root, 80))
    said = capsys.readouterr().out
    assert all(cell_len(line) <= 80 for line in said.splitlines())
    assert len(said.splitlines()) < 80
    # A fact is never broken in two.
    for fact in ("run run-scripts", "prompts writer.ko.md v2", "tokens in 120, out 40", "slot Mon 12:00 Asia/Seoul: a"):
        assert fact in said


def test_machines_are_told_everything_in_full(desk: Desk, published: str):
    with desk.sessions() as session:
        found = trace(session, published).as_json()
        script = session.scalars(select(Script)).one()
    [topic] = found["children"]
    [told] = [child for child in topic["children"] if child["kind"] == "script"]
    assert told["id"] == str(script.id)
    assert told["facts"]["text"] == script.script_text


def test_an_imported_short_is_traced_to_its_import_and_its_views(desk: Desk):
    at = desk.clock.now() - timedelta(days=40)
    [youtube_id] = desk.seed([a_short(korean_title(3), at, captions=[{"text": srt(korean_words(3))}])])
    desk.bring_in(captions=1, history=45)
    with desk.sessions() as session:
        root = trace(session, f"sandbox:{youtube_id}")
        topic = session.scalars(select(Topic)).one()
    assert (root.children[0].id, the(root, "topic").facts["source"]) == (topic.id, "imported from YouTube")
    script = the(root, "script")
    assert (script.facts["model"], script.facts["captions"]) == ("imported:captions", "written")
    run = the(root, "run of import").facts["run"]
    assert run.startswith("import-")
    assert the(root, "run of content_chunks").facts["run"] == run
    assert "file" not in the(root, "video").facts
    views = the(root, "performance")
    assert len([node for node in views.walk() if node.kind.startswith("day ")]) == 7
    [rest] = [node for node in views.children if " more days to " in node.kind]
    first = sum(node.facts["views"] for node in views.children if node.kind.startswith("day "))
    assert first + rest.facts["views"] == views.facts["views"]
    assert the(root, "fetched").facts["run"] == run


@pytest.mark.parametrize(
    "by", ["https://youtu.be/{0}", "youtube.com/watch?v={0}", "https://studio.youtube.com/video/{0}/edit"]
)
def test_every_address_of_youtubes_names_it(desk: Desk, by: str):
    [youtube_id] = desk.seed([a_short(korean_title(3), desk.clock.now() - timedelta(days=4))])
    desk.bring_in()
    with desk.sessions() as session:
        assert trace(session, by.format(youtube_id)) == trace(session, youtube_id)
