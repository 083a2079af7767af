"""shorts videos: look at what was made."""

from pathlib import Path

import click


@click.group()
def videos() -> None:
    """Look at what was made."""


@videos.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--every", type=click.FloatRange(min=0.1), default=2.0, show_default=True, help="Seconds between frames.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default=True)
def sheet(files: tuple[Path, ...], every: float, folder: Path) -> None:
    """A contact sheet of each video FILE: sheet-<its folder's name>.jpg."""
    from shorts_pipeline.videos.contact_sheet import contact_sheet

    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        target = folder / f"sheet-{file.absolute().parent.name}.jpg"
        contact_sheet(file, every=every).save(target, quality=88)
        click.echo(target)
