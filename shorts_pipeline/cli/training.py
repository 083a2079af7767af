"""shorts training: where each channel's training files are, and writing them anew."""

import click


@click.group()
def training() -> None:
    """Scripts that did well, as files to train a model with."""


@training.command("list")
@click.option("--channel", help="Only this channel's, by slug.")
def list_command(channel: str | None) -> None:
    """Every file, with how many examples it holds."""
    from rich.console import Console
    from rich.table import Table
    from sqlalchemy import select

    from shorts_pipeline.channels.directory import channel_by_slug
    from shorts_pipeline.cli.services import opened
    from shorts_pipeline.database import Channel
    from shorts_pipeline.performance.training.files import manifest_path, read_manifest
    from shorts_pipeline.resources.media import MediaResource

    with opened() as open_, open_.sessions() as session:
        store = MediaResource.from_settings().store
        slugs = (
            [channel_by_slug(session, channel).slug]
            if channel
            else session.scalars(select(Channel.slug).order_by("slug"))
        )
        manifests = [(manifest_path(store, slug).parent, read_manifest(store, slug)) for slug in slugs]
    written = [(folder, manifest) for folder, manifest in manifests if manifest.versions]
    table = Table("channel", "version", "split", "examples", "written", "file")
    for _, manifest in written:
        for version in manifest.versions:
            for split, part in version.splits.items():
                cells = (manifest.channel, str(version.version), split, str(part.examples))
                table.add_row(*cells, f"{version.made_at:%Y-%m-%d}", part.file)
    Console().print(table if written else "No training files yet: no short did well by its channel's rule.")
    for folder, _ in written:
        click.echo(str(folder))


@training.command("rebuild")
@click.argument("channel")
def rebuild_command(channel: str) -> None:
    """Write a channel's files anew from all that meets its rule now; the versions before are replaced."""
    from shorts_pipeline.cli.services import opened
    from shorts_pipeline.performance.training.extend import extend_training_set
    from shorts_pipeline.resources.media import MediaResource

    with opened() as open_:
        store = MediaResource.from_settings().store
        made = extend_training_set(open_.sessions, store, channel=channel, clock=open_.clock, anew=True)
    if made.skipped:
        raise click.ClickException(f"{channel}: {made.skipped}")
    click.echo(f"{made.train} to train, {made.validation} to validate, {made.left_out} left out")
    for file in made.files:
        click.echo(file)
