"""How a call is written in Python and typed in a shell, with capitals for what the caller puts in."""

from __future__ import annotations

from spoki_analytics.resources.methods import Call, typed

_ARGUMENTS = {"id": "ID", "phone": "PHONE", "ids": "IDS", "targets": "IDS", "rows": "FRAME", "members": "ids=IDS"}
_OPTIONS = {
    "id": "--id ID",
    "phone": "--id PHONE",
    "ids": "--id ID",
    "targets": "--id ID",
    "rows": "--from-file rows.csv",
    "members": "--set ids=IDS",
}


def in_python(call: Call) -> str:
    """Such as ``spoki.contacts.update(IDS, NAME=VALUE)``."""
    given = [*(f'"{value}"' for value in call.fixed.values()), *_from(call, _ARGUMENTS)]
    return f"spoki.{call.path}({', '.join([*given, *_values(call)])})"


def in_shell(call: Call) -> str:
    """Such as ``spoki-analytics correct contacts update --id ID --set NAME=VALUE``."""
    verb, option = (f"load {call.resource}", "--filter") if call.resource else (f"correct {spelled(call)}", "--set")
    return " ".join(
        ["spoki-analytics", verb, *_from(call, _OPTIONS), *(f"{option} {value}" for value in _values(call))]
    )


def spelled(call: Call) -> str:
    """A correction as it is typed, such as ``contacts create-or-update``."""
    return f"{typed(call.family)} {typed(call.method)}"


def _from(call: Call, words: dict[str, str]) -> list[str]:
    return [words[word] for word in call.takes if word in words]


def _values(call: Call) -> list[str]:
    if call.takes == ("targets",) and not call.needs:
        return ["NAME=VALUE"]
    return [f"{name}={name.upper()}" for name in call.needs]
