"""What an officer's decision must say, held against the determination. No I/O."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from admission.examinations.problems import DepartureNotExplained, OverlayIsNoLaw
from admission.examinations.schemas import DecisionIn
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.rules import Determination, tell
from crossing.rules.law import AdmissionClass
from crossing.rules.status import MET, NOT_MET

_TEXTS: Final = {
    "class_needed": {
        "en": "names the class of admission, one of those sought: {classes}",
        "fr": "nomme la catégorie d’admission, parmi celles demandées : {classes}",
        "es": "nombra la clase de admisión, una de las solicitadas: {classes}",
    },
    "no_class": {
        "en": "is left out of a refusal",
        "fr": "est omis dans un refus",
        "es": "se omite en una denegación",
    },
    "until_beyond": {
        "en": "is later than the class allows ({until})",
        "fr": "dépasse ce que permet la catégorie ({until})",
        "es": "supera lo que permite la clase ({until})",
    },
    "until_past": {
        "en": "is before the day of the examination",
        "fr": "précède le jour du contrôle",
        "es": "es anterior al día del control",
    },
    "not_asked": {
        "en": "is no requirement that this determination rests on",
        "fr": "n’est pas une exigence sur laquelle repose cette détermination",
        "es": "no es un requisito en que se apoye esta determinación",
    },
    "idle": {
        "en": "is seen so by the determination too: there is no departure to explain",
        "fr": "est apprécié ainsi par la détermination aussi : il n’y a aucun écart à expliquer",
        "es": "la determinación lo aprecia igual: no hay ninguna diferencia que explicar",
    },
    "admit_needs": {
        "en": "must name requirements enough for {class_id} to be met; still in the way: {open}",
        "fr": "doit nommer assez d’exigences pour que {class_id} soit remplie; font encore obstacle : {open}",
        "es": "debe nombrar requisitos suficientes para que {class_id} se cumpla; aún lo impiden: {open}",
    },
    "refuse_needs": {
        "en": "must name a requirement that is not met in {class_id}",
        "fr": "doit nommer une exigence non remplie de {class_id}",
        "es": "debe nombrar un requisito que no se cumple de {class_id}",
    },
}


def decision_detail(determination: Determination, decision: DecisionIn, at: str = "") -> dict[str, Any]:
    """The decision as it is recorded, with whether it departs from the determination; ``at`` is its place in the body.

    An admission must leave its class met once the named requirements are seen as met; a refusal must leave every class
    sought not met once the named requirements are seen as not met. So each departure is explained, and none is idle.
    Raises ``InvalidRequest``, ``DepartureNotExplained`` and, where a proposal or a drill was laid over the law,
    ``OverlayIsNoLaw``.
    """
    if any(overlay["proposal"] or overlay["drill"] for overlay in determination.overlays):
        raise OverlayIsNoLaw
    _check_departures(determination, decision, at)
    detail = decision.model_dump(mode="json", by_alias=True)
    if decision.action == "admit":
        granted = _admitted_class(determination, decision, at)
        _check_admission(determination, decision, granted, at)
        detail["until"] = _until(determination, decision, granted, at)
    else:
        if decision.class_ or decision.until:
            raise _invalid(f"{at}/class" if decision.class_ else f"{at}/until", "no_class")
        _check_refusal(determination, decision, at)
    return {**detail, "departs": bool(decision.departures)}


def refused_for(determination: Determination, decision: DecisionIn) -> set[str]:
    """The requirements that a refusal rests on: those not met, and those that the officer sees so."""
    law, statuses = determination.law, determination.statuses
    shown = {number for each, _ in determination.classes for number in each.tree.shown(statuses)}
    not_met = {
        requirement.id
        for number in shown
        if (requirement := law.requirements[number]) and (trace := statuses[number]) and trace[-1] == NOT_MET
    }
    return not_met | {departure.requirement for departure in decision.departures}


def _check_departures(determination: Determination, decision: DecisionIn, at: str) -> None:
    law, statuses = determination.law, determination.statuses
    asked = {
        requirement.id: trace[-1]
        for each, _ in determination.classes
        for number in each.tree.shown(statuses)
        if (requirement := law.requirements[number]) and (trace := statuses[number])
    }
    seen_as = MET if decision.action == "admit" else NOT_MET
    for position, departure in enumerate(decision.departures):
        where = f"{at}/departures/{position}/requirement"
        if departure.requirement not in asked:
            raise _invalid(where, "not_asked")
        if asked[departure.requirement] == seen_as:
            raise _invalid(where, "idle")


def _admitted_class(determination: Determination, decision: DecisionIn, at: str) -> AdmissionClass:
    for each, _ in determination.classes:
        if each.id == decision.class_:
            return each
    sought = ", ".join(each.id for each, _ in determination.classes)
    raise _invalid(f"{at}/class", "class_needed", classes=sought)


def _check_admission(determination: Determination, decision: DecisionIn, granted: AdmissionClass, at: str) -> None:
    named = {departure.requirement for departure in decision.departures}
    if _status_when_seen_as(determination, granted, named, MET) != MET:
        parts = granted.tree.shown(determination.statuses)
        open_ids = [each for each in _not_met(determination, parts) if each not in named]
        raise _unexplained(at, "admit_needs", class_id=granted.id, open=", ".join(open_ids) or "…")


def _not_met(determination: Determination, numbers: Iterable[int]) -> Iterable[str]:
    for number in numbers:
        requirement, trace = determination.law.requirements[number], determination.statuses[number]
        if requirement and trace and trace[-1] != MET:
            yield requirement.id


def _check_refusal(determination: Determination, decision: DecisionIn, at: str) -> None:
    named = {departure.requirement for departure in decision.departures}
    for each, _ in determination.classes:
        if _status_when_seen_as(determination, each, named, NOT_MET) != NOT_MET:
            raise _unexplained(at, "refuse_needs", class_id=each.id)


def _status_when_seen_as(determination: Determination, each: AdmissionClass, named: set[str], word: int) -> int:
    statuses = list(determination.statuses)
    for requirement_id in named:
        number = determination.law.number_of(requirement_id)
        if number is not None:
            statuses[number] = (word,)
    return each.tree.status(statuses)


def _until(determination: Determination, decision: DecisionIn, granted: AdmissionClass, at: str) -> str | None:
    """The last day of the stay. The class's ceilings hold for whoever is admitted in it, by departure too."""
    admitted = replace(determination, classes=((granted, MET),))
    ceiling: str | None = tell(admitted, "en")["classes"][0]["grants"]["until"]
    if decision.until is None:
        return ceiling
    if decision.until < determination.on:
        raise _invalid(f"{at}/until", "until_past")
    if ceiling and decision.until > ceiling:
        raise _invalid(f"{at}/until", "until_beyond", until=ceiling)
    return decision.until


def _invalid(where: str, key: str, **parts: Any) -> InvalidRequest:
    return InvalidRequest(errors=[FieldError(where, _said(key, parts))])


def _unexplained(at: str, key: str, **parts: Any) -> DepartureNotExplained:
    return DepartureNotExplained(errors=[FieldError(f"{at}/departures", _said(key, parts))])


def _said(key: str, parts: dict[str, Any]) -> dict[str, str]:
    return {language: text.format(**parts) for language, text in _TEXTS[key].items()}
