"""F16, G9: the database is lost to a mistake and restored to a named point from a base backup and the archived log.

The drill runs the very scripts and commands of ``docs/operations.md``.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests.admission.cases import engineer
from tests.debian_postgres import AS_POSTGRES, DebianPostgres, programs
from tests.faults.forked import ForkedService
from tests.faults.journeys import examine
from tests.faults.load import Acknowledged, Load
from tests.faults.many_decisions import add_decisions
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

MISSING: Final = "a segment taken out of the archive"
CHANGED: Final = "a decision changed in what was restored"
POINT: Final = "before-the-mistake"
FULL: Final[Sequence[dict[str, Any]]] = (
    {"seconds": 10, "decisions": 100_000},
    {"seconds": 1, "plant": MISSING},
    {"seconds": 1, "plant": CHANGED},
)
SHORT: Final[Sequence[dict[str, Any]]] = ({"seconds": 0.5},)
_DATABASES: Final = ("admission", "advance_ruling", "redress")
_ROLES: Final = ("owner", "app", "reader")
_BACKUP: Final = "crossing_backup"
_FAULT: Final = "F16 restore"
_DONE: Final = "base backup under load, log archived, mistake by SQL, restored to a named point"
_SCRIPTS: Final = Path(__file__).parents[2] / "deploy" / "postgres"
_MISTAKE: Final = "DELETE FROM revisions WHERE kind = 'decided'; UPDATE examinations SET identity = '{}'"
_CHANGE: Final = "UPDATE revisions SET detail = replace(detail, 'admit', 'refuse') WHERE kind = 'decided'"


class FellShort(Exception):
    """A step of the drill did not do what it promises; what it said."""


def run(*, seconds: float, decisions: int = 0, plant: str | None = None) -> Report:
    """Back up, lose, restore and verify, with so many seconds of load on either side of the backup.

    ``decisions`` are added in bulk before that.
    """
    kept = Path(tempfile.mkdtemp(prefix="crossing-restore-"))
    try:
        return _Drill(kept).run(seconds, decisions, plant)
    finally:
        shutil.rmtree(kept)


class _Drill:
    """The folders of a drill: scripts, archive, backups and what is restored; all of them the server's own."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept
        self.archive, self.backups = kept / "archive", kept / "backups"
        shutil.copytree(_SCRIPTS, kept / "scripts")  # where the server's user can read them
        for folder in (self.archive, self.backups):
            folder.mkdir()
        for folder in (kept, *kept.iterdir()):
            if AS_POSTGRES:
                shutil.chown(folder, "postgres", "postgres")
        self.took: dict[str, float] = {}

    def run(self, seconds: float, decisions: int, plant: str | None) -> Report:
        """See ``run``."""
        archiving = f"{self.kept}/scripts/archive-wal.sh %p %f {self.archive}"
        with stage("admission", archive_mode="on", archive_command=archiving, max_wal_size="4GB") as world:
            assert world.postgres
            self._make_roles(world.postgres)
            admission = world.service("admission", kind=ForkedService).start().wait()
            world.open_ports(admission)
            if decisions:
                self._timed("decisions added", add_decisions, world, admission, decisions)
            load = Load(admission.address, world.token(), examine, callers=4)
            backup, told = asyncio.run(self._under_load(world.postgres, load, seconds))
            _sql(world.postgres, "admission", _MISTAKE)
            world.postgres.stop()
            held = [_receipt(each) for each in load.acknowledged]
            try:
                return self._restored(world, admission, backup, held[:told], held, plant)
            except FellShort as short:
                return Report(fault=_FAULT, done=_DONE, acknowledged=told, held=False, detail=str(short))

    async def _under_load(self, postgres: DebianPostgres, load: Load, seconds: float) -> tuple[str, int]:
        """Where the backup is, and how many requests were acknowledged before the point was named."""
        async with load.running():
            await asyncio.sleep(seconds)
            said = await asyncio.to_thread(
                self._timed, "base backup", self._script, postgres, "backup.sh", str(self.backups)
            )
            # Ends a segment of the log, so that the point to return to stands in a later one.
            await asyncio.to_thread(self._script, postgres, "restore-point.sh", "after-the-backup")
            await asyncio.sleep(seconds)
            told = len(load.acknowledged)
            await asyncio.to_thread(self._script, postgres, "restore-point.sh", POINT)
            await load.acknowledge(4)
        return said.partition(":")[0], told

    def _restored(
        self,
        world: Stage,
        admission: ServiceProcess,
        backup: str,
        before: list[str],
        held: list[str],
        plant: str | None,
    ) -> Report:
        """Restore beside what was lost, verify, compare with the receipts that callers hold, and go on deciding."""
        assert world.postgres
        if plant == MISSING:
            sorted(self.archive.glob("?" * 24))[-2].unlink()
        began = time.monotonic()
        self._timed("restore", self._script, world.postgres, *self._to_restore(world.postgres, backup))
        world.postgres.data.rename(world.postgres.folder / "lost")
        (self.kept / "restored").rename(world.postgres.data)
        world.postgres.start()
        if plant == CHANGED:
            _sql(world.postgres, "admission", _CHANGE)
        url = world.database_url("admission")
        verified = self._timed("verification", _crossing, "audit", "verify", "--database-url", url)
        lacking = self._lacking(url, held)
        with world.client(admission.wait().address) as officer:
            officer.post("/v1/examinations", json=engineer()).raise_for_status()
        recovered = time.monotonic() - began
        dumped = self._timed("dump and its restore", self._dumped, world.postgres)
        lost = lacking & set(before)
        faults = [f"{what}: {said}" for what, said in (("restored", verified), ("dump", dumped)) if not _sound(said)]
        if not lacking:
            faults.append("nothing of what came after the point is listed as lacking")
        times = ", ".join(f"{name} {took:.1f} s" for name, took in self.took.items())
        return Report(
            fault=_FAULT,
            done=_DONE,
            acknowledged=len(before),
            found=len(before) - len(lost),
            lost=len(lost),
            recovered_seconds=recovered,
            held=not lost and not faults,
            detail="; ".join([*faults, verified, f"{len(lacking)} receipts of after the point are listed", times]),
        )

    def _to_restore(self, postgres: DebianPostgres, backup: str) -> list[str]:
        return ["restore.sh", backup, str(self.archive), str(self.kept / "restored"), "--point", POINT]

    def _lacking(self, url: str, held: list[str]) -> set[str]:
        """What officers hold and the database does not, as the command lists it."""
        receipts = self.kept / "receipts.txt"
        receipts.write_text("\n".join(held))
        said = _crossing("audit", "lacking", str(receipts), "--database-url", url, whole=True)
        return set(re.findall(r"^examinations/\S+$", said, re.MULTILINE))

    def _dumped(self, postgres: DebianPostgres) -> str:
        """Dump the database, restore the dump beside it, and what the verifier says of that."""
        dump = self.backups / "admission.dump"
        _run(postgres, "pg_dump", "--format=custom", f"--file={dump}", "admission")
        url = postgres.create_database("restored_dump")
        _run(postgres, "pg_restore", "--dbname=restored_dump", "--exit-on-error", str(dump))
        return _crossing("audit", "verify", "--database-url", url)

    def _make_roles(self, postgres: DebianPostgres) -> None:
        """The roles of an installation, of which one takes backups."""
        secrets = self.kept / "secrets"
        secrets.mkdir()
        for role in (*(f"{name}_{part}" for name in _DATABASES for part in _ROLES), _BACKUP):
            (secrets / f"{role}_password").write_text("for tests only")
        _run(postgres, str(self.kept / "scripts" / "roles.sh"), CROSSING_SECRETS=str(secrets))

    def _script(self, postgres: DebianPostgres, script: str, *arguments: str) -> str:
        return _run(postgres, str(self.kept / "scripts" / script), *arguments, PGUSER=_BACKUP)

    def _timed(self, name: str, act: Any, *arguments: Any) -> Any:
        began = time.monotonic()
        result = act(*arguments)
        self.took[name] = time.monotonic() - began
        return result


def _receipt(told: Acknowledged) -> str:
    """What a caller holds of an answer."""
    answer = json.loads(told.answer)
    return f"examinations/{answer['id']}/{answer['revision']}"


def _sound(said: str) -> bool:
    return said.endswith(" 0 at fault")


def _run(postgres: DebianPostgres, program: str, *arguments: str, **settings: str) -> str:
    """What a program prints, run as the server's user with the server's programs; raises ``FellShort``."""
    user, _, place = postgres.address.partition("@")
    host, _, port = place.partition(":")
    path = f"{programs()}:{os.environ['PATH']}"
    environment = {"PATH": path, "PGUSER": user, "PGHOST": host, "PGPORT": port, **settings}
    command = [*AS_POSTGRES, program, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False)
    if ran.returncode:
        raise FellShort(f"{Path(program).name}: {' '.join(ran.stderr.split())}")
    return ran.stdout.strip()


def _sql(postgres: DebianPostgres, database: str, statements: str) -> None:
    _run(postgres, "psql", "-qX", "--set=ON_ERROR_STOP=1", "-d", database, "-c", statements)


def _crossing(*arguments: str, whole: bool = False) -> str:
    """The last line a command prints, or all it prints."""
    ran = subprocess.run(
        [sys.executable, "-m", "crossing.cli", *arguments], capture_output=True, text=True, check=False
    )
    said = ran.stdout.strip()
    if not said:
        raise FellShort(f"crossing {' '.join(arguments[:2])}: {ran.stderr.strip()[-500:]}")
    return said if whole else said.splitlines()[-1]
