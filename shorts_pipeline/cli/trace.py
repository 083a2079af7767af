"""shorts trace: one short's whole way, from feed item to views: every row, run, model, cost and decision."""

import json
from collections.abc import Iterator

import click
from rich.cells import cell_len
from rich.console import Console, Group
from rich.text import Text
from rich.tree import Tree

from shorts_pipeline.cli.services import opened
from shorts_pipeline.operations.trace import Node
from shorts_pipeline.operations.trace import trace as way_of

GUIDE = 4
"""Columns that a level of the tree takes."""
_NARROWEST = 40


@click.command()
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="For machines: ids, hashes and texts in full.")
def trace(reference: str, as_json: bool) -> None:
    """Show the way of REFERENCE: a video's, upload's, script's or topic's id (eight letters do), YouTube's, or its
    address."""
    with opened() as connections, connections.sessions() as session:
        root = way_of(session, reference)
    if as_json:
        click.echo(json.dumps(root.as_json(), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    console.print(drawn(root, console.width))


def drawn(node: Node, width: int) -> Tree:
    """The node and all below it, for a terminal of so many columns."""
    tree = Tree(_label(node, width), guide_style="dim")
    for child in node.children:
        tree.add(drawn(child, width - GUIDE))
    return tree


def _label(node: Node, width: int) -> Group:
    return Group(*_lines(node, max(width, _NARROWEST)))


def _lines(node: Node, width: int) -> Iterator[Text]:
    """Its name and its facts, as many on a line as fit whole; one that fits on none has lines of its own."""
    line = Text(node.label, style="bold")
    for name, text in node.texts.items():
        fact = Text.assemble((f"{name} ", "dim"), text)
        if line.cell_len + 2 + cell_len(fact.plain) > width:
            yield line
            line = fact
        else:
            line = Text.assemble(line, "  ", fact)
    yield line
