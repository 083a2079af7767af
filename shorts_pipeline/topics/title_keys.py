"""Title keys: hashes of which near-same titles share at least one, so that an index finds them and nobody compares all.

MinHash: the least hash of a title's shingles agrees between two titles as often as they share shingles. `ROWS` of them
make a band. In memory bands are compared as they are; a stored key is a band of a channel at a time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Of generated edits with a ratio of .9 and more these find 99.8 % where titles are as long as those of news
# (bench/pairs) and 99.1 % of short English ones; .2 % (Korean) and .4 % (English) of pairs half made to be confused
# share a key in vain. With two rows those were 2 %.
BANDS, ROWS = 18, 3
# The rest of a key is where its channel and time have their place in the index: what is told and asked lies together,
# on few pages, however much others have told.
_BAND_BITS = 40
# Keys of another time differ, so that a channel's long past is not looked through for what it told this month.
PERIOD = timedelta(days=32)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_GAMMA = 0x9E3779B97F4A7C15
_FIRST, _LAST = 0x9FB21C651E98DF25, 0xD6E8FEB86659FD93
_SPACE = 32
_HANGUL = 0xAC00, 0xD7A3


def title_bands(titles: Sequence[str]) -> list[list[int]]:
    """The bands of normalised titles: `BANDS` unsigned numbers each, none of a title without a letter."""
    import numpy as np

    shingles, starts, filled = _shingles(titles)
    if not len(filled):
        return [[] for _ in titles]
    # The shingles are mixed already: an odd factor puts them into another order.
    factors = _mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64) * np.uint64(_GAMMA)) | np.uint64(1)
    bands = np.empty((BANDS, len(filled)), dtype=np.uint64)
    for band in range(BANDS):
        together = np.full(len(filled), band, dtype=np.uint64)
        for row in range(ROWS):
            together = _mixed(together ^ np.minimum.reduceat(shingles * factors[band * ROWS + row], starts))
        bands[band] = together
    found: list[list[int]] = [[] for _ in titles]
    for index, own in zip(filled.tolist(), bands.T.tolist(), strict=True):
        found[index] = own
    return found


def title_keys(bands: Sequence[Sequence[int]], channel_id: UUID, periods: Sequence[int]) -> list[list[int]]:
    """Bands of titles told in these periods, as they are stored: signed 64-bit numbers of this channel's own."""
    import numpy as np

    channel = (channel_id.int ^ (channel_id.int >> 64)) % 2**64
    places = _mixed(np.array([channel + period * _GAMMA & 2**64 - 1 for period in periods], dtype=np.uint64))
    filled = [index for index, own in enumerate(bands) if own]
    keys: list[list[int]] = [[] for _ in bands]
    if filled:
        rows = np.array([bands[index] for index in filled], dtype=np.uint64)
        stored = (places[filled, None] << np.uint64(_BAND_BITS)) | (rows >> np.uint64(64 - _BAND_BITS))
        for index, own in zip(filled, stored.astype(np.int64).tolist(), strict=True):
            keys[index] = own
    return keys


def period_of(told_at: datetime) -> int:
    """The period in which a story was told."""
    return (told_at - _EPOCH) // PERIOD


def periods_near(told_at: datetime, window: timedelta) -> Iterable[int]:
    """The periods in which a story within the window of this one may have been told."""
    return range(period_of(told_at - window), period_of(told_at + window) + 1)


def _shingles(titles: Sequence[str]) -> "tuple[NDArray[np.uint64], NDArray[np.intp], NDArray[np.intp]]":
    """Hashes of all shingles, where each title's begin, and which titles have any.

    One for each letter: of a Latin letter with both its neighbours; of a Hangul syllable, which says as much as two or
    three letters, with the one before it. None spans two words, so that their order does not count.
    """
    import numpy as np

    text = f" {'  '.join(titles)} "
    letters = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter((len(title) for title in titles), dtype=np.intp, count=len(titles))
    middle = letters[1:-1]
    hangul = (middle >= _HANGUL[0]) & (middle <= _HANGUL[1])
    after = np.where(hangul, np.uint64(0), letters[2:])
    hashed = _mixed(letters[:-2] * np.uint64(_FIRST) + middle * np.uint64(_GAMMA) + after * np.uint64(_LAST))
    inside = middle != _SPACE
    title_of = np.repeat(np.arange(len(titles)), lengths + 2)[: len(middle)]
    filled, starts = np.unique(title_of[inside], return_index=True)
    return hashed[inside], starts, filled


def _mixed(values: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """splitmix64's finaliser: every bit of the answer depends on every bit asked."""
    import numpy as np

    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
