"""The rules engine reads no clock, file, network or database: the same question has the same answer for ever."""

import ast
from pathlib import Path

import pytest

import crossing.rules

SOURCES = sorted(Path(crossing.rules.__file__).parent.glob("*.py"))
IMPURE = {"asyncio", "httpx", "io", "os", "pathlib", "random", "secrets", "socket", "sqlalchemy", "subprocess", "sys"}
IMPURE |= {"tempfile", "threading", "time", "urllib", "uuid", "zoneinfo"}
CLOCK_READERS = {"now", "today", "utcnow", "fromtimestamp"}
FILE_READERS = {"open", "input", "print"}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_module_of_the_engine_imports_nothing_of_the_outside_world(path: Path) -> None:
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    assert not {name for name in names if name.partition(".")[0] in IMPURE}
    assert not {name for name in names if name.startswith("crossing.") and not name.startswith("crossing.rules")}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_module_of_the_engine_reads_no_clock_and_opens_no_file(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute):
            assert called.attr not in CLOCK_READERS
        if isinstance(called, ast.Name):
            assert called.id not in FILE_READERS
