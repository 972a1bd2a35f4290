"""One run of a notebook with papermill, and the verdict on it."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_event_loop

from spoki_analytics import errors
from spoki_analytics.api.progress import REPORT_STEPS
from spoki_analytics.errors import SpokiError
from spoki_analytics.page.marks import PageFacts
from spoki_analytics.reporting.kernels.forks import WarmServer
from spoki_analytics.reporting.kernels.imports import papermill
from spoki_analytics.reporting.kernels.kernel import ReportKernel, report_kernel
from spoki_analytics.reporting.notebooks import load_notebook
from spoki_analytics.wording.inputs import Json
from spoki_analytics.wording.messages import gettext

if TYPE_CHECKING:
    from nbformat import NotebookNode

_START_SECONDS = 60
_LOOK = 0.3
"""Seconds between two looks at what a kernel is at."""
_LONGEST_MESSAGE = 600


class ReportFailedError(SpokiError):
    """A notebook that did not run to its end, or that left something out.

    Attributes:
        kind: Name of the exception that stopped it, such as ``AuthenticationError`` or ``CellTimeoutError``.
        notebook: The notebook as far as it went.
    """

    def __init__(self, message: str, *, kind: str, notebook: NotebookNode) -> None:
        self.kind = kind
        self.notebook = notebook
        super().__init__(message)


def run_notebook(
    notebook: NotebookNode,
    parameters: Mapping[str, Json],
    environment: Mapping[str, str],
    *,
    server: WarmServer,
    cell_timeout: float,
    deadline: float,
    tell: Callable[[str], None] | None = None,
) -> NotebookNode:
    """Run a notebook in a kernel of its own.

    Args:
        notebook: As ``read_notebook`` gives it.
        parameters: JSON values for its parameters cell.
        environment: The kernel's environment.
        server: The warm process that kernels are forked from.
        cell_timeout: Seconds that one cell may take.
        deadline: Seconds that the whole run may take.
        tell: Told what the kernel is at: which listing it loads, how long it waits.

    Returns:
        The notebook with its outputs.

    Raises:
        ReportFailedError: It did not run to its end.
    """
    with tempfile.TemporaryDirectory(prefix="spoki-") as private, _event_loop():
        written, steps = Path(private) / "run.ipynb", Path(private) / "steps"
        kernel = report_kernel(Path(private), {**environment, REPORT_STEPS: str(steps)}, server)
        try:
            with _following(steps, tell):
                _execute(notebook, written, parameters, kernel, _time_limit(cell_timeout, deadline))
            reason = None
        except Exception as error:  # papermill, nbclient, jupyter_client and the kernel raise many kinds
            reason = error
        done = _as_far_as_it_went(notebook, written)
    if reason is not None:
        kind, message = explain(reason)
        raise ReportFailedError(message, kind=kind, notebook=done)
    return done


def check(notebook: NotebookNode, facts: PageFacts) -> None:
    """A run is good only when every cell completed without error and every expected chart is there.

    Raises:
        ReportFailedError: It is not.
    """
    for number, cell in enumerate(_code(notebook), start=1):
        if any(output.output_type == "error" for output in cell.outputs):
            message = gettext("Cell {number} stopped the notebook early.", number=number)
            raise ReportFailedError(message, kind="SystemExit", notebook=notebook)
        if cell.execution_count is None or cell.metadata.papermill.status != "completed":
            message = gettext("Cell {number} was not run to its end.", number=number)
            raise ReportFailedError(message, kind="IncompleteRun", notebook=notebook)
    expected = notebook.metadata.get("spoki", {}).get("charts", [])
    missing = [name for name in expected if name not in facts.charts]
    if missing:
        message = gettext("The report lacks its charts {names}.", names=", ".join(missing))
        raise ReportFailedError(message, kind="MissingChart", notebook=notebook)


def explain(reason: Exception) -> tuple[str, str]:
    """Name of the exception and one sentence on what happened."""
    kind = getattr(reason, "ename", type(reason).__name__)
    message = str(getattr(reason, "evalue", reason)).strip()
    known = getattr(errors, kind, None)
    if isinstance(known, type) and issubclass(known, SpokiError):
        return kind, message
    if kind == "CellTimeoutError":
        return kind, gettext("The report took longer than it may; a longer deadline or a shorter period helps.")
    if kind == "DeadKernelError":
        return kind, gettext("The report's process ended unexpectedly; it may have run out of memory.")
    first = message.splitlines()[0][:_LONGEST_MESSAGE] if message else ""
    return kind, f"{kind}: {first}" if first else gettext("The notebook ended with {kind}.", kind=kind)


def _execute(
    notebook: NotebookNode, output: Path, parameters: Mapping[str, Json], kernel: type[ReportKernel], limit: Any
) -> None:
    """Run papermill without a change of directory, without a progress bar, without a wait at the end."""
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    papermill().execute_notebook(
        notebook,
        _literal(output),
        parameters=dict(parameters),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        start_timeout=_START_SECONDS,
        kernel_manager_class=kernel,
        shutdown_kernel="immediate",
        timeout_func=limit,
    )


@contextlib.contextmanager
def _following(steps: Path, tell: Callable[[str], None] | None) -> Iterator[None]:
    """Pass on what the kernel writes about its steps while it runs."""
    if tell is None:
        yield
        return
    over = threading.Event()

    def follow(known: Callable[[str], None]) -> None:
        read = 0
        while True:
            ended = over.wait(_LOOK)
            lines = steps.read_text(encoding="utf-8").splitlines() if steps.exists() else []
            for line in lines[read:]:
                known(line)
            read = len(lines)
            if ended:
                return

    thread = threading.Thread(target=contextvars.copy_context().run, args=(follow, tell), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def _event_loop() -> Iterator[None]:
    """The event loop that nbclient makes for a thread; it leaves it open, with what it still waits for."""
    loop = ensure_event_loop()
    try:
        yield
    finally:
        waiting = asyncio.all_tasks(loop)
        for task in waiting:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        loop.close()


def _literal(path: Path) -> str:
    """For papermill a path is a template where braces stand for themselves when doubled."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _time_limit(cell_timeout: float, deadline: float) -> Any:
    """Seconds that the next cell may take: its own limit, or what is left of the run's."""
    end = time.monotonic() + deadline
    return lambda _cell: max(min(cell_timeout, end - time.monotonic()), 0.01)


def _as_far_as_it_went(notebook: NotebookNode, written: Path) -> NotebookNode:
    done = load_notebook(written) if written.is_file() else notebook
    done.metadata.setdefault("papermill", {})
    for path in ("input_path", "output_path"):  # of this machine, and nobody else's business
        done.metadata.papermill.pop(path, None)
    return done


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
