"""``--verbose``, before a command or after it: what the client does at Spoki's, line by line on stderr."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from spoki_analytics.cli.exits import say

_LOGGER = "spoki_analytics.api"


class _Lines(logging.Handler):
    """Says what is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one line; the logger itself keeps keys, bodies and persons out of it."""
        say(record.getMessage())


def _listen(context: typer.Context, verbose: bool) -> bool:
    logger = logging.getLogger(_LOGGER)
    if verbose and not any(isinstance(handler, _Lines) for handler in logger.handlers):
        handler, level = _Lines(), logger.level

        def stop() -> None:
            logger.removeHandler(handler)
            logger.setLevel(level)

        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        context.find_root().call_on_close(stop)
    return verbose


Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", help="Say what is sent, waited for and taken from the cache.", callback=_listen, is_eager=True
    ),
]
"""An option of the command line as a whole and of each command that asks Spoki; its callback does all that it does."""
