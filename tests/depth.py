"""Two depths of one set of tests: quick by default, the large numbers with ``SPOKI_PROVE=1`` (``make prove``)."""

from __future__ import annotations

import os

PROVE = bool(os.environ.get("SPOKI_PROVE"))


def depth(quick: int, prove: int) -> int:
    """How often, or how much: a number for each commit, and the one that reliability is promised with."""
    return prove if PROVE else quick
