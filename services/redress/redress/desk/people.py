"""Who may not decide a case: computed anew from what admission told and the staff list, whenever somebody is to act."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crossing.casework.problems import not_ready
from crossing.kit.problems import Texts
from redress.casework.act import Act
from redress.casework.conflicts import conflict_set, in_conflict
from redress.casework.staff import Staff, whole_list
from redress.casework.steps import Case
from redress.desk.drafts import involved_in
from redress.desk.problems import in_conflict as refused
from redress.desk.problems import wrong

_WHY: Texts = {
    "en": "took part in what the case is about, or works in a unit that did, or directs somebody who did",
    "fr": "a pris part à l’affaire, travaille dans une unité qui l’a fait ou dirige quelqu’un qui l’a fait",
    "es": "tomó parte en el asunto, trabaja en una unidad que lo hizo o dirige a alguien que lo hizo",
}

_NOBODY: Texts = {
    "en": "The case names nobody yet: its traveller has to say who they are and what happened.",
    "fr": "Le dossier ne nomme encore personne : le voyageur doit dire qui il est et ce qui s’est passé.",
    "es": "El caso aún no nombra a nadie: el viajero debe decir quién es y qué ocurrió.",
}


def conflicts_of(
    case: Case, staff: Mapping[str, Staff], *, told: Mapping[str, Any] | None = None, beside: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The conflict set of a case; ``told`` are parts of its file that are about to change.

    ``beside`` are people who took part besides those in the records.
    """
    content = {**case.content, **(told or {})}
    involved = sorted({*involved_in(content), *beside, *_departed(case)})
    owners = {each["owner"] for each in (content.get("records") or {}).get("lookouts", ()) if each.get("owner")}
    conflicts = conflict_set(involved, content.get("record_owner"), staff)
    for owner in sorted(owners - {content.get("record_owner")}):
        conflicts += conflict_set([], owner, staff)
    return list(conflicts)


def _departed(case: Case) -> list[str]:
    """Who proposed and who confirmed a departure from a ruling, in a case that it opened."""
    departure = json.loads(case.opened.detail)
    return [departure[name] for name in ("proposed_by", "confirmed_by") if departure.get(name)]


def require_person(case: Case) -> None:
    """Raise ``StepNotReady`` for a case that names nobody yet, as one does that a departure from a ruling opened."""
    if not case.content.get("identity") or not case.content.get("experiences"):
        raise not_ready(_NOBODY)


async def staff_list(act: Act) -> Mapping[str, Staff]:
    """Everybody on the staff list, by subject."""
    return await whole_list(act.connection)


def as_person(subject: str, staff: Mapping[str, Staff], pointer: str) -> dict[str, str]:
    """Somebody as the steps know people; raises ``InvalidRequest`` for whoever is not on the staff list."""
    if subject not in staff:
        raise wrong(pointer, "not_on_staff")
    return {"subject": subject, "unit": staff[subject].unit}


def free_of_conflict(person: Mapping[str, str], conflicts: Sequence[Mapping[str, Any]], pointer: str) -> None:
    """Raise ``ConflictOfInterest`` for a person in a conflict set."""
    if in_conflict(person, conflicts):
        raise refused(pointer, _WHY)
