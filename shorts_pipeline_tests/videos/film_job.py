"""The asset `videos` as a job that other processes can load: its resources are those of the environment."""

import os

import dagster as dg

from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.executor import steps_executor
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.speech import SpeechResource
from shorts_pipeline.videos.assets import videos


def film_job() -> dg.JobDefinition:
    """One job with the real asset, executor and resources."""
    root = os.environ["FILM_ROOT"]
    definitions = dg.Definitions(
        assets=[videos],
        jobs=[dg.define_asset_job("film", [videos])],
        executor=steps_executor,
        resources={
            "postgres": PostgresResource(url=os.environ["FILM_DATABASE"]),
            "media": MediaResource(root=root, render_preset="ultrafast"),
            "speech": SpeechResource(media_root=root, clock_file=f"{root}/clock"),
            "redis": RedisResource(url=os.environ["FILM_REDIS"]),
            "clock": ClockResource(file=f"{root}/clock"),
        },
    )
    return definitions.resolve_job_def("film")
