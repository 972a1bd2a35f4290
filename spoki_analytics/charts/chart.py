"""What every chart is: a figure, the finding in words, and the numbers behind it."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from spoki_analytics.charts.style import STYLE

_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_COORDINATES = re.compile(r' (?:d|x|y)="[^"]*"')
_NO_ROTATION = re.compile(r' transform="rotate\(-0 [^"]*"')


@dataclass(frozen=True)
class Chart:
    """A figure that can also be read without seeing it.

    Args:
        figure: The drawing.
        alt: The finding, for readers who don't see the drawing.
        sentence: What the drawing shows: what was counted, over which period, of how many.
        data: The numbers behind it; headings are for readers and carry the unit.

    Raises:
        ValueError: The alt text is empty.
    """

    figure: Figure
    alt: str
    sentence: str
    data: pd.DataFrame

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("A chart needs an alt text that states its finding.")

    def svg(self) -> str:
        """The drawing as SVG: text stays text, coordinates to a hundredth of a point, same chart, same bytes."""
        drawn = io.StringIO()
        with matplotlib.rc_context(STYLE), warnings.catch_warnings():
            # our font may lack a name's letters; in an SVG the reader's fonts draw them
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self.figure.savefig(drawn, format="svg", metadata=_NO_METADATA)
        shorter = _NO_ROTATION.sub("", drawn.getvalue())
        return _COORDINATES.sub(lambda found: re.sub(r"(\.\d\d)\d+|\n", r"\1", found[0]), shorter)

    def _repr_svg_(self) -> str:
        """How JupyterLab shows the chart when it ends a cell."""
        return self.svg()
