"""The room as Dagster sees it: the asset, its check, its sensor."""

import dagster as dg
import pytest
from sqlalchemy import update

from shorts_pipeline.clock import FileClock
from shorts_pipeline.database import JobLog, Upload
from shorts_pipeline.partitions import channels
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.uploads.assets import uploads
from shorts_pipeline.uploads.checks import no_upload_twice
from shorts_pipeline.uploads.sensors import uploads_due


@pytest.fixture
def resources(own_database_url, redis_url, studio, tmp_path, clock):
    FileClock(tmp_path / "clock").set(clock.now())
    return {
        "postgres": PostgresResource(url=own_database_url),
        "redis": RedisResource(url=redis_url),
        "youtube": studio.youtube,
        "media": MediaResource(root=str(studio.media.root)),
        "clock": ClockResource(file=str(tmp_path / "clock")),
    }


def test_the_asset_sends_reports_and_passes_its_check(studio, kept, resources):
    studio.video(studio.channel("news"))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(channels.name), ["news"])
        result = dg.materialize(
            [uploads, no_upload_twice], partition_key="news", instance=instance, resources=resources
        )
    assert result.success
    (event,) = result.asset_materializations_for_node("uploads")
    assert event.metadata["sent"].value == 1
    assert event.metadata["youtube_ids"].value == [kept()[0]["id"]]
    assert [check.passed for check in result.get_asset_check_evaluations()] == [True]
    with studio.sessions() as session:
        job = session.query(JobLog).one()
    assert (job.job_type, job.status, job.result["sent"]) == ("upload", "completed", 1)
    assert job.run_metadata["run_id"] == result.run_id


def test_the_check_sees_a_file_that_went_out_twice(studio, resources):
    channel = studio.channel("news")
    for _ in range(2):
        studio.video(channel)
    studio.refresh(channel)
    with studio.sessions.begin() as session:
        session.execute(update(Upload).values(content_sha256="f" * 64))
    checked = no_upload_twice(resources["postgres"])
    assert (checked.passed, checked.metadata["sent_twice"].value) == (False, ["f" * 64])


def test_the_sensor_asks_once_for_a_channel_with_work(studio, resources):
    studio.video(studio.channel("news"))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(channels.name), ["news"])
        given = {name: resources[name] for name in ("postgres", "clock")}
        ticks = [uploads_due(dg.build_sensor_context(instance=instance, resources=given)) for _ in range(2)]
    keys = {(run.run_key, run.partition_key) for tick in ticks for run in tick.run_requests}
    assert [partition for _, partition in keys] == ["news"]
