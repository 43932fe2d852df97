"""F16, G9: the database is lost to a mistake and restored to a named moment from a base backup and the archived log.

Planted: ``missing-segment`` takes a segment out of the archive; ``changed-row`` changes a decision in the database that
was restored. Either has to be reported.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.debian_postgres import AS_POSTGRES, DebianPostgres, programs
from tests.faults.many_decisions import add_decisions
from tests.faults.officers import at_work
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

FULL: tuple[dict[str, Any], ...] = (
    {"seconds": 20, "decisions": 100_000},
    {"seconds": 2, "plant": "missing-segment"},
    {"seconds": 2, "plant": "changed-row"},
)
SHORT: tuple[dict[str, Any], ...] = ({"seconds": 2},)
POINT = "before-the-mistake"
_SCRIPTS = Path(__file__).parents[2] / "deploy" / "postgres"
_MISTAKE = "DELETE FROM revisions WHERE kind = 'decided'; UPDATE examinations SET identity = '{}'"
_CHANGE = "UPDATE revisions SET detail = replace(detail, 'admit', 'refuse') WHERE kind = 'decided'"


class FellShort(Exception):
    """A step of the drill did not do what it promises; what it said."""


def run(*, seconds: float = 2, decisions: int = 0, plant: str | None = None) -> Report:
    """Back up under load, lose, restore and verify; ``seconds`` of load on either side of the backup.

    ``decisions`` are those added in bulk before. Raises nothing for what falls short: the report says it.
    """
    # A folder of its own beside the stage's: the archive is there before the server is.
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
        with stage("admission", archive_mode="on", archive_command=archiving, max_wal_size="4GB") as there:
            assert there.postgres
            admission = there.service("admission").start().wait()
            there.open_ports(admission)
            if decisions:
                self._timed("decisions added", add_decisions, there, admission, decisions)
            with at_work(there, admission.address, officers=4) as work:
                time.sleep(seconds)
                backup = self._timed("base backup", self._script, there.postgres, "backup.sh", str(self.backups))
                self._script(there.postgres, "restore-point.sh", "after-the-backup")  # ends a segment of the log
                time.sleep(seconds)
                before = work.told()
                self._script(there.postgres, "restore-point.sh", POINT)
                time.sleep(seconds / 4)
            outside = work.told()
            _sql(there.postgres, "admission", _MISTAKE)
            there.postgres.stop()
            return self._restored(there, admission, backup.partition(":")[0], before, outside, plant)

    def _restored(
        self,
        there: Stage,
        admission: ServiceProcess,
        backup: str,
        before: list[str],
        outside: list[str],
        plant: str | None,
    ) -> Report:
        """Restore beside what was lost, verify, compare with what officers hold, and go on deciding."""
        assert there.postgres
        if plant == "missing-segment":
            sorted(self.archive.glob("?" * 24))[-2].unlink()
        began = time.monotonic()
        fault, done = "F16 restore", f"base backup under load, archived log, mistake by SQL, restored to {POINT!r}"
        try:
            self._timed("restore", self._script, there.postgres, *self._to_restore(there.postgres, backup))
            there.postgres.data.rename(there.postgres.folder / "lost")
            (self.kept / "restored").rename(there.postgres.data)
            there.postgres.start()
            if plant == "changed-row":
                _sql(there.postgres, "admission", _CHANGE)
            url = there.database_url("admission")
            verified = self._timed("verification", _crossing, "audit", "verify", "--database-url", url)
            lacking = self._lacking(url, outside)
            admission.wait()
        except FellShort as short:
            return Report(fault=fault, done=done, acknowledged=len(before), held=False, detail=str(short))
        lost = lacking & set(before)
        with at_work(there, admission.address, officers=1) as after:
            while not after.told() and not after.failed:
                time.sleep(0.01)
        recovered = time.monotonic() - began
        dumped = self._timed("dump and its restore", self._dumped, there.postgres)
        checks = {
            "chains verify": verified.endswith(" 0 at fault"),
            "a dump verifies": dumped.endswith(" 0 at fault"),
            "decisions go on": not after.failed,
        }
        failing = [name for name, held in checks.items() if not held]
        times = ", ".join(f"{name} {took:.1f} s" for name, took in self.took.items())
        held = not lost and not failing
        detail = (
            f"{verified}; {len(outside) - len(before)} acknowledged after the point, {len(lacking)} of which others "
            f"hold and the database lacks; {times}" + "".join(f"; NOT: {name}" for name in failing)
        )
        return Report(
            fault=fault,
            done=done,
            acknowledged=len(before),
            found=len(before) - len(lost),
            lost=len(lost),
            recovered_seconds=recovered,
            held=held,
            detail=detail,
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

    def _script(self, postgres: DebianPostgres, script: str, *arguments: str) -> str:
        return _run(postgres, str(self.kept / "scripts" / script), *arguments)

    def _timed(self, name: str, act: Any, *arguments: Any) -> Any:
        began = time.monotonic()
        result = act(*arguments)
        self.took[name] = time.monotonic() - began
        return result


def _run(postgres: DebianPostgres, program: str, *arguments: str) -> str:
    """What a program prints, run as the server's user with the server's programs; raises ``FellShort``."""
    user, _, place = postgres.address.partition("@")
    host, _, port = place.partition(":")
    path = f"{programs()}:{os.environ['PATH']}"
    environment = {"PATH": path, "PGUSER": user, "PGHOST": host, "PGPORT": port, "LC_ALL": "C"}
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
