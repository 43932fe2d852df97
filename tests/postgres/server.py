"""Starts a PostgreSQL server, for tests and for measuring."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testcontainers.community.postgres import PostgresContainer

IMAGE = "postgres:17-alpine"
_AS_POSTGRES = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()


@contextmanager
def running_server() -> Iterator[str]:
    """``user:password@host:port`` of a server: in a container where a Docker engine answers, else Debian's own."""
    if _docker_answers():
        print("PostgreSQL: testcontainers")
        with PostgresContainer(IMAGE, driver=None) as container:
            url: str = container.get_connection_url()
            yield url.partition("://")[2].rpartition("/")[0]
    else:
        print("PostgreSQL: the server from Debian's packages")
        # A folder of its own: the server runs as another user, who may not enter pytest's.
        with tempfile.TemporaryDirectory(prefix="crossing-postgres-") as folder:
            yield from _debian_server(Path(folder))


def _docker_answers() -> bool:
    docker = shutil.which("docker")
    return bool(docker) and subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0


def _debian_server(folder: Path) -> Iterator[str]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "There is no PostgreSQL server: run deploy/install-tools.sh postgresql"
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if _AS_POSTGRES:
        shutil.chown(data, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = [
        *_AS_POSTGRES,
        str(programs[-1] / "initdb"),
        "-D",
        str(data),
        "-U",
        "crossing",
        "--auth=trust",
        "--encoding=UTF8",
    ]
    subprocess.run(run, check=True, capture_output=True)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    control = [*_AS_POSTGRES, str(programs[-1] / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run([*control, "-l", str(data / "log"), "-o", options, "start"], check=True, capture_output=True)
    yield f"crossing@127.0.0.1:{port}"
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True)
