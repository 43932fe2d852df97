"""Migrated SQLite files, made once for all tests of a process: most tests start services and none needs the history."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from admission.settings import MIGRATIONS as ADMISSION
from advance_ruling.settings import MIGRATIONS as ADVANCE_RULINGS
from crossing.kit.migrations import upgrade
from redress.settings import MIGRATIONS as REDRESS

_HISTORIES = {"admission.sqlite": ADMISSION, "advance-rulings.sqlite": ADVANCE_RULINGS, "redress.sqlite": REDRESS}


def place_databases(folder: Path) -> None:
    """Put the services' databases, migrated and empty, into the data folder of a suite; what is there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _HISTORIES:
        if not (folder / name).exists():
            shutil.copyfile(_migrated(name), folder / name)


@cache
def _migrated(name: str) -> Path:
    file = Path(tempfile.mkdtemp(prefix="crossing-migrated-")) / name
    upgrade(_HISTORIES[name], f"sqlite+aiosqlite:///{file}")
    return file
