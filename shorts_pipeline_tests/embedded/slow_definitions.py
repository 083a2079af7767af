"""A code location whose one asset takes long the first time: something to interrupt."""

import os
import time
from pathlib import Path

import dagster as dg


@dg.asset
def slow() -> dg.MaterializeResult:
    """Says where it runs, then waits; the second attempt ends at once."""
    place = Path(os.environ["SLOW_ASSET_FOLDER"])
    first = not (place / "began").exists()
    (place / "began").write_text(str(os.getpid()))
    if first:
        time.sleep(60)
    return dg.MaterializeResult()


defs = dg.Definitions(assets=[slow], jobs=[dg.define_asset_job("slow_job", executor_def=dg.in_process_executor)])
