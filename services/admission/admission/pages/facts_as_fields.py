"""Facts as the fields of a form, and back: ``read_fact(path, write_fact(path, value))`` is the value again.

A field is called by its fact: ``facts.position.profession``, ``facts.credentials.0.level``. Beside a set or a list
stands a box, ``….none``, which states that there is nothing in it; with neither, it stays unstated.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from admission.pages.posted import Fields

Definitions = Mapping[str, Mapping[str, Any]]
NONE: Final = ".none"
REMOVE: Final = ".remove"
_TICKED: Final = ["on"]
_MOST_ROWS: Final = 60
_BOOLEANS: Final = {"true": True, "false": False}


class NoneAndSome(ValueError):
    """The box for "none" is ticked beside something that was stated."""


def name_of(path: str) -> str:
    """The name of a fact's field."""
    return f"facts.{path}"


def entry_facts(path: str, definitions: Definitions) -> dict[str, Mapping[str, Any]]:
    """Definitions of the fields of a list's entries, by field."""
    prefix = f"{path}[]."
    return {each.removeprefix(prefix): about for each, about in definitions.items() if each.startswith(prefix)}


def write_fact(path: str, value: Any, definitions: Definitions) -> dict[str, list[str]]:
    """The fields that state a value."""
    name, kind = name_of(path), _kind(path, definitions)
    if value is None:
        return {}
    if kind not in ("set", "list"):
        return {name: [_text(value)]}
    if not value:
        return {name + NONE: _TICKED}
    if kind == "set":
        return {name: list(value)}
    rows = ((f"{name}.{number}.{field}", inner) for number, entry in enumerate(value) for field, inner in entry.items())
    return {field: [_text(inner)] for field, inner in rows}


def _kind(path: str, definitions: Definitions) -> str:
    kind: str = definitions[path]["type"]
    return kind


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_fact(path: str, fields: Fields, definitions: Definitions) -> Any:
    """The value that fields state, ``None`` when they state nothing; raises ``NoneAndSome``.

    What cannot be a value of the fact's type comes back as it was typed, for the schema to refuse.
    """
    name, kind = name_of(path), _kind(path, definitions)
    if kind == "set":
        return _or_none(_members(fields.get(name, ())), name, fields)
    if kind == "list":
        about = entry_facts(path, definitions)
        return _or_none([_entry(row, name, fields, about) for row in rows_of(path, fields, definitions)], name, fields)
    return _scalar(fields.get(name, ()), kind)


def _or_none(found: list[Any], name: str, fields: Fields) -> list[Any] | None:
    if name + NONE not in fields:
        return found or None
    if found:
        raise NoneAndSome
    return []


def _members(values: Any) -> list[str]:
    return sorted({member for value in values for member in re.split(r"[\s,;]+", value) if member})


def rows_of(path: str, fields: Fields, definitions: Definitions) -> list[int]:
    """Numbers of the rows of a list in which something is stated and which are not to be removed."""
    name, about = name_of(path), entry_facts(path, definitions)
    return [
        row for row in range(_MOST_ROWS) if f"{name}.{row}{REMOVE}" not in fields and _entry(row, name, fields, about)
    ]


def _entry(row: int, name: str, fields: Fields, about: Definitions) -> dict[str, Any]:
    stated = {field: _scalar(fields.get(f"{name}.{row}.{field}", ()), each["type"]) for field, each in about.items()}
    return {field: value for field, value in stated.items() if value is not None}


def _scalar(values: Any, kind: str) -> Any:
    text = values[0].strip() if values else ""
    if not text:
        return None
    if kind == "boolean":
        return _BOOLEANS.get(text, text)
    if kind in ("integer", "percent"):
        return _number(text.replace(",", "."))
    return text


def _number(text: str) -> int | float | str:
    if re.fullmatch(r"-?\d{1,12}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,12}\.\d{1,12}", text) else text
