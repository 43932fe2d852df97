"""Files of entries, CSV or JSON Lines: read and checked whole, every mistake by its line and field. No I/O."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from admission.subjects.entries import BODIES, EntryIn, name_of
from crossing.kit.problems import FieldError, MalformedBody, field_errors
from crossing.kit.strict_json import parse

_MOST_MISTAKES: Final = 50
#: In a cell of CSV, the entries of a list stand apart by this.
_BETWEEN: Final = ";"
_LISTS: Final = ("classes", "endorsements")
_TEXTS: Final = {
    "twice": {
        "en": "stands in line {line} already",
        "fr": "figure déjà à la ligne {line}",
        "es": "ya figura en la línea {line}",
    },
    "line": {
        "en": "is no JSON object of one line",
        "fr": "n’est pas un objet JSON sur une ligne",
        "es": "no es un objeto JSON en una línea",
    },
    "cells": {
        "en": "has more or fewer cells than the first line has names",
        "fr": "n’a pas autant de cellules que la première ligne a de noms",
        "es": "no tiene tantas celdas como nombres la primera línea",
    },
    "utf8": {"en": "is not UTF-8", "fr": "n’est pas en UTF-8", "es": "no está en UTF-8"},
    "empty": {"en": "holds no entry", "fr": "ne contient aucune inscription", "es": "no contiene ninguna anotación"},
}


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a field (a JSON Pointer, empty for the line itself) of a line, counted from 1."""

    line: int
    field: str
    says: dict[str, str]

    def text(self, language: str) -> str:
        """The mistake as a line of text."""
        return (
            f"{self.line}: {self.field} {self.says[language]}" if self.field else f"{self.line}: {self.says[language]}"
        )


class FileHasMistakes(Exception):
    """A file of which nothing was imported."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(len(mistakes))
        self.mistakes = mistakes[:_MOST_MISTAKES]


def read_entries(name: str, content: bytes, *, is_csv: bool) -> list[EntryIn]:
    """The entries of a list in a file; raises ``FileHasMistakes`` with up to 50 of them."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileHasMistakes([_mistake(content.count(b"\n", 0, error.start) + 1, "", "utf8")]) from None
    entries: list[EntryIn] = []
    lines: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for line, found in _rows_of_csv(text) if is_csv else _rows_of_json(text):
        if isinstance(found, Mistake):
            mistakes.append(found)
            continue
        try:
            entry = BODIES[name].model_validate(found)
        except ValidationError as error:
            mistakes += [Mistake(line, each.pointer, dict(each.texts)) for each in _errors(error)]
            continue
        first = lines.setdefault(name_of(entry), line)
        if first != line:
            mistakes.append(_mistake(line, "/number" if name == "members" else "/id", "twice", line_before=first))
        entries.append(entry)
    if not entries and not mistakes:
        mistakes = [_mistake(1, "", "empty")]
    if mistakes:
        raise FileHasMistakes(mistakes)
    return entries


def _errors(error: ValidationError) -> list[FieldError]:
    return field_errors([dict(each) for each in error.errors()])


def _mistake(line: int, field: str, kind: str, *, line_before: int = 0) -> Mistake:
    return Mistake(line, field, {language: text.format(line=line_before) for language, text in _TEXTS[kind].items()})


Row = tuple[int, dict[str, Any] | Mistake]


def _rows_of_json(text: str) -> Iterator[Row]:
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        try:
            value = parse(written.encode())
        except (MalformedBody, UnicodeEncodeError):
            value = None
        yield line, value if isinstance(value, dict) else _mistake(line, "", "line")


def _rows_of_csv(text: str) -> Iterator[Row]:
    """Rows as objects: ``document.number`` is a field of ``document``, an empty cell says nothing."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] | None = None
    try:
        for cells in reader:
            if not any(cells):
                continue
            if names is None:
                names = [cell.strip() for cell in cells]
            elif len(cells) != len(names):
                yield reader.line_num, _mistake(reader.line_num, "", "cells")
            else:
                yield reader.line_num, _nested(zip(names, cells, strict=True))
    except csv.Error:
        yield reader.line_num, _mistake(reader.line_num, "", "cells")


def _nested(cells: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in cells:
        value = cell.strip()
        if not value:
            continue
        *folders, leaf = name.split(".")
        node = found
        for folder in folders:
            node = node.setdefault(folder, {})
        node[leaf] = [each.strip() for each in value.split(_BETWEEN)] if name in _LISTS else value
    return found
