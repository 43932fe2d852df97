"""The answers of an officer: what differs between a form that comes back and what the page showed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from admission.examinations.schemas import FactsIn
from admission.pages.facts_as_fields import (
    NONE,
    Definitions,
    NoneAndSome,
    name_of,
    read_fact,
    rows_of,
)
from admission.pages.posted import Fields, Posted, checked
from crossing.facts.statement import nested
from crossing.kit.problems import FieldError, InvalidRequest, Problem, pointer

FINDINGS: Final = "findings."
_NONE_AND_SOME: Final = {
    "en": "says “none” beside something that is stated: clear one of the two",
    "fr": "indique « aucun » à côté d’une déclaration : effacez l’un des deux",
    "es": "dice «ninguno» junto a algo declarado: borre uno de los dos",
}


@dataclass(frozen=True)
class Shown:
    """What the page showed when the form was filled in."""

    facts: Mapping[str, Any]
    findings: Mapping[str, str]
    seeking: list[str]


def read_answers(posted: Posted, shown: Shown, definitions: Definitions) -> FactsIn:
    """The facts, findings and classes that were changed; raises ``InvalidRequest`` with pointers of the form's rows."""
    facts, errors = _changed_facts(posted, shown, definitions)
    if errors:
        raise InvalidRequest(errors=errors)
    body: dict[str, Any] = {"facts": nested(facts), "findings": _changed_findings(posted, shown)}
    if posted.has("seeking.asked") and set(posted.all("seeking")) != set(shown.seeking):
        body["seeking"] = posted.all("seeking")
    try:
        return checked(FactsIn, body)
    except Problem as problem:
        problem.errors = [_in_the_form(error, posted, definitions) for error in problem.errors]
        raise


def _asked(posted: Posted, definitions: Definitions) -> Iterator[str]:
    return (path for path in posted.all("asked") if path in definitions and "[]" not in path)


def _changed_facts(posted: Posted, shown: Shown, definitions: Definitions) -> tuple[dict[str, Any], list[FieldError]]:
    changed, errors = {}, []
    for path in _asked(posted, definitions):
        try:
            value = read_fact(path, posted.fields, definitions)
        except NoneAndSome:
            errors.append(FieldError(pointer("facts", *path.split(".")), _NONE_AND_SOME))
            continue
        if value != shown.facts.get(path):
            changed[path] = value
    return changed, errors


def _changed_findings(posted: Posted, shown: Shown) -> dict[str, str | None]:
    asked = (name.removeprefix(FINDINGS) for name in posted.fields if name.startswith(FINDINGS))
    found = {requirement: posted.one(FINDINGS + requirement) or None for requirement in asked}
    return {requirement: word for requirement, word in found.items() if word != shown.findings.get(requirement)}


def _in_the_form(error: FieldError, posted: Posted, definitions: Definitions) -> FieldError:
    """The same error, pointing at the row of the form: rows left empty or removed are not in what was checked."""
    _, *steps = error.pointer.split("/")
    for place, step in enumerate(steps):
        path = ".".join(steps[1:place])
        if step.isdigit() and definitions.get(path, {}).get("type") == "list":
            row = rows_of(path, posted.fields, definitions)[int(step)]
            return FieldError(pointer(*steps[:place], row, *steps[place + 1 :]), error.texts)
    return error


def typed_fields(posted: Posted, shown: Shown, definitions: Definitions) -> tuple[set[str], Fields]:
    """Facts that were changed in the form, and the fields that say so, as they were typed."""
    changed = set()
    for path in _asked(posted, definitions):
        try:
            if read_fact(path, posted.fields, definitions) != shown.facts.get(path):
                changed.add(path)
        except NoneAndSome:
            changed.add(path)
    names = {name: values for name, values in posted.fields.items() if any(_states(name, path) for path in changed)}
    return changed, names


def _states(name: str, path: str) -> bool:
    own = name_of(path)
    return name in (own, own + NONE) or name.startswith(f"{own}.")
