"""shorts sandbox: the YouTube sandbox alone, in the foreground."""

import click
from rich.console import Console

from shorts_pipeline.cli.services import current_settings
from shorts_pipeline.embedded.process import port_is_free
from shorts_pipeline.errors import ConfigurationError


@click.command()
@click.option("--port", type=int, default=8086, show_default=True)
def sandbox(port: int) -> None:
    """Rehearse a channel without touching YouTube: serve the sandbox of this home on 127.0.0.1 until Ctrl-C."""
    from shorts_pipeline.clock import FileClock
    from shorts_pipeline.embedded import keeper
    from shorts_pipeline.embedded.home import Home
    from shorts_pipeline.embedded.youtube_sandbox.server import run

    if not port_is_free(port):
        raise ConfigurationError(f"port {port} is taken: try `shorts sandbox --port {port + 1}`")
    home = Home(current_settings().home)
    home.prepare()
    running = keeper.sandbox(home)
    if running.running():
        raise ConfigurationError(f"the sandbox of this home already runs at {running.url}")
    Console().print(f"YouTube sandbox: [bold]http://127.0.0.1:{port}[/]   (YOUTUBE_SANDBOX_URL; Ctrl-C ends it)")
    run(home.sandbox, FileClock(home.clock_file), port)
