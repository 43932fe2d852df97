"""Starts a PostgreSQL server, for tests and for measuring."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.debian_postgres import DebianPostgres

IMAGE = "postgres:17"


@contextmanager
def running_server() -> Iterator[str]:
    """``user:password@host:port`` of a server: in a container where a Docker engine answers, else Debian's own."""
    if docker_answers():
        from testcontainers.community.postgres import PostgresContainer

        with PostgresContainer(IMAGE, driver=None) as container:
            # On loopback, as Debian's: some tests put something of their own before it.
            yield f"{container.username}:{container.password}@127.0.0.1:{container.get_exposed_port(container.port)}"
    else:
        # A folder of its own: the server runs as another user, who may not enter pytest's.
        with tempfile.TemporaryDirectory(prefix="crossing-postgres-") as folder:
            yield from _debian_server(Path(folder))


def docker_answers() -> bool:
    """Whether there is a Docker engine, where ``DOCKER_HOST`` says or at its usual place."""
    docker = shutil.which("docker")
    return bool(docker) and subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0


def _debian_server(folder: Path) -> Iterator[str]:
    folder.chmod(0o755)
    server = DebianPostgres(folder, {"fsync": "off"})
    server.create()
    server.start()
    yield server.address
    server.stop()
