"""What the documents are made of: the frozen `Part` and kinds of values with their range and a clear message.

Numbers and booleans are strict: `"20"` or `true` where a number belongs is a mistake, not a conversion.
"""

import re
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from shorts_pipeline.database.documents.secrets import holds_token, looks_random


class Part(BaseModel):
    """One object of a document. Unknown keys are refused; a rejected value is never shown in the error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def conflict(message: str, *fields: str) -> PydanticCustomError:
    """What a check over several fields raises; the first of them is where the reader is sent."""
    return PydanticCustomError("conflict", "{message}", {"message": message, "fields": fields})


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not an IANA time zone; write one like Asia/Seoul") from error
    return value


def _secret_name(value: str) -> str:
    if value != value.strip() or re.search(r"\s", value):
        raise ValueError("holds white space; write the name of a secret, e.g. TELEGRAM_ADDRESS")
    if holds_token(value) or looks_random(value) or not _SECRET_NAME.fullmatch(value):
        raise ValueError(
            "looks like a secret itself; write only its name (letters, digits, _ and -), e.g. TELEGRAM_ADDRESS, "
            "and keep the value in the environment or in SECRETS_FOLDER"
        )
    return value


def _plain(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("holds a control character; remove it")
    if holds_token(value):
        raise ValueError("holds what looks like a secret; keep it in the environment and name it in `secret`")
    return value


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _relative(value: str) -> str:
    if value.startswith(("/", "~")) or "\\" in value or ".." in value.split("/"):
        raise ValueError("leads out of the media root; write a path below it, e.g. logos/channel.png")
    return value


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SECRET_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")

Flag = StrictBool
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Share = Annotated[Number, Field(ge=0, le=1)]
"""0 to 1."""
Weight = Annotated[Number, Field(ge=0, le=10)]
"""0 to 10, where 1 changes nothing."""
_Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]
Text = Annotated[_Stripped, Field(max_length=2_000), AfterValidator(_plain)]
Word = Annotated[_Stripped, Field(min_length=1, max_length=200), AfterValidator(_plain)]
RelativePath = Annotated[Word, AfterValidator(_relative)]
"""A path below the media root."""
Words = tuple[Word, ...]
Passage = Annotated[_Stripped, Field(min_length=1, max_length=5_000), AfterValidator(_plain)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
"""An IANA time zone."""
SecretName = Annotated[str, AfterValidator(_secret_name), Field(max_length=64)]
"""The name of a secret, never the secret."""
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
"""ISO 639-1: two small letters."""
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""#RRGGBB."""
Digits = Annotated[str, BeforeValidator(_as_text), StringConstraints(pattern=r"^[0-9]{1,10}$")]
"""A number that is a name, such as YouTube's category; 28 and "28" are the same."""
