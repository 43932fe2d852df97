"""Starts what is measured as processes of its own, on loopback and free ports, and ends them by their id."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

HOST = "127.0.0.1"
_LONGEST_START_SECONDS = 120.0
_QUESTION = {"into": "US", "on": "2026-11-09", "seeking": ["us.tn"], "facts": {"traveller": {"citizenships": ["CA"]}}}


@dataclass(frozen=True)
class Server:
    """A process that listens."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    def wait_for(self, text: str) -> None:
        """Wait until its output has a text; raises ``RuntimeError`` when it ends or takes too long."""
        deadline = time.monotonic() + _LONGEST_START_SECONDS
        while text not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(map(str, self.process.args))}\n{self.log.read_text()}")  # type: ignore[arg-type]
            time.sleep(0.05)

    def resident_mb(self) -> float:
        """Memory it holds, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(kilobytes) / 1024


@contextmanager
def suite(data: Path, *, demonstration: bool) -> Iterator[Server]:
    """The embedded suite on a data folder, as ``crossing serve`` runs it."""
    port = _free_port()
    crossing = str(Path(sys.executable).with_name("crossing"))
    command = [crossing, "serve", "--data", str(data), "--port", str(port), "--log-level", "WARNING"]
    with _running([*command, "--demo"] if demonstration else command, port, data) as server:
        yield server


@contextmanager
def serving(module: str, folder: Path, *kind: str) -> Iterator[Server]:
    """A module that serves itself, or one kind of it, on a folder and a port."""
    port = _free_port()
    with _listening([sys.executable, "-m", module, *kind, str(folder), str(port)], port, folder) as server:
        yield server


@contextmanager
def _listening(command: list[str], port: int, folder: Path) -> Iterator[Server]:
    """A process, once it takes connections."""
    with _running(command, port, folder) as server:
        while True:
            try:
                socket.create_connection((HOST, port), 0.2).close()
                break
            except OSError:
                server.wait_for("")
                time.sleep(0.05)
        yield server


def officer_token(data: Path) -> str:
    """A token of an officer at the port of the demonstration data."""
    issuer = DevelopmentIssuer(data)
    return issuer.token(Role.OFFICER, subject="bench-officer", port_id="US-DETROIT", terminal_id="LANE-1")


def first_answer_seconds(data: Path) -> float:
    """Seconds from starting the suite on a fresh folder to its first determination."""
    started = time.perf_counter()
    with suite(data, demonstration=False) as server:
        while True:
            try:
                answer = httpx.post(f"{server.address}/admission/v1/determinations", json=_QUESTION)
                answer.raise_for_status()
                return time.perf_counter() - started
            except httpx.TransportError:
                server.wait_for("")
                time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[Server]:
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "output.log"
    with log.open("w") as output:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        yield Server(process, port, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
