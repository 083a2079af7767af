"""Run the demo's feeds by themselves: python -m shorts_pipeline.embedded.feeds --port N --clock-file FILE."""

from datetime import UTC, datetime
from pathlib import Path

import click

from shorts_pipeline.clock import Clock, FileClock, SystemClock
from shorts_pipeline.embedded.feeds.server import began_at, run


@click.command()
@click.option("--port", type=int, default=8087, show_default=True)
@click.option("--clock-file", type=click.Path(path_type=Path), help="The instant it is; none: the machine's clock.")
@click.option("--state", type=click.Path(path_type=Path), help="Keeps when the demo began; beside the clock's file.")
@click.option("--at", help="When the demo began, in ISO 8601; none: the clock's first reading.")
def main(port: int, clock_file: Path | None, state: Path | None, at: str | None) -> None:
    """Four feeds of invented stories on 127.0.0.1."""
    clock: Clock = FileClock(clock_file) if clock_file else SystemClock()
    kept = state or (clock_file.with_name("feeds-began") if clock_file else None)
    began = datetime.fromisoformat(at) if at else began_at(kept, clock)
    run(began if began.tzinfo else began.replace(tzinfo=UTC), port)


if __name__ == "__main__":
    main()
