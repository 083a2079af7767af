"""What a check is, and running a list of them. No check stands here."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from shorts_pipeline.clock import Clock
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.settings import Settings

TIME_LIMIT: Final = 60.0
"""Seconds a check may take: loading a model is the slowest honest one."""


@dataclass(frozen=True)
class Machine:
    """What is examined."""

    settings: Settings
    clock: Clock


@dataclass(frozen=True)
class Finding:
    """What a check found; `remedy` says what to do where it is not `ok`."""

    ok: bool
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """One thing to look at. `run` may raise: that is a finding too, with `remedy` as what to do about it."""

    name: str
    run: Callable[[Machine], Finding]
    remedy: str = ""


def examine(checks: Iterable[Check], machine: Machine, *, limit: float = TIME_LIMIT) -> Iterator[tuple[Check, Finding]]:
    """Run the checks in order; one that fails or hangs is a finding and the others go on."""
    for check in checks:
        yield check, _finding(check, machine, limit)


def harmless(error: BaseException) -> str:
    """The first line of an error without passwords: drivers repeat the address they were given."""
    lines = str(error).strip().splitlines() or [""]
    text = re.sub(r"://[^/@\s]*@", "://…@", lines[0])
    text = re.sub(r"(?i)(password|token|key)=\S+", r"\1=…", text)
    return text[:300] if isinstance(error, PipelineError) else f"{type(error).__name__}: {text}"[:300]


def _finding(check: Check, machine: Machine, limit: float) -> Finding:
    found: list[Finding] = []

    def run() -> None:
        try:
            found.append(check.run(machine))
        except Exception as error:
            # A PipelineError says itself what to do.
            remedy = "" if isinstance(error, PipelineError) else check.remedy
            found.append(Finding(False, harmless(error), remedy))

    thread = threading.Thread(target=run, name=f"doctor: {check.name}", daemon=True)
    thread.start()
    thread.join(limit)
    return found[0] if found else Finding(False, f"no answer within {limit:g} s", check.remedy)
