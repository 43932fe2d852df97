"""Order corrections: what a decision grants becomes remedies, each with an id of its own. Pure: no I/O.

A correction of a case is kept in its case file: ``{id, number, kind, version, record, content, applied, refused,
failed}``; the last three are ``None`` until it was acknowledged, refused or found without effect.
``number`` says which correction it is, ``version`` which order of it: one that was refused, or that the probe found
without effect, is ordered anew under the same number.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from uuid_utils.compat import uuid7

from crossing.casework.steps import Case, Step
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.redress.remedies import content_of, remedy_errors

_UNKNOWN: Final = {
    "en": "is the number of no correction that could be ordered anew",
    "fr": "n’est le numéro d’aucune correction à ordonner de nouveau",
    "es": "no es el número de ninguna corrección que pueda ordenarse de nuevo",
}


def order_correction(
    case: Case, party: str, actor: str, at: datetime, remedies: Sequence[Mapping[str, Any]] | None = None
) -> Step:
    """The step that orders what the decision grants: ``remedies`` with kind, record and content; its own by default."""
    content = case.content
    if remedies is None:  # where the clock decided, they may be drafted afterwards
        remedies = next((found for name in ("decision", "draft") if (found := _remedies(content.get(name)))), [])
    earlier: list[dict[str, Any]] = content.get("corrections") or []
    first = max((each["number"] for each in earlier), default=0) + 1
    ordered = [_ordered(number, 1, each["kind"], each) for number, each in enumerate(remedies, first)]
    return Step("order_correction", party, actor, at, content={"corrections": [*earlier, *ordered]})


def _remedies(decided: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return (decided or {}).get("remedies") or []


def reorder_correction(
    case: Case, party: str, actor: str, at: datetime, anew: Mapping[int, Mapping[str, Any]], detail: Mapping[str, Any]
) -> Step:
    """The step that orders corrections anew after a fresh look: by number, the record and the content as they are now.

    ``detail`` says who looked again and at what, as the procedure requires.
    Raises ``InvalidRequest`` for a number of no correction, and for a record or content of the wrong form.
    """
    corrections: list[dict[str, Any]] = case.content.get("corrections") or []
    known = {each["number"]: each for each in corrections}
    errors: list[FieldError] = []
    for place, (number, said) in enumerate(anew.items()):
        if number not in known:
            errors.append(FieldError(f"/corrections/{place}/number", _UNKNOWN))
            continue
        found = remedy_errors(known[number]["kind"], said.get("record"), said.get("content") or {})
        errors += [FieldError(f"/corrections/{place}{each.pointer}", each.texts) for each in found]
    if errors:
        raise InvalidRequest(errors=errors)
    replaced = [
        _ordered(each["number"], each["version"] + 1, each["kind"], anew[each["number"]])
        if each["number"] in anew
        else each
        for each in corrections
    ]
    return Step("reorder_correction", party, actor, at, content={"corrections": replaced}, detail=detail)


def _ordered(number: int, version: int, kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """A correction as it is ordered; one that is not whole, as the clock may find it in a draft, is sent as it is.

    Whoever applies it refuses it then, which brings it before a person.
    """
    record, content = said.get("record"), said.get("content") or {}
    return {
        "id": str(uuid7()),
        "number": number,
        "kind": kind,
        "version": version,
        "record": record,
        "content": content if remedy_errors(kind, record, content) else content_of(kind, content),
        "applied": None,
        "refused": None,
        "failed": None,
    }


def with_outcome(corrections: Sequence[Mapping[str, Any]], identifier: str, **outcome: Any) -> list[dict[str, Any]]:
    """Corrections with what became of one of them: ``applied``, ``refused`` or ``failed``."""
    return [{**each, **outcome} if each["id"] == identifier else dict(each) for each in corrections]


def body_of(case: Case, remedy: Mapping[str, Any]) -> dict[str, Any]:
    """A remedy as the service that applies it takes it: who it is for, under which number."""
    return {
        "kind": remedy["kind"],
        "case_id": case.opened.id,
        "control_number": case.opened.control_number,
        "version": remedy["version"],
        "subject": subject_of(case.content, remedy),
        "record": remedy["record"],
        "content": remedy["content"],
    }


def subject_of(content: Mapping[str, Any], remedy: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Whom a case is about, by what a port finds a person by; the first document that has a number stands for all.

    Of a case that began by itself nobody may be named yet: such a remedy is refused by whoever should apply it.
    """
    identity = content.get("identity") or {}
    documents = [each for each in content.get("documents") or [] if each.get("number") and each.get("issued_by")]
    record = (remedy or {}).get("record") or {}
    return {
        "surname": identity.get("surname"),
        "given_names": identity.get("given_names") or "",
        "born_on": identity.get("born_on"),
        "document": {"issued_by": documents[0]["issued_by"], "number": documents[0]["number"]} if documents else None,
        "membership": record.get("id") if record.get("kind") == "member" else None,
    }
