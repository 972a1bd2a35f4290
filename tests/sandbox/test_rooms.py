"""The three rooms of the sandbox: the world knows nothing of answers, and answers nothing of the server."""

from __future__ import annotations

import pytest

from tests.test_project import imported, modules, within

ROOMS = ("world", "answers", "server")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_before_it(room: str) -> None:
    later = {f"spoki_analytics.sandbox.{each}" for each in ROOMS[ROOMS.index(room) + 1 :]}
    trees = [(name, tree) for _, name, tree in modules() if within(name, {f"sandbox.{room}"})]
    assert trees
    assert [f"{name} imports {other}" for name, tree in trees for other in imported(tree) if within(other, later)] == []
