"""shorts doctor: is everything there? One line a check, and what to do where it is not."""

import sys
from contextlib import ExitStack
from typing import Final

import click
from rich.console import Console
from rich.markup import escape

from shorts_pipeline.channels import doctor as channels
from shorts_pipeline.cli.services import current_settings, environment
from shorts_pipeline.clock import FileClock
from shorts_pipeline.embedded.services import Services
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.operations.doctor import Check, Machine, connections, examine, machine

# Every room with something to examine, from the ground up.
CHECKS: Final[tuple[Check, ...]] = (*connections.CHECKS, *machine.CHECKS, *channels.CHECKS)


@click.command()
def doctor() -> None:
    """Look at everything a short needs; exit code 1 where something is missing."""
    console = Console(highlight=False, soft_wrap=True)
    with ExitStack() as stack:
        failed = 0 if _services(stack, console) else 1
        settings = current_settings()
        for check, finding in examine(CHECKS, Machine(settings, FileClock(settings.clock_file))):
            failed += not finding.ok
            console.print(_line(check.name, finding.ok, finding.message, finding.remedy))
    if failed:
        sys.exit(1)


def _services(stack: ExitStack, console: Console) -> bool:
    """The services of this home, for as long as the examination takes."""
    try:
        services = stack.enter_context(Services(current_settings(), also=["sandbox"]))
    except PipelineError as error:
        console.print(_line("services", False, str(error), "what follows is without them"))
        return False
    stack.enter_context(environment(services.environment()))
    return True


def _line(name: str, ok: bool, message: str, remedy: str) -> str:
    sign = "[green]ok [/]" if ok else "[red]not[/]"
    end = f" [yellow]→ {escape(remedy)}[/]" if remedy and not ok else ""
    return f"{sign} [bold]{escape(name):20}[/] {escape(message)}{end}"
