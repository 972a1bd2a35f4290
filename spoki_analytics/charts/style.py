"""How all charts look: colours that colour-blind readers can tell apart, text as text, no mathematics in names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib

# Okabe and Ito 2008, "Color Universal Design"
BLUE, ORANGE, VERMILION, SKY = "#0072b2", "#e69f00", "#d55e00", "#56b4e9"
NAVY = "#003a5d"
INK, GREY, FAINT = "#222222", "#666666", "#e4e4e4"

HATCH = "////"
"""Marks what is not over yet."""

STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "spoki",
    "text.parse_math": False,
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 26,
    "axes.unicode_minus": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.borderaxespad": 0,
    "legend.handlelength": 1.6,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.9,
    "path.simplify": True,
    "savefig.bbox": "standard",
}

P = ParamSpec("P")
R = TypeVar("R")


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Draw with `STYLE`, leaving the caller's matplotlib settings as they were."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with matplotlib.rc_context(STYLE):
            return draw(*args, **kwargs)

    return drawn
