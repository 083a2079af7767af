"""Run the sandbox by itself: python -m shorts_pipeline.embedded.youtube_sandbox --root DIR --port N."""

from datetime import timedelta
from pathlib import Path

import click

from shorts_pipeline.clock import Clock, FileClock, SystemClock
from shorts_pipeline.embedded.youtube_sandbox.server import PROCESSING, run


@click.command()
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where it keeps things.")
@click.option("--clock-file", type=click.Path(path_type=Path), help="The instant it is; none: the machine's clock.")
@click.option("--port", type=int, default=8086, show_default=True)
@click.option(
    "--processing-seconds",
    type=float,
    default=PROCESSING.total_seconds(),
    show_default=True,
    help="How long a video is processed, on its clock.",
)
def main(root: Path, clock_file: Path | None, port: int, processing_seconds: float) -> None:
    """A YouTube sandbox on 127.0.0.1."""
    clock: Clock = FileClock(clock_file) if clock_file else SystemClock()
    run(root, clock, port, processing=timedelta(seconds=processing_seconds))


if __name__ == "__main__":
    main()
