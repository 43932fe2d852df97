"""The suite as production runs it, for tests of faults and for measuring: services as processes, PostgreSQL or SQLite.

A stage stands in a folder of its own, on free ports of loopback, and ends what it began.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self

import httpx
from tests.conftest import PORTS
from tests.debian_postgres import DebianPostgres, free_port

from crossing.cli.services import ServiceName, migrations_of
from crossing.gateway.process import RunningGateway, running_gateway
from crossing.gateway.render import GatewayOptions, Upstream
from crossing.kit.identity import Role
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.migrations import upgrade

PREFIXES: Final = {"admission": "/admission", "advance-ruling": "/advance-rulings", "redress": "/redress"}
_PATIENCE_SECONDS: Final = 90
_POLL_SECONDS: Final = 0.02


class ServiceProcess:
    """One service in a process of its own: ``crossing service NAME``, or another command that serves the same."""

    def __init__(
        self, name: str, folder: Path, environment: Mapping[str, str], command: Sequence[str] | None = None
    ) -> None:
        self.name = name
        self.port, self.inside_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}{PREFIXES[name]}"
        self.environment = dict(environment)
        self.log = folder / f"{name}-{self.port}.log"
        ports = ["--port", str(self.port), "--inside-port", str(self.inside_port)]
        self._command = [*(command or [sys.executable, "-m", "crossing.cli", "service", name]), *ports]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start the process; ``wait`` for it to be ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env={**os.environ, **self.environment}, start_new_session=True
            )
        return self

    def wait(self) -> Self:
        """Wait until the service is ready; raises ``AssertionError`` with its last lines when it ends or never is."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self.is_ready():
            assert self.process, "not started"
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < until, self.log.read_text()[-3000:]
            time.sleep(_POLL_SECONDS)
        return self

    def is_ready(self) -> bool:
        """Whether the service says that it is ready."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.inside_port}/v1/readyz", timeout=4).status_code == 200
        except httpx.HTTPError:
            return False

    def terminate(self) -> int:
        """SIGTERM, and wait; what the process ended with."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE_SECONDS)

    def kill(self) -> None:
        """SIGKILL."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Stage:
    """The services on a database server, with an issuer of tokens and a port of entry in each country.

    ``postgres`` holds a database for each service; without it they keep SQLite files in the folder. ``settings`` are
    environment variables of every service started.
    """

    def __init__(
        self, folder: Path, postgres: DebianPostgres | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.postgres = postgres
        self.issuer = DevelopmentIssuer(folder)
        self.settings = dict(settings or {})
        self.services: list[ServiceProcess] = []
        self._addresses: dict[str, str] = {}

    def database_url(self, name: str) -> str:
        """The URL of a service's database."""
        if self.postgres:
            return self.postgres.url(name.replace("-", "_"))
        return f"sqlite+aiosqlite:///{self.folder / name}.sqlite"

    def environment(self, name: str) -> dict[str, str]:
        """The settings of a service, as its process gets them."""
        (self.folder / "service.token").write_text(self.issuer.token(Role.SERVICE, subject=name))
        known = {
            "DATABASE_URL": self.database_url(name),
            "KEY_SET_FILE": str(self.issuer.public_file),
            "ISSUER": ISSUER,
            "AUDIENCE": AUDIENCE,
            "IDENTITY_KEY": "a key for tests only, of sixty-four characters, never used besides",
            "OPEN_REQUESTS_PER_MINUTE": "1000000",
            "DRAIN_SECONDS": "0.5",
            "SERVICE_TOKEN_FILE": str(self.folder / "service.token"),
            "PUBLIC_ADDRESS": f"http://127.0.0.1{PREFIXES[name]}",
            "SIGNING_KEYS": str(self.folder / "ruling-keys"),
            "REGISTRY_FILES": str(self.folder / "registry"),
            "EVIDENCE_STORE": str(self.folder / f"{name}-evidence"),
            "MAIL_FOLDER": str(self.folder / "mail"),
            "ADMISSION_ADDRESS": self._addresses.get("admission", ""),
            "ADVANCE_RULINGS_ADDRESS": self._addresses.get("advance-ruling", ""),
            "REDRESS_EVENTS_ADDRESS": self._addresses.get("redress", ""),
        }
        return {f"CROSSING_{key}": value for key, value in known.items() if value} | self.settings

    def migrate(self, *names: str) -> None:
        """Make and migrate the databases of some services."""
        for name in names:
            if self.postgres:
                self.postgres.create_database(name.replace("-", "_"))
            upgrade(migrations_of(ServiceName(name)), self.database_url(name))

    def service(
        self,
        name: str,
        command: Sequence[str] | None = None,
        kind: type[ServiceProcess] = ServiceProcess,
        **settings: str,
    ) -> ServiceProcess:
        """A service that is not started yet, known to those made after it; ``settings`` are CROSSING_* of its own."""
        own = {f"CROSSING_{key.upper()}": value for key, value in settings.items()}
        made = kind(name, self.folder, self.environment(name) | own, command)
        self._addresses[name] = made.address
        self.services.append(made)
        return made

    def token(self, role: Role = Role.OFFICER, port: str = "US-DETROIT", subject: str | None = None) -> str:
        """A token for a role at a port."""
        return self.issuer.token(role, subject=subject or f"test-{role.value}", port_id=port, terminal_id="LANE-1")

    def client(self, address: str, role: Role = Role.OFFICER, port: str = "US-DETROIT", **more: Any) -> httpx.Client:
        """A client signed in for a role at a port."""
        return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {self.token(role, port)}"}, **more)

    def open_ports(self, admission: ServiceProcess) -> None:
        """Open the ports of entry of the tests."""
        for port in PORTS:
            with self.client(admission.address, Role.SUPERVISOR, port["id"]) as client:
                client.post("/v1/ports", json=port).raise_for_status()

    def gateway(self, **chosen: Any) -> AbstractContextManager[RunningGateway]:
        """A gateway in plain HTTP before the services made so far, all processes of each; ``chosen`` are its options."""
        places: dict[str, list[Upstream]] = {}
        for each in self.services:
            places.setdefault(PREFIXES[each.name].strip("/"), []).append(Upstream("127.0.0.1", each.port))
        options = GatewayOptions(
            services={name: replace(first, also=tuple(others)) for name, (first, *others) in places.items()},
            keys_file=str(self.issuer.public_file),
            host="127.0.0.1",
            port=free_port(),
            admin_port=free_port(),
            access_log=str(self.folder / "access.log"),
            **chosen,
        )
        return running_gateway(options, self.folder / "gateway")

    def end(self) -> None:
        """End what runs."""
        for each in self.services:
            each.kill()


@contextmanager
def stage(*names: str, on_postgres: bool = True, **settings: str) -> Iterator[Stage]:
    """A stage with migrated databases for some services, on a PostgreSQL server of its own or on SQLite.

    ``settings`` are those of the server, as in postgresql.conf.
    """
    folder = Path(tempfile.mkdtemp(prefix="crossing-stage-"))
    folder.chmod(0o755)  # the server runs as another user
    postgres = DebianPostgres(folder / "postgres", settings) if on_postgres else None
    made = Stage(folder, postgres)
    try:
        if postgres:
            postgres.create()
            postgres.start()
        made.migrate(*names)
        yield made
    finally:
        made.end()
        if postgres:
            postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
