"""Contact sheet: a frame of a video every few seconds, side by side, so that a person sees it in one glance."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from shorts_pipeline.errors import Rejected

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 240
COLUMNS = 8
_GAP = 8
_LABEL = 22
_PAPER, _INK = (20, 22, 26), (200, 205, 212)


def contact_sheet(path: Path, *, every: float = 2.0, width: int = WIDTH, columns: int = COLUMNS) -> "Image":
    """Frames of the video at half of `every`, one and a half and so on, each with its time. Raises `Rejected`."""
    from PIL import Image, ImageDraw, ImageFont

    shots = _shots(path, every, width)
    if not shots:
        raise Rejected(f"{path} shows nothing")
    high = shots[0][1].height + _LABEL
    rows = -(-len(shots) // columns)
    across = min(columns, len(shots))
    sheet = Image.new("RGB", (across * (width + _GAP) + _GAP, rows * (high + _GAP) + _GAP), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for index, (time, picture) in enumerate(shots):
        left = _GAP + index % columns * (width + _GAP)
        top = _GAP + index // columns * (high + _GAP)
        sheet.paste(picture, (left, top + _LABEL))
        draw.text((left + 2, top + 2), f"{time:.1f} s", fill=_INK, font=font)
    return sheet


def _shots(path: Path, every: float, width: int) -> list[tuple[float, "Image"]]:
    import av

    found: list[tuple[float, Image]] = []
    try:
        with av.open(str(path)) as container:
            container.streams.video[0].thread_type = "AUTO"
            for frame in container.decode(video=0):
                if frame.time is not None and frame.time >= (len(found) + 0.5) * every:
                    found.append((frame.time, _small(frame, width)))
    except (OSError, ValueError, IndexError) as error:  # PyAV's errors are these, too
        raise Rejected(f"{path} cannot be read: {error}") from error
    return found


def _small(frame: Any, width: int) -> "Image":
    picture: Image = frame.to_image()
    return picture.resize((width, round(picture.height * width / picture.width)))
