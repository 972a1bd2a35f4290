"""The parts of a page as HTML, from templates that escape everything."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader

from spoki_analytics.wording.messages import gettext, language, ngettext
from spoki_analytics.wording.numbers import format_number


@functools.cache
def templates() -> Environment:
    """The package's templates; autoescape is on for all of them."""
    environment = Environment(
        loader=PackageLoader("spoki_analytics.page"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    # looked up when a part is filled in: the templates are read once, whatever the language
    environment.globals.update(gettext=gettext, ngettext=ngettext, language=language, format_number=format_number)
    return environment


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
