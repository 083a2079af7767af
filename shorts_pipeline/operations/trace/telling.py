"""Telling: a topic's rows as a tree: channel, topic, scripts, videos, uploads, and what is known about each."""

from collections.abc import Iterator, Mapping
from typing import Any

from shorts_pipeline.database import JobType, Script, Topic, Upload, Video
from shorts_pipeline.operations.trace.about import about
from shorts_pipeline.operations.trace.figures import performance
from shorts_pipeline.operations.trace.node import Node, facts
from shorts_pipeline.operations.trace.rows import Rows

# The steps of a job log's metadata.
_TOPICS, _SCRIPTS, _VIDEOS, _UPLOADS = "topics", "scripts", "videos", "uploads"


def told(rows: Rows) -> Node:
    """The whole way as a tree."""
    return Node(f"channel {rows.channel.slug}", facts=facts(name=rows.channel.name), children=(_topic(rows),))


def _topic(rows: Rows) -> Node:
    row: Topic = rows.topic
    said = facts(
        title=row.title_original,
        status=row.status,
        score=row.score_total,
        language=row.language,
        categories=row.categories,
        keywords=row.keywords,
        source=rows.source.name,
        address=row.source_url,
        published=row.published_at,
        expires=row.expires_at,
        series=rows.series and f"{rows.series.name} ({rows.series.status}, {rows.series.episode_count} episodes)",
    )
    scripts = (_script(rows, script) for script in rows.scripts)
    return Node("topic", row.id, said, (*_tellings(rows), *about(rows, row, JobType.COLLECT, _TOPICS), *scripts))


def _tellings(rows: Rows) -> Iterator[Node]:
    for item, source, judgement in rows.judged:
        said = facts(source=source, title=item.title, address=item.url, fetched=item.fetched_at, run=item.run_id)
        verdict = facts(outcome=judgement.outcome, at=judgement.judged_at, reason=judgement.reason)
        yield Node("item", item.id, said, (Node("judgement", None, verdict),))
    known = {item.id for item, _, _ in rows.judged}
    for row, source in rows.sightings:
        if row.source_item_id not in known:
            yield Node("sighting", row.id, facts(source=source, title=row.title, address=row.url, seen=row.seen_at))


def _script(rows: Rows, row: Script) -> Node:
    count, chunked_at = rows.chunks.get(row.id, (0, None))
    said = facts(
        version=row.script_version,
        status=row.status,
        **_provenance(row.generation_config, row.generation_model),
        style=row.quality_score_style,
        hook=row.quality_score_hook,
        issues=row.quality_issues,
        notes=row.review_notes,
        seconds=row.estimated_duration,
        chunks=count,
        text=row.script_text,
    )
    past = (
        Node("retrieved", one.chunk_id, facts(view=one.view, rank=one.rank, score=one.score, text=text))
        for one, text in rows.retrieved.get(row.id, ())
    )
    known = about(rows, row, JobType.GENERATE_SCRIPT, _SCRIPTS, pieces_at=chunked_at)
    videos = (_video(rows, video) for video in rows.videos if video.script_id == row.id)
    return Node("script", row.id, said, (*past, *known, *videos))


def _provenance(config: Mapping[str, Any], model: str | None) -> dict[str, Any]:
    """Who wrote it with which prompts, and what all its calls have cost; of an imported one where it is from."""
    prompts = {name: f"v{each.get('version')} {each.get('sha256')}" for name, each in config.get("prompts", {}).items()}
    read = config.get("tokens_in")
    return {
        "model": model,
        "temperature": config.get("temperature"),
        "prompts": prompts,
        "calls": config.get("calls"),
        "tokens": None if read is None else {"in": read, "out": config.get("tokens_out")},
        "cost": None if config.get("usd") is None else f"${config['usd']:.6f}",
        "thrown_away": [", ".join(faults) for faults in config.get("thrown_away", ())],
        "captions": config.get("track_kind") or config.get("captions"),
    }


def _video(rows: Rows, row: Video) -> Node:
    speaker = rows.persona
    said = facts(
        status=row.status,
        file=row.video_path,
        seconds=row.duration_seconds,
        bytes=row.file_size_bytes,
        engine=row.tts_service,
        voice=speaker.voice_id if speaker and row.tts_service else None,
        pictures=row.visual_sources,
        fingerprint=row.render_fingerprint,
        error=row.error_message,
    )
    credits = (
        Node(f"credit {one.source}", None, facts(author=one.author, licence=one.licence, address=one.address))
        for one in rows.credits.get(row.id, ())
    )
    uploads = (_upload(rows, upload) for upload in rows.uploads if upload.video_id == row.id)
    return Node("video", row.id, said, (*credits, *about(rows, row, JobType.GENERATE_VIDEO, _VIDEOS), *uploads))


def _upload(rows: Rows, row: Upload) -> Node:
    slot = next((review.ai_analysis.get("slot") for review in rows.reviews.get(row.id, ())), None)
    said = facts(
        status=row.upload_status,
        title=row.title,
        youtube=row.youtube_video_id,
        address=row.youtube_url,
        privacy=row.privacy_status,
        scheduled=row.scheduled_at,
        slot=slot,
        uploaded=row.uploaded_at,
        published=row.published_at,
        error=row.error_message,
    )
    return Node("upload", row.id, said, (*about(rows, row, JobType.UPLOAD, _UPLOADS), *performance(rows, row.id)))
