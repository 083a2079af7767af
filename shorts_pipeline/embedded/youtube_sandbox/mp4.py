"""The length of an MP4 file, read from its movie header."""

import struct
from pathlib import Path
from typing import BinaryIO


def duration(path: Path) -> float | None:
    """Seconds; None where this is no MP4 with a movie header."""
    size = path.stat().st_size
    with path.open("rb") as file:
        moov = _box(file, b"moov", 0, size)
        header = _box(file, b"mvhd", *moov) if moov else None
        if header is None:
            return None
        file.seek(header[0])
        raw = file.read(32)
    # Version 1 has 64-bit times (ISO/IEC 14496-12, 8.2.2).
    layout, offset = (">IQ", 20) if raw[:1] == b"\x01" else (">II", 12)
    try:
        scale, ticks = struct.unpack_from(layout, raw, offset)
    except struct.error:
        return None
    return ticks / scale if scale else None


def _box(file: BinaryIO, wanted: bytes, begin: int, end: int) -> tuple[int, int] | None:
    while begin + 8 <= end:
        file.seek(begin)
        size, name = struct.unpack(">I4s", file.read(8))
        body = begin + 8
        if size == 1:
            size, body = struct.unpack(">Q", file.read(8))[0], begin + 16
        if size == 0:
            size = end - begin
        if size < body - begin or begin + size > end:
            return None
        if name == wanted:
            return body, begin + size
        begin += size
    return None
