"""`shorts` with a small code location in place of the pipeline: what is tested is starting and stopping."""

import functools

from shorts_pipeline.cli import main, up
from shorts_pipeline.embedded.dagster_servers import DagsterServers

up.DagsterServers = functools.partial(  # type: ignore[assignment,misc]
    DagsterServers, module="shorts_pipeline_tests.embedded.slow_definitions"
)
main()
