"""F5: the disk is full. What cannot be kept is refused as 503, reads go on, readiness says no.

Once there is space again the service is back by itself.
"""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from tests.debian_postgres import DebianPostgres
from tests.faults.accounts import account_of
from tests.faults.forked import ForkedService
from tests.faults.journeys import JOURNEYS
from tests.faults.load import Load
from tests.faults.planted import ONLY_SELECTS, command
from tests.faults.report import Report
from tests.faults.striking import BACK_WITHIN_SECONDS, PUNCTUAL, started
from tests.stage import ServiceProcess, Stage, stage

_NAME: Final = "admission"
#: Megabytes of the volume that fills: of SQLite's file, of the server's folder, or of its log alone.
_MEGABYTES: Final = {"sqlite": 24, "postgres": 192, "log": 48}
#: Small, so that a small volume fills by what is recorded.
_SERVER: Final = {"shared_buffers": "16MB", "min_wal_size": "32MB", "max_wal_size": "48MB"}
_FULL_SECONDS: Final = 60

FULL: Final[Sequence[dict[str, Any]]] = (
    {"volume": "sqlite"},
    {"volume": "postgres"},
    {"volume": "log"},
    {"volume": "postgres", "plant": ONLY_SELECTS},
)
SHORT: Final[Sequence[dict[str, Any]]] = ({"volume": "sqlite"}, {"volume": "sqlite", "plant": ONLY_SELECTS})


def run(*, volume: str, plant: str | None = None, seed: int = 1) -> Report:
    """Fill a volume (``sqlite``, ``postgres`` or ``log``) under load, and free it again."""
    with stage(_NAME, on_postgres=volume != "sqlite", **_SERVER) as world, _small(_MEGABYTES[volume]) as disk:
        url = world.database_url(_NAME)
        if world.postgres:
            _move(world.postgres, disk, volume)
        else:
            shutil.move(world.folder / f"{_NAME}.sqlite", disk)
            url = f"sqlite+aiosqlite:///{disk / _NAME}.sqlite"
        service = world.service(_NAME, command(_NAME, plant), ForkedService, database_url=url, **PUNCTUAL)
        started(world, service)
        try:
            return asyncio.run(_under_load(world, service, disk, volume, seed))
        finally:
            service.kill()
            if world.postgres:
                world.postgres.stop()


async def _under_load(world: Stage, service: ServiceProcess, disk: Path, volume: str, seed: int) -> Report:
    role, journey, _ = JOURNEYS[_NAME]
    token = world.token(role)
    load = Load(service.address, token, journey, seed=seed)
    async with load.running():
        await load.acknowledge(20)
        await asyncio.to_thread(_fill, disk)
        await _nothing_acknowledged(load)
        while_full = await _while_full(service, load, token, reads=volume != "log")
        (disk / "filler").unlink()
        freed_at = time.monotonic()
        if world.postgres and not world.postgres.runs():  # as whoever keeps it running does
            world.postgres.start()
        back = await load.answered(since=freed_at)
        await load.acknowledge(20)
    account = await account_of(_NAME, service.environment["CROSSING_DATABASE_URL"], load)
    short = account.faults + while_full + ([f"back after {back:.1f} s"] if back > BACK_WITHIN_SECONDS else [])
    return Report(
        fault="F5 disk full",
        done=f"{_MEGABYTES[volume]} MB of {volume} filled under load, then freed",
        acknowledged=len(load.acknowledged),
        found=account.found,
        lost=account.lost,
        recovered_seconds=back,
        held=not short,
        detail="; ".join(short) or f"refused meanwhile: {load.unavailable['503']} by 503",
        seed=seed,
    )


async def _nothing_acknowledged(load: Load) -> None:
    """Wait until nothing is acknowledged for a second any more; raises ``TimeoutError``."""
    async with asyncio.timeout(_FULL_SECONDS):
        while time.monotonic() - load.latest_at < 1.0:
            await asyncio.sleep(0.05)


async def _while_full(service: ServiceProcess, load: Load, token: str, *, reads: bool) -> list[str]:
    """What does not hold while the disk is full."""
    short = []
    opened = next(each for each in load.acknowledged if each.status == 201)
    address = f"{service.address}{opened.path}/{opened.json()['id']}"
    inside = f"http://127.0.0.1:{service.inside_port}/v1"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=10) as client:
        if reads and (answer := await client.get(address)).status_code != 200:
            short.append(f"a read was answered by {answer.status_code}")
        if (answer := await client.get(f"{inside}/healthz")).status_code != 200:
            short.append(f"healthz was answered by {answer.status_code}")
        try:
            async with asyncio.timeout(10):
                while (await client.get(f"{inside}/readyz")).status_code != 503:
                    await asyncio.sleep(0.1)
        except TimeoutError:
            short.append("readyz goes on to say that it is ready")
    return short


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler:
        for size in (1_000_000, 4_096):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError:
                continue


@contextmanager
def _small(megabytes: int) -> Iterator[Path]:
    """A volume of so many megabytes, in memory."""
    folder = Path(tempfile.mkdtemp(prefix="crossing-full-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def _move(server: DebianPostgres, disk: Path, volume: str) -> None:
    """Move a server, or only its log, to a volume, and start it there."""
    server.stop()
    if volume == "postgres":
        subprocess.run(["cp", "-a", str(server.data), str(disk)], check=True)
        server.data = disk / server.data.name
    else:
        log = server.data / "pg_wal"
        subprocess.run(["cp", "-a", str(log), str(disk)], check=True)
        shutil.rmtree(log)
        log.symlink_to(disk / log.name)
    server.start()
