"""Telling a secret from the name of one, so that no secret is ever written into a channel file or the database."""

import re
from typing import Final

_KNOWN: Final = re.compile(
    r"""
      \bsk-[A-Za-z0-9_-]{16,}            # OpenAI, Anthropic
    | \bAIza[A-Za-z0-9_-]{30,}           # Google API key
    | \bya29\.[A-Za-z0-9_-]{10,}         # Google access token
    | \b1//[A-Za-z0-9_-]{20,}            # Google refresh token
    | \bGOCSPX-[A-Za-z0-9_-]{10,}        # Google client secret
    | \bgh[pousr]_[A-Za-z0-9]{20,}       # GitHub
    | \bxox[abprs]-[A-Za-z0-9-]{10,}     # Slack
    | \bAKIA[A-Z0-9]{16}\b               # AWS
    | \b[0-9]{8,10}:[A-Za-z0-9_-]{30,}   # Telegram bot
    | \beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}   # JWT
    | \bBearer\s+[A-Za-z0-9._-]{8,}
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY
    | ://[^/\s:@]+:[^/\s@]+@             # user:password@host
    | [?&](?:api_?key|access_token|token|secret|password)=[^&{\s]{6,}
    """,
    re.VERBOSE | re.IGNORECASE,
)


def holds_token(text: str) -> bool:
    """Whether a known kind of token or password stands in `text`."""
    return bool(_KNOWN.search(text))


def looks_random(text: str) -> bool:
    """Whether `text`, which should be a name, is a long run of mixed letters and digits instead."""
    if not re.fullmatch(r"[A-Za-z0-9_+/=.-]{16,}", text):
        return False
    return any(_mixed(run) for run in re.split(r"[_.\-/]", text))


def _mixed(run: str) -> bool:
    """A word of 16 or more characters in which digits, small and capital letters alternate more than in a name."""
    changes = len(re.findall(r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[a-z])(?=[A-Z])", run))
    return len(run) >= 16 and changes >= 3
