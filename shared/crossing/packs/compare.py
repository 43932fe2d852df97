"""What changed in the law between two days, or by an overlay, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crossing.rules import Pack
from crossing.rules.dates import current, in_force
from crossing.rules.phrases import LANGUAGES
from crossing.rules.requirement import Requirement, as_of, read_requirement

_SAID: Final[dict[str, dict[str, str]]] = {
    "begins": {
        "en": "begins to hold: {text}",
        "fr": "entre en vigueur : {text}",
        "es": "empieza a regir: {text}",
    },
    "ends": {
        "en": "no longer holds: {text}",
        "fr": "n’est plus en vigueur : {text}",
        "es": "deja de regir: {text}",
    },
    "text": {
        "en": "now reads “{new}” (before: “{old}”)",
        "fr": "se lit désormais « {new} » (auparavant : « {old} »)",
        "es": "ahora dice «{new}» (antes: «{old}»)",
    },
    "citation": {
        "en": "now cites {new} (before: {old})",
        "fr": "cite désormais {new} (auparavant : {old})",
        "es": "ahora cita {new} (antes: {old})",
    },
    "test": {
        "en": "is tested on other facts than before",
        "fr": "est vérifiée sur d’autres faits qu’auparavant",
        "es": "se comprueba con otros hechos que antes",
    },
    "value": {
        "en": "is now {new} (before: {old})",
        "fr": "est désormais {new} (auparavant : {old})",
        "es": "ahora es {new} (antes: {old})",
    },
    "row": {
        "en": "the row changed: {text}",
        "fr": "la ligne a changé : {text}",
        "es": "la fila cambió: {text}",
    },
}


@dataclass(frozen=True)
class Change:
    """One change: the id of the class, requirement, value or table row that changed, and how, in each language."""

    id: str
    how: Mapping[str, str]


def changes(before: Pack, first: str, after: Pack, second: str) -> list[Change]:
    """What holds otherwise in ``after`` on the ``second`` day than in ``before`` on the ``first``.

    Raises ``RequestError`` for a day before a pack's first.
    """
    before.require_known(first)
    after.require_known(second)
    return [
        *_entries(_named(before, "classes", first), _named(after, "classes", second), "title"),
        *_requirements(requirements_on(before, first), requirements_on(after, second)),
        *_values(before.content["values"], first, after.content["values"], second),
        *_tables(before, first, after, second),
    ]


@dataclass(frozen=True)
class Wording:
    """A requirement as it stands on a day, with its test as the pack writes it."""

    requirement: Requirement
    test: Any


def requirements_on(pack: Pack, day: str) -> dict[str, Wording]:
    """Every requirement and provision in force on a day, by id."""
    return {
        raw["id"]: Wording(read_requirement(raw, day), as_of(raw, day).get("test"))
        for raw in pack.content["requirements"]
        if in_force(raw.get("in_force"), day)
    }


def rewordings(identifier: str, old: Wording, new: Wording) -> Iterator[Change]:
    """How one requirement changed."""
    for key in ("text", "citation"):
        was, now = getattr(old.requirement, key), getattr(new.requirement, key)
        if was != now:
            yield _change(identifier, key, old=was, new=now)
    if old.test != new.test:
        yield _change(identifier, "test")


def _requirements(old: Mapping[str, Wording], new: Mapping[str, Wording]) -> Iterator[Change]:
    for identifier in sorted(old.keys() | new.keys()):
        if identifier not in old:
            yield _change(identifier, "begins", text=new[identifier].requirement.text)
        elif identifier not in new:
            yield _change(identifier, "ends", text=old[identifier].requirement.text)
        else:
            yield from rewordings(identifier, old[identifier], new[identifier])


def _named(pack: Pack, key: str, day: str) -> dict[str, Any]:
    return {raw["id"]: raw for raw in pack.content[key] if in_force(raw.get("in_force"), day)}


def _entries(old: Mapping[str, Any], new: Mapping[str, Any], text: str, prefix: str = "") -> Iterator[Change]:
    for identifier in [*new, *(each for each in old if each not in new)]:
        if identifier not in old:
            yield _change(prefix + identifier, "begins", text=_text(new[identifier], text))
        elif identifier not in new:
            yield _change(prefix + identifier, "ends", text=_text(old[identifier], text))


def _text(entry: Mapping[str, Any], key: str) -> Any:
    return entry.get(key, entry["id"])


def _values(old: Mapping[str, Any], first: str, new: Mapping[str, Any], second: str) -> Iterator[Change]:
    for name in sorted(old.keys() & new.keys()):
        was, now = current(old[name]["dated"], first)["value"], current(new[name]["dated"], second)["value"]
        if was != now:
            yield _change(name, "value", old=was, new=now)


def _tables(before: Pack, first: str, after: Pack, second: str) -> Iterator[Change]:
    for name in sorted(before.content["tables"].keys() | after.content["tables"].keys()):
        old, new = _rows(before, name, first), _rows(after, name, second)
        yield from _entries(old, new, "text", f"{name}/")
        for identifier in old.keys() & new.keys():
            yield from _row(f"{name}/{identifier}", old[identifier], first, new[identifier], second)


def _rows(pack: Pack, name: str, day: str) -> dict[str, Any]:
    table = pack.content["tables"].get(name, {"rows": ()})
    return {row["id"]: row for row in table["rows"] if in_force(row.get("in_force"), day)}


def _row(identifier: str, old: Mapping[str, Any], first: str, new: Mapping[str, Any], second: str) -> Iterator[Change]:
    was, now = _amount(old, first), _amount(new, second)
    if was != now:
        yield _change(identifier, "value", old=was, new=now)
    elif {**old, "amounts": None} != {**new, "amounts": None}:
        yield _change(identifier, "row", text=_text(new, "text"))


def _amount(row: Mapping[str, Any], day: str) -> str | None:
    return str(current(row["amounts"], day)["amount"]) if "amounts" in row else None


def _change(identifier: str, key: str, **parts: Any) -> Change:
    how = {}
    for language in LANGUAGES:
        said = {name: part[language] if isinstance(part, Mapping) else part for name, part in parts.items()}
        how[language] = _SAID[key][language].format(**said)
    return Change(identifier, how)
