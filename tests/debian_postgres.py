"""A PostgreSQL server of Debian's packages in a folder, which may be killed and started again."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups") if os.geteuid() == 0 else ()
_LOOPBACK = "127.0.0.1"
_OWNER = "crossing"


def programs() -> Path:
    """The folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert found, "There is no PostgreSQL server: run deploy/install-tools.sh postgresql"
    return found[-1]


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


class DebianPostgres:
    """A cluster in ``folder``, which its own user must be able to enter; ``settings`` go into postgresql.conf.

    It keeps every commit on disk, as production does, unless the settings say otherwise.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self._settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """``user@host:port``."""
        return f"{_OWNER}@{_LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """The id of the server's first process."""
        assert self._process, "not started"
        return self._process.pid

    def url(self, database: str) -> str:
        """The URL of a database for SQLAlchemy."""
        return f"postgresql+asyncpg://{self.address}/{database}"

    def create(self) -> None:
        """Make the cluster."""
        self.data.mkdir(parents=True)
        if AS_POSTGRES:
            shutil.chown(self.data, "postgres", "postgres")
        self._run("initdb", "-D", str(self.data), "-U", _OWNER, "--auth=trust", "--encoding=UTF8", "--no-sync")
        told = {"port": str(self.port), "listen_addresses": _LOOPBACK, "unix_socket_directories": "", **self._settings}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in told.items())

    def create_from(self, primary: "DebianPostgres") -> None:
        """Make the cluster as a standby of one that runs, which knows it by the name ``standby``."""
        if AS_POSTGRES:
            self.folder.mkdir(parents=True)
            shutil.chown(self.folder, "postgres", "postgres")
        source = f"host={_LOOPBACK} port={primary.port} user={_OWNER} application_name=standby"
        self._run("pg_basebackup", "-d", source, "-D", str(self.data), "-R", "-c", "fast", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"port = {self.port}\n")

    def promote(self) -> None:
        """Make a standby take writes."""
        self._run("pg_ctl", "promote", "-D", str(self.data), "-w")

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        with (self.folder / "postgresql.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*AS_POSTGRES, str(programs() / "postgres"), "-D", str(self.data)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while subprocess.run(self._ready(), capture_output=True, check=False).returncode != 0:
            assert self._process.poll() is None, (self.folder / "postgresql.log").read_text()[-2000:]

    def _ready(self) -> Sequence[str]:
        return [str(programs() / "pg_isready"), "-t", "1", "-h", _LOOPBACK, "-p", str(self.port)]

    def create_database(self, name: str) -> str:
        """Make an empty database; its URL for SQLAlchemy."""
        self._run("createdb", "-h", _LOOPBACK, "-p", str(self.port), "-U", _OWNER, name)
        return self.url(name)

    def runs(self) -> bool:
        """Whether the server's process is there."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the server at once, as by a clean restart's first half."""
        if self._process and self.runs():
            os.kill(self._process.pid, signal.SIGINT)
            self._process.wait(60)

    def kill(self) -> None:
        """SIGKILL to the server and every process of it: nothing is finished, nothing is written."""
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)  # so that it begets none that is not seen
        mine = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, check=False)
        for each in [self._process.pid, *map(int, mine.stdout.split())]:
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait()

    def _run(self, program: str, *arguments: str) -> None:
        command = [*AS_POSTGRES, str(programs() / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/")
