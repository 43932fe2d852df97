"""Controls: how a form asks for a fact, by the fact's type, with what is known or was typed already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from admission.pages.choices import Choice, choices_of
from admission.pages.facts_as_fields import NONE, REMOVE, entry_facts, name_of, rows_of
from admission.pages.posted import Fields
from crossing.rules import Pack

_EMPTY_COUNTRIES: Final = 2
_FEW: Final = 5
_KINDS: Final = {"boolean": "yes_no", "date": "date", "country": "country", "integer": "number", "percent": "number"}


def id_of(name: str) -> str:
    """The id of a field, from its name or from the JSON Pointer of what it states."""
    return name.strip("/").replace("/", "-").replace(".", "-")


@dataclass(frozen=True)
class Row:
    """The fields of one entry of a list."""

    number: int
    is_new: bool
    controls: tuple["Control", ...]
    remove: str
    removed: bool


@dataclass(frozen=True)
class Control:
    """One question of a form. ``kind`` says which control asks it."""

    path: str
    name: str
    kind: str
    question: str
    label: str
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    values: tuple[str, ...] = ()
    none: bool = False
    rows: tuple[Row, ...] = ()
    needed: bool = False
    decides: tuple[str, ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        """The id of its first field."""
        return id_of(self.name)

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.values[0] if self.values else ""

    @property
    def none_name(self) -> str:
        """The name of its box for "none"."""
        return self.name + NONE


class Controls:
    """Makes the controls of facts, under a pack and its dictionary.

    ``fields`` is what stands in them; ``errors`` what is wrong, by id; ``needed`` the facts still missing.
    """

    def __init__(
        self,
        pack: Pack,
        on: str,
        language: str,
        *,
        fields: Fields,
        errors: Mapping[str, str],
        needed: Iterable[str],
        decides: Mapping[str, Iterable[str]],
    ) -> None:
        self._pack, self._on, self._language = pack, on, language
        self._fields, self._errors = fields, errors
        self._needed = frozenset(needed)
        self._decides = decides
        self._definitions = pack.dictionary.facts

    def of(self, path: str) -> Control:
        """The control of a fact."""
        control = self._control(path, name_of(path), self._definitions[path], self._decides.get(path, ()))
        return control if control.kind != "rows" else self._with_rows(control)

    def _control(self, path: str, name: str, about: Mapping[str, Any], decides: Iterable[str] = ()) -> Control:
        choices = tuple(choices_of(about, self._pack, self._on, self._language))
        values = tuple(self._fields.get(name, ()))
        kind = _kind(about, choices)
        if kind == "countries":
            chosen = tuple(value for value in values if value)
            values = (*chosen, "") if chosen else ("",) * _EMPTY_COUNTRIES
        return Control(
            path,
            name,
            kind,
            about["question"][self._language],
            about["label"][self._language],
            about.get("unit", ""),
            choices,
            values,
            none=name + NONE in self._fields,
            needed=path in self._needed,
            decides=tuple(decides),
            error=self._errors.get(id_of(name), ""),
        )

    def _with_rows(self, control: Control) -> Control:
        about = entry_facts(control.path, self._definitions)
        stated = self._stated_rows(control)
        new = max(stated, default=-1) + 1
        rows = (
            Row(
                number,
                number == new,
                tuple(
                    self._control(f"{control.path}[{number}].{field}", f"{control.name}.{number}.{field}", each)
                    for field, each in about.items()
                ),
                f"{control.name}.{number}{REMOVE}",
                f"{control.name}.{number}{REMOVE}" in self._fields,
            )
            for number in [*stated, new]
        )
        return Control(**{**vars(control), "rows": tuple(rows)})

    def _stated_rows(self, control: Control) -> list[int]:
        removed = {name: value for name, value in self._fields.items() if not name.endswith(REMOVE)}
        return rows_of(control.path, removed, self._definitions)


def _kind(about: Mapping[str, Any], choices: tuple[Choice, ...]) -> str:
    kind = about["type"]
    if kind == "list":
        return "rows"
    if kind == "set":
        return "countries" if about["of"] == "country" else "boxes" if choices else "codes"
    if kind == "code" and choices:
        return "radios" if len(choices) <= _FEW else "select"
    return _KINDS.get(kind, "text")
