"""What to do about a failure.

One small tree: the class of an error says what happens next, so that no caller reads messages.
Anything else that escapes is a defect of ours; it is recorded on its row and tried again like `RetryLater`.
"""

from datetime import datetime, timedelta


class PipelineError(Exception):
    """Something the pipeline knows how to go on from. The message says what, where and what to do."""


class RetryLater(PipelineError):
    """Passing: try again after `delay` (None: the stage's own back-off)."""

    def __init__(self, message: str, *, delay: timedelta | None = None) -> None:
        super().__init__(message)
        self.delay = delay


class Parked(PipelineError):
    """Not before `until`: a quota, a daily limit."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class NeedsPerson(PipelineError):
    """Only a person can mend it: the message says what, where and how."""


class Rejected(PipelineError):
    """This row will never work; the reason is stored with it."""


class ConfigurationError(NeedsPerson):
    """A setting or a file is wrong: what, where, and what to write instead."""
