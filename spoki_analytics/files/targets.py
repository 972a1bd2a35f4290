"""Where a file can be written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext


def require_folder(path: Path) -> None:
    """Refuse a path where no file can be.

    Raises:
        UsageError: It is a folder, or lies in one that does not exist.
    """
    path = path.resolve() if path.is_symlink() else path
    if path.is_dir():
        raise UsageError(gettext("{path} is a folder; name a file.", path=path))
    if not path.parent.is_dir():
        raise UsageError(gettext("{path} lies in a folder that does not exist.", path=path))


def require_writable(path: Path, *, force: bool) -> None:
    """Refuse a path that cannot be written, or that holds something already, before anything is loaded for it.

    Args:
        path: The file to be.
        force: Whether a file that is there may be written over.

    Raises:
        UsageError: It cannot be written, or is there.
    """
    require_folder(path)
    if path.exists() and not path.is_file():
        message = gettext("{path} is no ordinary file.", path=path)
        raise UsageError(message, advice=gettext("Name a file, or leave --out away to write to standard output."))
    if path.exists() and not force:
        message = gettext("{path} is there already, and was kept.", path=path)
        raise UsageError(message, advice=gettext("Name another file, or write over it with --force."))
    folder = path.resolve().parent
    if not os.access(folder, os.W_OK | os.X_OK) or _is_read_only(folder):
        raise UsageError(gettext("{path} cannot be written: its folder is read-only.", path=path))


def _is_read_only(folder: Path) -> bool:
    """Whether the disk refuses what the folder's mode allows: the superuser may write all but a read-only disk."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return False
    except OSError:
        return True
