"""Dashboards by name: those that come with this package, and those that other installed packages bring.

A package brings dashboards by an entry point of the group ``spoki_analytics.dashboards``: its value is a package whose
folder holds notebooks, its name stands before theirs where a name alone would not do (``acme:usage``). A bare name
means a shipped dashboard first, then the only one of that name among the others; a name that several bring is refused.
Notebooks of the working folder are meant by their path alone (``usage.ipynb``), so that a name means the same wherever
a command runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

import orjson

from spoki_analytics.errors import UsageError, warn
from spoki_analytics.wording.messages import gettext
from spoki_analytics.wording.names import suggest

GROUP = "spoki_analytics.dashboards"
OWN = "spoki_analytics"
_PACKAGE = Path(__file__).resolve().parents[1]
FOLDERS = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")
"""Inside an installed wheel, and in a checkout."""


@dataclass(frozen=True)
class Dashboard:
    """A notebook that declares itself a dashboard, by ``spoki`` in its metadata.

    Attributes:
        name: Name of its file.
        source: Name of the entry point that brings it; of this package for a shipped one.
        path: Its file.
        description: What it shows, in its own words.
    """

    name: str
    source: str
    path: Path
    description: str

    @property
    def full_name(self) -> str:
        """The name that no other dashboard has."""
        return f"{self.source}:{self.name}"


def dashboards() -> list[Dashboard]:
    """Every dashboard that is installed: the shipped ones, then those of other packages in order of their names."""
    shipped = next((folder for folder in FOLDERS if folder.is_dir()), None)
    own = list(_in_folder(OWN, shipped)) if shipped else []
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return own + [each for point in points for folder in _folders(point) for each in _in_folder(point.name, folder)]


def find_dashboard(name: str) -> Dashboard:
    """The dashboard of that name, or full name.

    Raises:
        UsageError: There is none, or several packages bring one of that name.
    """
    known = dashboards()
    named = [each for each in known if name in (each.name, each.full_name)]
    if len(named) == 1 or any(each.source == OWN for each in named):
        return named[0]
    if not named:
        names = ", ".join(dict.fromkeys(each.name for each in known))
        raise UsageError(
            gettext(
                "There is no report called {name}; there are {names}, or give a path to a notebook.",
                name=name,
                names=names,
            )
            + suggest(name, [each.name for each in known] + [each.full_name for each in known])
        )
    raise UsageError(
        gettext(
            "Several packages bring a report called {name}: say {names}.",
            name=name,
            names=", ".join(each.full_name for each in named),
        )
    )


def _folders(point: EntryPoint) -> Iterator[Path]:
    """The folders of the package that an entry point names; the package is found, not imported."""
    try:
        spec = find_spec(point.value)
    except (ImportError, ValueError, AttributeError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        warn(
            gettext(
                "{source} brings dashboards from {package}, which is no package.",
                source=point.name,
                package=point.value,
            )
        )
        return
    yield from map(Path, spec.submodule_search_locations)


def _in_folder(source: str, folder: Path) -> Iterator[Dashboard]:
    for path in sorted(folder.glob("*.ipynb")):
        facts = _declared(path)
        if facts is not None:
            yield Dashboard(path.stem, source, path, str(facts.get("description") or ""))


def _declared(path: Path) -> dict[str, object] | None:
    """What a notebook says of itself as a dashboard; None where it is for work by hand, or no notebook."""
    try:
        facts = orjson.loads(path.read_bytes())["metadata"]["spoki"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return facts if isinstance(facts, dict) else None
