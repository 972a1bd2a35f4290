"""Folders and files that only their owner may enter, read, or meet whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from spoki_analytics.private_files import (
    make_private_file,
    make_private_folder,
    open_private,
    sync_folder,
    write_private,
)

posix = pytest.mark.skipif(os.name != "posix", reason="file modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_a_new_folder_is_private_and_the_one_above_it_is_not(tmp_path: Path) -> None:
    made = make_private_folder(tmp_path / "above" / "own")
    assert mode(made) == 0o700
    assert mode(made.parent) != 0o700


@posix
def test_a_folder_that_is_there_is_closed_only_when_it_is_ours(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    there.chmod(0o755)
    assert mode(make_private_folder(there)) == 0o755
    assert mode(make_private_folder(there, tighten=True)) == 0o700


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((FileExistsError, NotADirectoryError)):
        make_private_folder(tmp_path / "file" / "own")


@posix
def test_new_files_are_private(tmp_path: Path) -> None:
    make_private_file(tmp_path / "empty")
    with open(tmp_path / "added", "ab", opener=open_private) as file:
        file.write(b"x")
    write_private(tmp_path / "written", "text")
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}


def test_making_a_file_keeps_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "full").write_text("content")
    make_private_file(tmp_path / "full")
    assert (tmp_path / "full").read_text() == "content"


@posix
@pytest.mark.parametrize(("keep", "expected"), [(True, 0o644), (False, 0o600)])
def test_a_file_that_is_there_keeps_its_permissions_when_asked(tmp_path: Path, keep: bool, expected: int) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "né\n", keep_mode=keep)
    assert path.read_bytes() == "né\n".encode()
    assert mode(path) == expected
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot, and does not need to")
def test_names_can_be_made_to_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    sync_folder(tmp_path)
    assert synced == [tmp_path.stat().st_ino]
