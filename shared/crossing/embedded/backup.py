"""Copies of a suite's folder: of all databases at one moment while the suite runs, and of every file they name."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

from crossing.kit.database import open_sqlite

MANIFEST: Final = "manifest.json"
_DATABASES: Final = "*.sqlite"
_BESIDE_DATABASES: Final = (".sqlite-wal", ".sqlite-shm")


class NotAsBackedUp(Exception):
    """A file of a backup is missing, or is not what was backed up; its name."""


class NotEmpty(Exception):
    """The folder to write into holds something already; its name."""


def back_up(data: Path, folder: Path) -> Sequence[str]:
    """Copy a suite's folder, which may be in use, and give the names of the files copied.

    The copies of all databases show one and the same moment: what one service told another is in both or in neither.
    Files are copied after them, so that every file a database names is there. Raises ``NotEmpty``.
    """
    _require_empty(folder)
    databases = sorted(data.glob(_DATABASES))
    with _at_one_moment(databases) as connections:
        for database, connection in zip(databases, connections, strict=True):
            with closing(sqlite3.connect(folder / database.name)) as copy:
                connection.backup(copy)
    for file in _files(data):
        if file not in databases and not file.name.endswith(_BESIDE_DATABASES):
            _copy(file, folder / file.relative_to(data))
    digests = {str(file.relative_to(folder)): _digest(file) for file in _files(folder)}
    (folder / MANIFEST).write_text(json.dumps(digests, indent=1), encoding="utf-8")
    return list(digests)


def restore(folder: Path, data: Path) -> Sequence[str]:
    """Put a backup into an empty folder and give the names of its files; raises ``NotEmpty`` or ``NotAsBackedUp``."""
    digests = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for name, digest in digests.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise NotAsBackedUp(name)
    _require_empty(data)
    for name in digests:
        _copy(folder / name, data / name)
    return list(digests)


@contextmanager
def _at_one_moment(databases: Sequence[Path]) -> Iterator[list[sqlite3.Connection]]:
    """Connections that all read their databases as they were at one moment, while others go on writing."""
    with ExitStack() as stack:
        readers = [_connection(stack, database) for database in databases]
        with ExitStack() as writers_wait:
            for database in databases:
                _connection(writers_wait, database).execute("BEGIN IMMEDIATE")
            for reader in readers:
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master")  # what is read begins with the first row read
        yield readers


def _connection(stack: ExitStack, database: Path) -> sqlite3.Connection:
    return stack.enter_context(closing(open_sqlite(f"sqlite+aiosqlite:///{database.resolve()}")))


def _require_empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise NotEmpty(str(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copy2(file, to)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
