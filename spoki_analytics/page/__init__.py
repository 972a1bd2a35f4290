"""What a notebook shows as a page: title, tiles, tables, charts, notes, and the marks by which a run is read again.

``Page`` is the page, ``findings`` has what stands on top of it, ``notes`` its sentences, ``outlook`` those on how long
credit lasts, ``gaps`` what it says instead of a chart, ``layouts`` its tables.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spoki_analytics.page import findings, gaps, layouts, notes, outlook
    from spoki_analytics.page.page import Page

__all__ = ["Page", "findings", "gaps", "layouts", "notes", "outlook"]


def __getattr__(name: str) -> Any:
    """Import on first use: who only reads the marks of a run needs neither pandas nor templates."""
    if name == "Page":
        return import_module("spoki_analytics.page.page").Page
    if name in __all__:
        return import_module(f"spoki_analytics.page.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
