"""A process that has imported everything a report needs and forks one kernel after another from that state.

Run as ``python -m spoki_analytics.reporting.kernels.fork_server FD``, where FD is its end of a socket pair. It never
loads or holds anything of an account: a fork starts with imported code only, so that kernels are as separate as those
that are started from scratch, and ready in a tenth of the time. It ends when the other end is closed, and its kernels
with it.
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
from types import ModuleType
from typing import Any, NoReturn, cast

PACKAGES = ("api", "frames", "resources", "metrics", "charts", "page")
MODULES = ("ipykernel.kernelapp", "matplotlib.backends.backend_svg", "spoki_analytics.notebook")


def serve(connection: socket.socket) -> None:
    """Answer each order, one line of JSON, with the process id of the kernel that was forked for it, or null."""
    with connection, connection.makefile("rwb") as lines:
        for line in lines:
            order = json.loads(line)
            pid = os.fork() if alone() else None
            if pid == 0:
                become_kernel(order, connection)
            lines.write(json.dumps(pid).encode() + b"\n")
            lines.flush()


def prepare() -> None:
    """Import what reports import, and read the fonts and templates that they all need."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # ipykernel reads on import whose death ends a kernel
    gc.disable()
    without_debugger()
    for package in PACKAGES:
        found = importlib.import_module(f"spoki_analytics.{package}")
        for module in pkgutil.iter_modules(found.__path__, f"{found.__name__}."):
            importlib.import_module(module.name)
    for name in MODULES:
        importlib.import_module(name)
    from matplotlib.figure import Figure

    from spoki_analytics.page.fragments import fragment

    figure = Figure()
    figure.subplots()
    figure.savefig(io.BytesIO(), format="svg")
    fragment("paragraph", "")
    gc.freeze()
    gc.enable()


def without_debugger() -> None:
    """Let ipykernel do without its debugger, whose import takes as long as all the rest of a kernel's start."""
    sys.modules["debugpy"] = cast(ModuleType, None)
    importlib.import_module("ipykernel.debugger")
    del sys.modules["debugpy"]


def alone() -> bool:
    """Whether this process has one thread: only then is a fork a faithful copy."""
    return len(os.listdir("/proc/self/task")) == 1


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
