"""The doctor: is everything there that a short needs, and if not, what to do.

A room with something to examine has a `doctor.py` with `CHECKS`; cli/doctor.py puts the lists together, since this
room cannot look up. Checks look and never change anything.
"""

from shorts_pipeline.operations.doctor.check import Check, Finding, Machine, examine, harmless

__all__ = ["Check", "Finding", "Machine", "examine", "harmless"]
