"""Dagster's processes of a home whose `shorts up` is gone: found by a variable in their environment, and ended.

Run workers are children of children; their parents may be dead, so no tree leads to them.
"""

import psutil

from shorts_pipeline.embedded.home import Home

VARIABLE = "SHORTS_SUPERVISED_HOME"
END_SECONDS = 6.0


def leftovers(home: Home) -> list[psutil.Process]:
    """Every living process that was started by a `shorts up` of this home, also the children of its children."""
    found = []
    for candidate in psutil.process_iter():
        try:
            if candidate.environ().get(VARIABLE) == str(home.path) and candidate.status() != psutil.STATUS_ZOMBIE:
                found.append(candidate)
        except (psutil.Error, OSError):
            continue
    return found


def end_leftovers(home: Home) -> int:
    """Ask them to end, then end them; how many there were."""
    there = leftovers(home)
    for number in ("terminate", "kill"):
        for one in there:
            try:
                getattr(one, number)()
            except psutil.Error:
                continue
        _, alive = psutil.wait_procs(there, timeout=END_SECONDS)
        if not alive:
            break
    return len(there)
