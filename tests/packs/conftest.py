"""A copy of the packs to break, and the places where it was broken."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from crossing.packs.check import check_law
from crossing.packs.load import FACTS_FOLDER, PACKS_FOLDER


@dataclass
class Copy:
    """The packs and the dictionary, copied to be broken."""

    packs: Path
    facts: Path

    def file(self, name: str) -> Path:
        """A file by folder and name: ``us/tn.yaml``, ``facts/core.yaml``."""
        return (self.facts if name.startswith("facts/") else self.packs).joinpath(name.removeprefix("facts/"))

    def lines(self, name: str) -> list[str]:
        """The lines of a file."""
        return self.file(name).read_text(encoding="utf-8").split("\n")

    def find(self, name: str, after: str, beginning: str) -> int:
        """Index of the first line that begins so, from the first on that begins with ``after``; blanks do not count."""
        lines = [line.strip() for line in self.lines(name)]
        start = next(number for number, line in enumerate(lines) if line.startswith(after))
        return next(number for number, line in enumerate(lines) if number >= start and line.startswith(beginning))

    def place(self, name: str, after: str, beginning: str) -> str:
        """How the checker names that line."""
        return f"{name}:{self.find(name, after, beginning) + 1}"

    def change(self, name: str, after: str, beginning: str, *new: str) -> str:
        """Put other lines in the place of that line, at its indent; gives back how the checker names the place."""
        lines, number = self.lines(name), self.find(name, after, beginning)
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        lines[number : number + 1] = [indent + line for line in new]
        self.file(name).write_text("\n".join(lines), encoding="utf-8")
        return f"{name}:{number + 1}"

    def replace(self, name: str, after: str, beginning: str, old: str, new: str) -> str:
        """Put other words in the place of words of that line."""
        line = self.lines(name)[self.find(name, after, beginning)].strip()
        assert old in line, f"{line!r} has no {old!r}"
        return self.change(name, after, beginning, line.replace(old, new, 1))

    def check(self) -> list[str]:
        """What the checker finds, each as ``place: message``."""
        return [str(finding) for finding in check_law(self.packs, self.facts).findings]


@pytest.fixture
def copy_of_packs(tmp_path: Path) -> Copy:
    """All packs and the whole dictionary, copied."""
    copy = Copy(tmp_path / "packs", tmp_path / "facts")
    shutil.copytree(PACKS_FOLDER, copy.packs, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(FACTS_FOLDER, copy.facts, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


@pytest.fixture
def copy_of_us(copy_of_packs: Copy, monkeypatch: pytest.MonkeyPatch) -> Copy:
    """The copy, with only the pack of the United States to check, which is quicker."""
    monkeypatch.setattr("crossing.packs.check.COUNTRIES_WITH_PACKS", {"US": "us"})
    return copy_of_packs


@pytest.fixture
def only_finding() -> Callable[[Copy], str]:
    """The one thing the checker finds."""

    def found(copy: Copy) -> str:
        (finding,) = copy.check()
        return finding

    return found
