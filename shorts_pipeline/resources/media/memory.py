"""Memory: what was freed is given back to the machine.

Pictures of some megabytes, made and dropped by several threads, leave holes that the C library keeps for later: a
third of what a render holds.
"""

import ctypes
import sys
from functools import lru_cache
from typing import Any


def give_back_memory() -> None:
    """Return freed memory to the machine, where the C library can (glibc)."""
    if (trim := _trim()) is not None:
        trim(0)


@lru_cache
def _trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
