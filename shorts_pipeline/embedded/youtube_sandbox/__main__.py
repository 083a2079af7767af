"""Run the sandbox by itself: python -m shorts_pipeline.embedded.youtube_sandbox --root DIR --port N."""

from datetime import timedelta
from pathlib import Path

import click

from shorts_pipeline.clock import Clock, FileClock, SystemClock
from shorts_pipeline.embedded.youtube_sandbox.link import Link
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
@click.option("--bytes-per-second", type=float, help="A line this slow towards it; none: as fast as the machine.")
@click.option("--delay", type=float, default=0.0, help="Seconds that each answer takes on that line.")
def main(
    root: Path,
    clock_file: Path | None,
    port: int,
    processing_seconds: float,
    bytes_per_second: float | None,
    delay: float,
) -> None:
    """A YouTube sandbox on 127.0.0.1."""
    clock: Clock = FileClock(clock_file) if clock_file else SystemClock()
    link = Link(bytes_per_second, delay) if bytes_per_second else None
    run(root, clock, port, processing=timedelta(seconds=processing_seconds), link=link)


if __name__ == "__main__":
    main()
