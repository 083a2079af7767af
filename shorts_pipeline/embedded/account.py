"""Whose account the database runs under: PostgreSQL refuses root, so root lends it to `nobody`.

Only what that needs: the account, whether it can reach a folder, and a place it can reach when it cannot.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline.errors import ConfigurationError

ROOTS_PLACE = Path("/var/lib/shorts-pipeline")
"""Where root puts what `nobody` must reach when the project lies in a closed folder such as /root."""


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int

    def owns(self, path: Path) -> bool:
        return path.stat().st_uid == self.uid

    def give(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        os.chown(path, self.uid, self.gid)


def database_account() -> Account | None:
    """`nobody` when this process is root, else None: the server runs as whoever starts it."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise ConfigurationError(
            "PostgreSQL does not run as root and this machine has no user `nobody`: "
            "run as an ordinary user, or give DATABASE_URL and DAGSTER_DATABASE_URL"
        ) from None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the account may pass through every folder above `path` and, if it exists, `path` itself."""
    if account is None:
        return True
    resolved = path.resolve()
    return all(_may_pass(folder, account) for folder in (resolved, *resolved.parents) if folder.exists())


def _may_pass(path: Path, account: Account) -> bool:
    status = path.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def roots_place() -> Path:
    """The folder `ROOTS_PLACE`, made by root and writable by root alone."""
    ROOTS_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    status = ROOTS_PLACE.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigurationError(f"{ROOTS_PLACE} must be a folder that belongs to root and that only root can write")
    ROOTS_PLACE.chmod(0o755)
    return ROOTS_PLACE
