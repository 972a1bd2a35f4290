"""Where a file can be written."""

from __future__ import annotations

from pathlib import Path

from spoki_analytics.errors import UsageError
from spoki_analytics.wording.messages import gettext


def require_folder(path: Path) -> None:
    """Refuse a path where no file can be.

    Raises:
        UsageError: It is a folder, or lies in one that does not exist.
    """
    if path.is_dir():
        raise UsageError(gettext("{path} is a folder; name a file.", path=path))
    if not path.parent.is_dir():
        raise UsageError(gettext("{path} lies in a folder that does not exist.", path=path))
