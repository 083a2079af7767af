"""The executor of all runs: steps in the run's own process, or side by side where that makes a run shorter.

A process for each step costs seconds to start, which only renders are worth: a run that makes videos, on a machine
that may make several at once, starts one for each of its steps; every other run needs none. How many videos are made
at once over all runs is the limit of the pool `render`.
"""

import dagster as dg
from dagster._core.definitions.reconstruct import ReconstructableJob

from shorts_pipeline.settings import settings

_RETRIES: dict[str, object] = {"retries": {"enabled": {}}}


@dg.executor(name="steps")
def steps_executor(context: dg.InitExecutorContext) -> dg.Executor:
    """Several processes for a run with pooled steps that may be started anew in another process; else this one."""
    at_once = settings().renders_at_once
    apart = at_once > 1 and isinstance(context.job, ReconstructableJob) and not context.instance.is_ephemeral
    if apart and any(node.definition.pools for node in context.job.get_definition().nodes):
        chosen, config = dg.multiprocess_executor, {**_RETRIES, "max_concurrent": at_once}
    else:
        chosen, config = dg.in_process_executor, _RETRIES
    create = chosen.executor_creation_fn
    assert create is not None
    return create(context._replace(executor_config=config))
