"""How long after a person's yes the next step begins, in a whole Dagster: daemon, sensors, queue, a process a run.

Run: `python bench/next_step.py [--decisions 8]`

Topics wait at a manual gate; each is approved at a random moment, and the clock stops when the run of `scripts` that
its decision asked for has been started by the daemon. One JSON line a figure.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from uuid import UUID

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from sqlalchemy import select
from sqlalchemy.orm import Session

from shorts_pipeline.cli.services import Opened, environment, opened
from shorts_pipeline.database import ReviewQueue, TopicStatus
from shorts_pipeline.embedded.dagster_servers import DagsterServers
from shorts_pipeline.embedded.home import Home
from shorts_pipeline.embedded.process import free_port
from shorts_pipeline.partitions import channels
from shorts_pipeline.review.decisions import approve
from shorts_pipeline.review.gates import submit
from shorts_pipeline.settings import settings

# The tests' rows are what is decided on: they lie beside, not in the package.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from shorts_pipeline_tests.review.asking import about
from shorts_pipeline_tests.rows import a_channel, a_topic

MOST_SECONDS = 30
PATIENCE_SECONDS = 180
ASKED_BY = {"dagster/sensor_name": "decided_rows"}
NOT_BEGUN = {DagsterRunStatus.QUEUED, DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING}


def main() -> int:
    """Decide, wait, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=8)
    count = parser.parse_args().decisions
    with tempfile.TemporaryDirectory(prefix="shorts-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["SHORTS_HOME"] = folder
        settings.cache_clear()
        home = Home(Path(folder))
        home.prepare()
        with opened(sandbox=True, migrate=True) as connections:
            variables = connections.services.dagster_environment()
            with environment(variables):
                waited = _measured(home, connections, variables, count)
    figures = [("median_seconds_to_next_step", median(waited)), ("longest_seconds_to_next_step", max(waited))]
    for name, value in figures:
        ok = value <= MOST_SECONDS
        print(json.dumps({"name": name, "value": round(value, 1), "unit": "s", "target": MOST_SECONDS, "ok": ok}))
    return 0 if max(waited) <= MOST_SECONDS else 1


def _measured(home: Home, connections: Opened, variables: dict[str, str], count: int) -> list[float]:
    instance = DagsterInstance.get()
    with connections.sessions.begin() as session:
        reviews = _waiting(session, connections, count)
    instance.add_dynamic_partitions(str(channels.name), list(reviews))
    servers = DagsterServers(home, variables, port=free_port())
    chance = random.Random(11)
    try:
        servers.start_code()
        servers.start()
        # The first ticks come with the daemon's own start.
        time.sleep(20)
        return [_decided(connections, instance, slug, review, chance) for slug, review in reviews.items()]
    finally:
        servers.stop()


def _waiting(session: Session, connections: Opened, count: int) -> dict[str, UUID]:
    """A channel with one topic at its gate, so many times: reviews by slug."""
    found = {}
    for _ in range(count):
        channel = a_channel(session)
        topic = a_topic(session, channel, status=TopicStatus.PENDING)
        submit(session, [about(topic, channel)], now=connections.clock.now())
        chosen = select(ReviewQueue.id).where(ReviewQueue.target_id == topic.id)
        found[channel.slug] = session.scalars(chosen).one()
    return found


def _decided(connections: Opened, instance: DagsterInstance, slug: str, review: UUID, chance: random.Random) -> float:
    """Seconds from the decision's commit to the start of the run that it asked for."""
    time.sleep(chance.uniform(0, 15))
    with connections.sessions.begin() as session:
        approve(session, review, by="bench", now=connections.clock.now())
    begin = time.monotonic()
    wanted = RunsFilter(tags={**ASKED_BY, "dagster/partition": slug})
    while time.monotonic() - begin < PATIENCE_SECONDS:
        if any(run.status not in NOT_BEGUN for run in instance.get_runs(wanted)):
            return time.monotonic() - begin
        time.sleep(0.2)
    raise TimeoutError(f"no run for {slug} within {PATIENCE_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
