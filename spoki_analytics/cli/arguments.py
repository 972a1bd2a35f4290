"""Arguments and calls of the client as they are typed in a shell: no error from below speaks Python to its reader."""

from __future__ import annotations

from collections.abc import Mapping

from spoki_analytics.settings import Settings
from spoki_analytics.wording.arguments import UNSET, Speller

_OPTIONS = {
    "again": "--again",
    "columns": "--columns",
    "confirm": "--confirm",
    "excel": "--excel",
    "force": "--force",
    "frame": "--from-file",
    "ids": "--id",
    "keep_text": "--keep-text",
    "limit": "--limit",
    "missing": "--missing",
    "out": "--out",
    "reason": "--reason",
    "refresh": "--refresh",
    "rows": "--from-file",
    "targets": "--id",
    "writes": "--apply",
}
"""Options that mean the same in every command that has them."""
REPORT_OPTIONS = {"accounts": "--account", "end": "--to", "granularity": "--granularity", "start": "--from"}


def in_shell(collecting: str = "", own: Mapping[str, str] | None = None) -> Speller:
    """How the arguments of a command are spelled.

    Args:
        collecting: The option that takes all other arguments as ``NAME=VALUE``, such as ``--filter``.
        own: Options of that command alone, by the name of the argument.
    """
    options = _OPTIONS | dict(own or {})

    def spell(name: str, value: object) -> str:
        if name in options:
            return options[name] + _after(" ", value)
        if name in Settings.model_fields:
            return f"SPOKI_{name.upper()}{_after('=', value)}"
        word = f"{collecting} {name}" if collecting else f"--{name.replace('_', '-')}"
        return word + _after("=" if collecting else " ", value)

    return Speller(spell, _command)


def _command(method: str, given: tuple[object, ...]) -> str:
    words = method.replace("_", "-").split(".")
    return " ".join(["spoki-analytics", *words, *map(str, given)])


def _after(sign: str, value: object) -> str:
    """The value behind its option; a switch that is on has none."""
    if value is UNSET or value is True or value is None:
        return ""
    text = str(value)
    return f'{sign}"{text}"' if " " in text else f"{sign}{text}"
