"""Environment variables that hold for a while, and then are exactly as before."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from spoki_analytics.clock import OFFSET_VARIABLE

REAL = ("SPOKI_ACCOUNT",)
"""What is said of a real account, and would be wrong of an invented one."""
VARIABLES = (
    *REAL,
    "SPOKI_BASE_URL",
    "SPOKI_API_KEY",
    "SPOKI_CACHE_DIR",
    "SPOKI_DATA_DIR",
    "SPOKI_RATE_WINDOW",
    OFFSET_VARIABLE,
)
"""What leads a client to a sandbox: its address, its key, folders of its own, its rates and its time."""

_lock = threading.Lock()
_entered: list[Block] = []
"""The blocks that are open, the latest last."""
_before: dict[str, str | None] = {}
"""What the variables of open blocks were before the first of them; None where there was none."""


class Block:
    """Variables that this process and the processes it starts see between entering and leaving.

    The environment belongs to the whole process, not to a thread or a task. Where several blocks are open, nested or
    side by side, the one that was entered last holds; when it is left, the latest of the others, in whatever order they
    are left; after the last one, what was before the first.

    Args:
        variables: Their names in upper case, and their values. Other spellings of the names are taken away meanwhile,
            as settings are read from the environment without regard to case.
        without: Names of variables that are not set meanwhile.
    """

    def __init__(self, variables: Mapping[str, str], without: Iterable[str] = ()) -> None:
        self._variables = dict(variables)
        self._names = {*variables, *without}

    def __enter__(self) -> Self:
        with _lock:
            spellings = {name for name in os.environ if name.upper() in self._names}
            for name in spellings | self._names:
                _before.setdefault(name, os.environ.get(name))
            _entered.append(self)
            _apply()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _lock:
            _entered.remove(self)
            _apply()
            if not _entered:
                _before.clear()

    def change(self, variables: Mapping[str, str]) -> None:
        """Give variables of the block other values."""
        with _lock:
            self._variables.update(variables)
            _apply()

    def value(self, name: str) -> str | None:
        """The value of a variable in this block."""
        return self._variables.get(name)


def _apply() -> None:
    """Let the latest block hold, or what was before all of them."""
    value_of = _entered[-1].value if _entered else _before.get
    for name in _before:
        value = value_of(name)
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
