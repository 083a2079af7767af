"""The code location: every room's assets, checks, sensors and schedules, and the resources they work with.

Nothing is opened, connected or loaded here: Dagster imports this module for every run.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import dagster as dg

import shorts_pipeline.channels.sensors
import shorts_pipeline.operations.schedules
import shorts_pipeline.operations.sensors
import shorts_pipeline.performance.assets
import shorts_pipeline.performance.checks
import shorts_pipeline.performance.schedules
import shorts_pipeline.review.assets
import shorts_pipeline.review.sensors
import shorts_pipeline.scripts.assets
import shorts_pipeline.scripts.checks
import shorts_pipeline.scripts.sensors
import shorts_pipeline.series.assets
import shorts_pipeline.series.schedules
import shorts_pipeline.sources.assets
import shorts_pipeline.sources.schedules
import shorts_pipeline.sources.sensors
import shorts_pipeline.topics.assets
import shorts_pipeline.topics.checks
import shorts_pipeline.uploads.assets
import shorts_pipeline.uploads.checks
import shorts_pipeline.uploads.schedules
import shorts_pipeline.uploads.sensors
import shorts_pipeline.videos.assets
import shorts_pipeline.videos.checks
from shorts_pipeline.resources.clock import ClockResource
from shorts_pipeline.resources.executor import steps_executor
from shorts_pipeline.resources.fetch import FetchResource
from shorts_pipeline.resources.media import MediaResource
from shorts_pipeline.resources.models import ModelsResource
from shorts_pipeline.resources.notices import NoticesResource
from shorts_pipeline.resources.postgres import PostgresResource
from shorts_pipeline.resources.redis import RedisResource
from shorts_pipeline.resources.speech import SpeechResource
from shorts_pipeline.resources.vectors import VectorsResource
from shorts_pipeline.resources.youtube import YouTubeResource

D = TypeVar("D")

ROOMS = [
    shorts_pipeline.channels.sensors,
    shorts_pipeline.sources.assets,
    shorts_pipeline.sources.schedules,
    shorts_pipeline.sources.sensors,
    shorts_pipeline.topics.assets,
    shorts_pipeline.topics.checks,
    shorts_pipeline.scripts.assets,
    shorts_pipeline.scripts.checks,
    shorts_pipeline.scripts.sensors,
    shorts_pipeline.videos.assets,
    shorts_pipeline.videos.checks,
    shorts_pipeline.review.assets,
    shorts_pipeline.review.sensors,
    shorts_pipeline.uploads.assets,
    shorts_pipeline.uploads.checks,
    shorts_pipeline.uploads.schedules,
    shorts_pipeline.uploads.sensors,
    shorts_pipeline.performance.assets,
    shorts_pipeline.performance.checks,
    shorts_pipeline.performance.schedules,
    shorts_pipeline.series.assets,
    shorts_pipeline.series.schedules,
    shorts_pipeline.operations.schedules,
    shorts_pipeline.operations.sensors,
]


def build_defs(*, resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The definitions, with any resource replaced by key: that is how tests and the demo bring their own."""
    resources: dict[str, Any] = {
        "postgres": PostgresResource.from_settings(),
        "redis": RedisResource.from_settings(),
        "vectors": VectorsResource.from_settings(),
        "models": ModelsResource.from_settings(),
        "speech": SpeechResource.from_settings(),
        "media": MediaResource.from_settings(),
        "youtube": YouTubeResource.from_settings(),
        "fetch": FetchResource.from_settings(),
        "notices": NoticesResource(),
        "clock": ClockResource.from_settings(),
    }
    return dg.Definitions(
        assets=dg.load_assets_from_modules(ROOMS, include_specs=True),
        asset_checks=dg.load_asset_checks_from_modules(ROOMS),
        sensors=_all(dg.SensorDefinition),
        schedules=_all(dg.ScheduleDefinition),
        jobs=_all(dg.JobDefinition),
        resources=resources | dict(resource_overrides or {}),
        executor=steps_executor,
    )


def _all(kind: type[D]) -> list[D]:
    """What the rooms define of this kind, once each: a module may import what another defines."""
    found = {id(value): value for room in ROOMS for value in vars(room).values() if isinstance(value, kind)}
    return list(found.values())


defs = build_defs()
