"""Partition keys of channel × day as what they mean: `slug|2026-11-02`."""

from collections.abc import Container, Iterable, Sequence
from datetime import date

SEPARATOR = "|"


def days_by_channel(keys: Iterable[str]) -> dict[str, list[date]]:
    """The days asked for, by channel, in the order of the keys."""
    wanted: dict[str, list[date]] = {}
    for key in keys:
        slug, day = key.split(SEPARATOR)
        wanted.setdefault(slug, []).append(date.fromisoformat(day))
    return wanted


def keys_of(keys: Iterable[str], channels: Container[str]) -> list[str]:
    """The keys of these channels only."""
    return [str(key) for key in keys if key.split(SEPARATOR)[0] in channels]


def key_range(slug: str, days: Sequence[date]) -> tuple[str, str]:
    """First and last key of a channel's run of days."""
    return f"{slug}{SEPARATOR}{min(days)}", f"{slug}{SEPARATOR}{max(days)}"
