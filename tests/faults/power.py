"""F3 (G2): the power is cut, and whatever was not fsynced is gone; nothing acknowledged may be lost.

A SIGKILL leaves the page cache alone, so the database stands on a file system of our own: ``lossy_files``.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.faults.forked import ForkedService
from tests.faults.planted import SYNC_RARELY, command
from tests.faults.report import Report
from tests.faults.striking import restarted, started, struck
from tests.stage import ServiceProcess, Stage, stage

UNSYNCED: Final = "fsync=off"
_NAME: Final = "admission"
_MOUNT_SECONDS: Final = 30

FULL: Final[Sequence[dict[str, Any]]] = (
    {"cycles": 30, "on_postgres": False},
    {"cycles": 20, "on_postgres": True},
    {"cycles": 2, "on_postgres": False, "plant": SYNC_RARELY},
    {"cycles": 2, "on_postgres": True, "plant": UNSYNCED},
)
SHORT: Final[Sequence[dict[str, Any]]] = (
    {"cycles": 1, "on_postgres": False},
    {"cycles": 1, "on_postgres": True},
    {"cycles": 1, "on_postgres": False, "plant": SYNC_RARELY},
    {"cycles": 1, "on_postgres": True, "plant": UNSYNCED},
)


class _Disk:
    """A folder seen through the file system that forgets."""

    def __init__(self, backing: Path, seen: Path) -> None:
        self._backing = backing
        self.seen = seen
        self._process: subprocess.Popen[bytes] | None = None

    def mount(self) -> None:
        """Show the folder; raises ``RuntimeError`` where there is no FUSE, since then no power can be cut."""
        module = [sys.executable, "-m", "tests.faults.lossy_files", str(self._backing), str(self.seen)]
        self._process = subprocess.Popen(module, stderr=subprocess.PIPE)
        until = time.monotonic() + _MOUNT_SECONDS
        while not self.seen.is_mount():
            if self._process.poll() is not None or time.monotonic() > until:
                self._process.kill()
                assert self._process.stderr
                said = self._process.stderr.read().decode().strip().splitlines()
                raise RuntimeError(f"no lossy file system: {said[-1:]}; it needs /dev/fuse, fuse3 and mfusepy")
            time.sleep(0.02)

    def cut(self) -> None:
        """Cut the power: what the process holds in memory is gone."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            subprocess.run(["umount", "-l", str(self.seen)], check=True)
            self._process = None


def run(*, cycles: int, on_postgres: bool, plant: str | None = None, seed: int = 1) -> Report:
    """Cut the power of database and service under load, so many times."""
    settings = {"fsync": "off"} if plant == UNSYNCED else {}
    with stage(_NAME, on_postgres=on_postgres, **settings) as world, _lossy(world) as disk:
        url = world.database_url(_NAME) if on_postgres else f"sqlite+aiosqlite:///{disk.seen / _NAME}.sqlite"
        service = world.service(_NAME, command(_NAME, plant), ForkedService, database_url=url)

        def cut() -> float:
            disk.cut()
            _kill(world, service)
            return start()

        def start() -> float:
            disk.mount()
            if world.postgres:
                world.postgres.start()
            return restarted(service)

        start()
        kind = "PostgreSQL" if on_postgres else "SQLite"
        try:
            struck_by = struck(
                world, service, cut, fault="F3 power cut", done=f"{cycles} of {kind}", cycles=cycles, seed=seed
            )
            return asyncio.run(struck_by)
        finally:
            _kill(world, service)
            disk.cut()


@contextmanager
def _lossy(world: Stage) -> Iterator[_Disk]:
    """The disk of a stage whose ports are open, with its server at rest; what was there before is kept."""
    first = world.service(_NAME, kind=ForkedService)
    started(world, first)
    first.kill()
    backing = world.folder
    with tempfile.TemporaryDirectory(prefix="crossing-lossy-") as folder:
        seen = Path(folder)
        if world.postgres:
            world.postgres.stop()
            backing = world.postgres.folder
            world.postgres.data = seen / "data"
        yield _Disk(backing, seen)


def _kill(world: Stage, service: ServiceProcess) -> None:
    service.kill()
    if world.postgres:
        world.postgres.kill()
