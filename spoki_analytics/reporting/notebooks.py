"""Which notebook a name means, and how any notebook is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from spoki_analytics.errors import UsageError
from spoki_analytics.reporting.dashboards import find_dashboard
from spoki_analytics.reporting.kernels.imports import papermill
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def find_notebook(name: str | Path) -> Path:
    """The file of a dashboard (``usage``, ``acme:usage``), or of the reader's own (a path that ends in ``.ipynb``).

    Raises:
        UsageError: There is no such notebook.
    """
    own = Path(name)
    if own.suffix == ".ipynb":
        if own.is_file():
            return own.resolve()
        raise UsageError(gettext("There is no notebook at {path}.", path=own))
    return find_dashboard(str(name)).path


def read_notebook(path: Path) -> NotebookNode:
    """A notebook as it will be run: with this interpreter's kernel, whatever machine it was written on.

    Raises:
        UsageError: The file is not a notebook.
    """
    try:
        notebook = load_notebook(path)
    except Exception as error:  # nbformat raises many kinds
        problem = type(error).__name__
        raise UsageError(gettext("{file} is not a notebook ({problem}).", file=path.name, problem=problem)) from None
    notebook.metadata["kernelspec"] = dict(KERNELSPEC)
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def rows_of(notebook: NotebookNode) -> str:
    """Whose rows a notebook shows, as its metadata declare: of each ``account``, or of the ``key`` that reads them."""
    return str(notebook.metadata.get("spoki", {}).get("rows", "account"))


def load_notebook(path: Path) -> NotebookNode:
    """The notebook in a file, in the current format."""
    papermill()  # first, as it also imports nbformat the quick way
    import nbformat

    return cast("NotebookNode", nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]


def notebook_text(notebook: NotebookNode) -> str:
    """A notebook as the text of its file."""
    import nbformat

    return str(nbformat.writes(notebook))  # type: ignore[no-untyped-call]
