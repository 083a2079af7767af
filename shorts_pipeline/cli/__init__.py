"""The command line: `shorts …`. Thin: each command opens what it needs and calls one function.

A command is a module in this folder with one click command or group; it is imported when it is called, not before, so
that `shorts --help` answers at once. A `PipelineError` is told in one line; `--debug` shows where it came from.
"""

import ast
import importlib
import sys
from pathlib import Path

import click

from shorts_pipeline.errors import PipelineError

FOLDER = Path(__file__).parent


class LazyGroup(click.Group):
    """A group whose commands are the modules of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _commands():
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        found = [one for one in vars(module).values() if isinstance(one, click.Command) and one.name == cmd_name]
        own = [one for one in vars(module).values() if isinstance(one, click.Group)]
        return next(iter(found or own), None)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_commands().items()))


def _commands() -> dict[str, str]:
    """Name and first line of every command, read without importing it."""
    found = {}
    for path in FOLDER.glob("[a-z]*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(_is_command(node) for node in tree.body):
            text = (ast.get_docstring(tree) or "").split("\n", 1)[0]
            found[path.stem.replace("_", "-")] = text.partition(": ")[2] or text
    return found


def _is_command(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(called, ast.Attribute) and called.attr in {"group", "command"} and _name(called.value) == "click"
        for decorator in node.decorator_list
        for called in [decorator.func if isinstance(decorator, ast.Call) else decorator]
    )


def _name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


@click.group(cls=LazyGroup)
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="shorts_pipeline")
def shorts(debug: bool) -> None:
    """Run many YouTube Shorts channels from configuration alone."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command; a `PipelineError` ends it with its message and exit code 1."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        shorts.main(args=given, prog_name="shorts")
    except PipelineError as error:
        if "--debug" in given:
            raise
        click.echo(f"{click.style('Error:', fg='red')} {error}", err=True)
        sys.exit(1)
