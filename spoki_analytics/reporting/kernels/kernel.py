"""The process in which a report's notebook runs: this interpreter, private sockets, the key in its environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from spoki_analytics.clock import OFFSET_VARIABLE
from spoki_analytics.reporting.kernels.forks import WarmProvisioner, WarmServer
from spoki_analytics.reporting.parameters import TODAY_VARIABLE
from spoki_analytics.settings import Settings

RUN_VARIABLE = "SPOKI_REPORT_RUN"
"""Set to 1 inside a report run, where corrections are refused."""

_LONGEST_SOCKET = 90  # operating systems allow 104 to 108 bytes; the port's suffix needs some


class ReportKernel(AsyncKernelManager):
    """A kernel that is started the same way whatever the notebook's kernelspec says.

    Sockets of the file system in a directory of its own, rather than ports, keep other users of the machine out and
    two kernels apart. Use ``report_kernel`` to make the class for one run.
    """

    folder: ClassVar[Path]
    environment: ClassVar[Mapping[str, str]]
    server: ClassVar[WarmServer]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.connection_file = str(self.folder / "kernel.json")
        self.provisioner = WarmProvisioner(kernel_id="", kernel_spec=self.kernel_spec, parent=self)
        self.provisioner.server = self.server
        socket = str(self.folder / "k")
        if os.name == "posix" and len(os.fsencode(socket)) <= _LONGEST_SOCKET:
            self.transport = "ipc"
            self.ip = socket

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter's kernel; installed kernelspecs may belong to an environment that is gone."""
        launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=launch, display_name="Python 3", language="python")

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        return await super()._async_pre_start_kernel(**{**kw, "env": dict(self.environment)})


def report_kernel(folder: Path, environment: Mapping[str, str], server: WarmServer) -> type[ReportKernel]:
    """The kernel manager class for one run.

    Args:
        folder: A private directory for connection file, sockets and IPython's files.
        environment: The kernel's whole environment.
        server: Where it is forked from, where that is possible.
    """
    isolated = {**environment, "IPYTHONDIR": str(folder / "ipython")}
    return type("OneReportKernel", (ReportKernel,), {"folder": folder, "environment": isolated, "server": server})


def kernel_environment(settings: Settings, today: str) -> dict[str, str]:
    """This process's environment with the settings spelled out; writing is switched off.

    The API key travels here and only here: parameters are stored in the notebook, an environment is not.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == OFFSET_VARIABLE or not name.upper().startswith("SPOKI_")
    }
    chosen = settings.model_dump(mode="json", exclude={"api_key"})
    spelled = {f"SPOKI_{name.upper()}": str(value) for name, value in chosen.items() if value is not None}
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    return kept | spelled | {"SPOKI_API_KEY": key, "SPOKI_WRITES": "false", RUN_VARIABLE: "1", TODAY_VARIABLE: today}
