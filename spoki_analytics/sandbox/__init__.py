"""A local Spoki over real HTTP, for demonstrations and tests: invented data, real rules, faults on demand.

``Sandbox`` is a running server, ``serve`` runs one until Ctrl-C, ``FAULTS`` and ``SIZES`` are what can be asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spoki_analytics.sandbox.sandbox import Sandbox, serve
    from spoki_analytics.sandbox.server.faults import FAULTS
    from spoki_analytics.sandbox.world.sizes import SIZES

__all__ = ["FAULTS", "SIZES", "Sandbox", "serve"]

_HOMES = {"FAULTS": "server.faults", "SIZES": "world.sizes", "Sandbox": "sandbox", "serve": "sandbox"}


def __getattr__(name: str) -> Any:
    """Import on first use: the pytest plugin beside this must load at once."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
