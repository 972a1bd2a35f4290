"""Kernels that are forked from a warm process, where that is safe; started from scratch anywhere else."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

_PATIENCE = 60.0
# Libraries that start threads when they are imported; a process with threads is never forked.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}


class WarmServer:
    """The warm process, for the length of a ``with`` block. Where there can be none, ``fork`` gives None."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._turn = threading.Lock()
        self._kernels: list[Any] = []
        self.is_stopped = False

    def __enter__(self) -> Self:
        if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
            return self
        self._connection, theirs = socket.socketpair()
        self._connection.settimeout(_PATIENCE)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SPOKI_")}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603, our own module
                [sys.executable, "-m", "spoki_analytics.reporting.kernels.fork_server", str(theirs.fileno())],
                env=environment | _ONE_THREAD,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def know(self, kernel: Any) -> None:
        """Remember a kernel's process, to be ended with all others."""
        self._kernels.append(kernel)
        if self.is_stopped:
            self.stop()

    def stop(self) -> None:
        """End every kernel at once, and those that are about to start: whoever ordered them was interrupted."""
        self.is_stopped = True
        for kernel in self._kernels:
            with contextlib.suppress(OSError):  # it has ended by itself
                kernel.kill()

    def fork(self, arguments: list[str], environment: Mapping[str, str]) -> ForkedKernel | None:
        """A new kernel with these arguments and this whole environment, or None when there can be none."""
        order = json.dumps({"arguments": arguments, "environment": dict(environment)}).encode() + b"\n"
        with self._turn:
            if self._connection is None:
                return None
            try:
                self._connection.sendall(order)
                pid = json.loads(self._line())
                return ForkedKernel(pid) if pid else None
            except (OSError, ValueError):  # it is gone: from here on kernels start from scratch
                self._connection.close()
                self._connection = None
                return None

    def _line(self) -> bytes:
        line = b""
        while self._connection is not None and not line.endswith(b"\n"):
            part = self._connection.recv(64)
            if not part:
                raise ConnectionResetError
            line += part
        return line


class ForkedKernel:
    """A process that is not a child of this one, as far as jupyter_client needs it to look like ``Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it runs."""
        return self._ended(0)

    def wait(self) -> int:
        """Wait for its end."""
        status = self._ended(None)
        os.close(self._handle)
        return status or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, to this very process and never to a later one with the same id."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _ended(self, timeout: float | None) -> int | None:
        readable, _, _ = select.select([self._handle], [], [], timeout)
        return 0 if readable else None


class WarmProvisioner(LocalProvisioner):
    """Provides a forked kernel where there can be one, else one that is started from scratch."""

    server: WarmServer

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel."""
        forked = self.server.fork(cmd[cmd.index("ipykernel_launcher") + 1 :], kwargs["env"])
        if forked is None:
            connection = await super().launch_kernel(cmd, **kwargs)
            self.server.know(self.process)
            return connection
        self.process, self.pid, self.pgid = forked, forked.pid, forked.pid  # type: ignore[assignment]
        self.server.know(forked)
        return self.connection_info
