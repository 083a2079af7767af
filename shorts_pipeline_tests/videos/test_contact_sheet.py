"""A video in one glance."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from shorts_pipeline.cli.videos import videos
from shorts_pipeline.errors import Rejected
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.videos.contact_sheet import contact_sheet
from shorts_pipeline.videos.rendered import Rendered


def test_a_frame_every_second_side_by_side(rendered: Rendered, store: MediaStore, tmp_path: Path) -> None:
    file = store.path(rendered.video)
    told = CliRunner().invoke(videos, ["sheet", str(file), "--every", "1", "--to", str(tmp_path)])
    assert told.exit_code == 0, told.output
    made = Image.open(tmp_path / "sheet-sample.jpg")
    count = round(rendered.verified.duration - 0.01)
    assert made.size == (count * 248 + 8, 427 + 22 + 16)


def test_what_is_no_video_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_text("<html>")
    with pytest.raises(Rejected, match=r"x\.mp4 cannot be read"):
        contact_sheet(tmp_path / "x.mp4")
