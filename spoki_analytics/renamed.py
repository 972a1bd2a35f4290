"""What notebooks of 0.1.0 import, under its new name: one table, read only when an import finds nothing.

The finder stands last on ``sys.meta_path``, so that it is asked about modules that nobody else found, and a module with
renamed parts asks the table only for a name that it has not; imports of what exists cost nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from spoki_analytics.errors import warn
from spoki_analytics.wording.messages import gettext

GONE_IN = "0.3.0"
RENAMED = {
    "spoki_analytics.charts.notes": "spoki_analytics.page.notes",
    "spoki_analytics.charts.ranking:ranking": "spoki_analytics.charts.ranking:campaign_ranking",
    "spoki_analytics.metrics.runway:daily_use": "spoki_analytics.metrics.pace:daily_use",
    "spoki_analytics.reporting.page": "spoki_analytics.page.page",
}
"""From the old name to the new one: a module, or a module and a name in it (``module:name``)."""


class Finder(MetaPathFinder, Loader):
    """Finds modules by the names that they had."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module of that old name, or None."""
        return ModuleSpec(fullname, self) if fullname in RENAMED else None

    def exec_module(self, module: ModuleType) -> None:
        """Let the old module answer with what the new one has."""
        _warn_of(module.__name__, RENAMED[module.__name__])
        new = import_module(RENAMED[module.__name__])
        module.__doc__ = new.__doc__
        module.__getattr__ = lambda name: getattr(new, name)  # type: ignore[method-assign]


def install() -> None:
    """Let imports of old names succeed."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())


def old_names(module: str) -> Callable[[str], Any]:
    """The ``__getattr__`` of a module some of whose names have changed."""

    def find(name: str) -> Any:
        new = RENAMED.get(f"{module}:{name}")
        if new is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        _warn_of(f"{module}:{name}", new)
        home, _, attribute = new.partition(":")
        return getattr(import_module(home), attribute)

    return find


def _warn_of(old: str, new: str) -> None:
    warn(
        gettext(
            "{old} is called {new} now; the old name goes in {release}.",
            old=old.replace(":", "."),
            new=new.replace(":", "."),
            release=GONE_IN,
        ),
        DeprecationWarning,
    )
