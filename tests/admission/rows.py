"""What a suite's database holds, read beside it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def counts(folder: Path) -> dict[str, int]:
    """How many rows each table of admission has."""
    tables = select(folder, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return {name: select(folder, f"SELECT count(*) FROM {name}")[0][0] for (name,) in tables}


def select(folder: Path, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with closing(sqlite3.connect(folder / "admission.sqlite")) as connection:
        return connection.execute(statement, parameters).fetchall()
