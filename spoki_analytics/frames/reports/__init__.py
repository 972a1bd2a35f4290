"""Report rows, whose body no source documents: recognised by their words and shape, given in three forms."""

from spoki_analytics.frames.reports.forms import LONG, WIDE
from spoki_analytics.frames.reports.rows import long_form, natural_form, wide_form

__all__ = ["LONG", "WIDE", "long_form", "natural_form", "wide_form"]
