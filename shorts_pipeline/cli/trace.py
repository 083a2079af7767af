"""shorts trace: one short's whole way, from feed item to views: every row and run."""

import click
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from shorts_pipeline.cli.services import opened
from shorts_pipeline.operations.trace import Node
from shorts_pipeline.operations.trace import trace as way_of


@click.command()
@click.argument("reference")
def trace(reference: str) -> None:
    """Show the way of REFERENCE: a video's, upload's, script's or topic's id (eight letters do), or YouTube's id."""
    with opened() as connections, connections.sessions() as session:
        root = way_of(session, reference)
    Console(highlight=False).print(_tree(root))


def _tree(node: Node, parent: Tree | None = None) -> Tree:
    facts = ", ".join(f"[dim]{escape(name)}[/] {escape(value)}" for name, value in node.facts.items())
    label = f"[bold]{escape(node.label)}[/]  {facts}"
    tree = Tree(label) if parent is None else parent.add(label)
    for child in node.children:
        _tree(child, tree)
    return tree
