"""Folders and files that only their owner may enter and read, and files that no reader ever meets half written."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def make_private_folder(path: Path, *, tighten: bool = False) -> Path:
    """Make a folder that only its owner may enter.

    Args:
        path: Where it is to be; the folders above it are made as usual.
        tighten: Close a folder that is there already, too: right for one of our own, wrong for one the user named.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(_FOLDER_MODE)
    if tighten:
        path.chmod(_FOLDER_MODE)
    return path


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read; one that is there is left as it is."""
    os.close(open_private(path, os.O_CREAT | os.O_RDWR))


def open_private(path: str | Path, flags: int) -> int:
    """Open a file as ``os.open`` does, a new one for its owner alone; fits as the ``opener`` of ``open``."""
    return os.open(path, flags, _FILE_MODE)


def write_private(path: Path, content: bytes | str, *, keep_mode: bool = False) -> None:
    """Put content at its place in one step, so that no reader meets half of it, now or after a power cut.

    Args:
        path: Where the content belongs; its folder must exist.
        content: Bytes, or text that is written as UTF-8.
        keep_mode: Let a file that is there already keep its permissions; a new one is its owner's alone.
    """
    with replacing(path, keep_mode=keep_mode) as file:
        file.write(content.encode() if isinstance(content, str) else content)


@contextlib.contextmanager
def replacing(path: Path, *, keep_mode: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, that takes its place in one step when all is written; see ``write_private``."""
    path = path.resolve() if path.is_symlink() else path  # the link stays, what it leads to is replaced
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:20]}-")  # mkstemp's files have mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # before the name moves: some file systems write names earlier than contents
        if keep_mode and path.exists():
            shutil.copymode(path, aside)
        Path(aside).replace(path)
    except OSError as problem:
        Path(aside).unlink(missing_ok=True)
        if problem.errno is None:
            raise
        raise OSError(problem.errno, problem.strerror, str(path)) from problem  # of the file that was meant
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names of new files last; Windows cannot, and does not need to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
