"""The parts of a page as HTML, from templates that escape everything."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader


@functools.cache
def templates() -> Environment:
    """The package's templates; autoescape is on for all of them."""
    return Environment(
        loader=PackageLoader("spoki_analytics.page"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


@functools.cache
def stylesheet(name: str) -> str:
    """A stylesheet of the package, such as ``parts.css``."""
    environment = templates()
    assert environment.loader is not None  # noqa: S101
    return environment.loader.get_source(environment, name)[0]


def fragment(name: str, *args: Any) -> str:
    """One part of a page: a macro of ``fragments.html.j2``, filled in."""
    macro = getattr(templates().get_template("fragments.html.j2").module, name)
    return str(macro(*args)).strip()
