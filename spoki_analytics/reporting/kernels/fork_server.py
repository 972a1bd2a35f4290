"""A process that has imported everything a report needs and forks one kernel after another from that state.

Run as ``python -m spoki_analytics.reporting.kernels.fork_server FD``, where FD is its end of a socket pair. It never
loads or holds anything of an account: a fork starts with imported code only, so that kernels are as separate as those
that are started from scratch, and ready in a tenth of the time. It ends when the other end is closed, and its kernels
with it.

This is not ``multiprocessing``'s fork server, which does the same with less code of ours, for two reasons that were
tried on Python 3.11. Its processes import the caller's ``__main__`` again, so that a script without the guard
``if __name__ == "__main__"`` can't render a report at all; and the server starts with the caller's whole environment,
which may hold the API key. It is also one for the whole process, shared with whatever else uses it there, and it
outlives the batch. It would not be faster: a fork takes 30 to 60 ms by it and 14 to 55 ms here, on the same busy
machine.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import pkgutil
import signal
import socket
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, cast

PACKAGES = ("api", "frames", "resources", "metrics", "charts", "page")
MODULES = ("ipykernel.kernelapp", "matplotlib.backends.backend_svg", "spoki_analytics.notebook")


def serve(connection: socket.socket) -> None:
    """Answer each order, one line of JSON, with the process id of the kernel that was forked for it, or null."""
    with connection, connection.makefile("rwb") as lines:
        for line in lines:
            order = json.loads(line)
            pid = os.fork() if has_one_thread() else None
            if pid == 0:
                become_kernel(order, connection)
            lines.write(json.dumps(pid).encode() + b"\n")
            lines.flush()


def prepare() -> None:
    """Import what reports import, and read the fonts, templates and forms of numbers that they all need."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # ipykernel reads on import whose death ends a kernel
    gc.disable()  # until freeze() below: a collection in a fork would write to pages that it shares with all others
    without_debugger()
    for package in PACKAGES:
        room = importlib.import_module(f"spoki_analytics.{package}")
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    for name in MODULES:
        importlib.import_module(name)
    from matplotlib.figure import Figure

    from spoki_analytics.page.fragments import fragment
    from spoki_analytics.wording.numbers import format_day, format_number

    figure = Figure()
    figure.subplots()
    figure.savefig(io.BytesIO(), format="svg")
    fragment("paragraph", "")
    format_number(0)
    format_day(date.min)
    gc.freeze()
    gc.enable()


def without_debugger() -> None:
    """Let ipykernel do without its debugger, whose import takes as long as all the rest of a kernel's start."""
    sys.modules["debugpy"] = cast("ModuleType", None)
    importlib.import_module("ipykernel.debugger")
    del sys.modules["debugpy"]


def has_one_thread() -> bool:
    """Whether this process has one thread: only then is a fork a faithful copy."""
    return len(list(Path("/proc/self/task").iterdir())) == 1


def become_kernel(order: dict[str, Any], connection: socket.socket) -> NoReturn:
    """Turn this forked process into a kernel with the environment that was ordered, and nothing else."""
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        connection.close()
        os.environ.clear()
        os.environ.update(order["environment"])
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(order["arguments"])
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # kernels that ended are no business of this process
    inherited = socket.socket(fileno=int(sys.argv[1]))
    prepare()
    serve(inherited)
