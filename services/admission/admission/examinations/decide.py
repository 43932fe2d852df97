"""What an officer's decision must say, held against the determination. No I/O."""

from collections.abc import Iterable
from typing import Any, Final

from admission.examinations.problems import DepartureNotExplained
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


def decision_detail(determination: Determination, decision: DecisionIn) -> dict[str, Any]:
    """The decision as it is recorded, with whether it departs from the determination.

    An admission must leave its class met once the named requirements are seen as met; a refusal must leave every class
    sought not met once the named requirements are seen as not met. So each departure is explained, and none is idle.
    Raises ``InvalidRequest`` and ``DepartureNotExplained``.
    """
    _check_departures(determination, decision)
    detail = decision.model_dump(mode="json", by_alias=True)
    if decision.action == "admit":
        granted = _admitted_class(determination, decision)
        _check_admission(determination, decision, granted)
        detail["until"] = _until(determination, decision, granted)
    else:
        if decision.class_ or decision.until:
            raise _invalid("class" if decision.class_ else "until", "no_class")
        _check_refusal(determination, decision)
    return {**detail, "departs": bool(decision.departures)}


def _check_departures(determination: Determination, decision: DecisionIn) -> None:
    asked = {
        requirement.id
        for each, _ in determination.classes
        for number in each.tree.shown(determination.statuses)
        if (requirement := determination.law.requirements[number])
    }
    for position, departure in enumerate(decision.departures):
        if departure.requirement not in asked:
            raise _invalid(f"departures/{position}/requirement", "not_asked")


def _admitted_class(determination: Determination, decision: DecisionIn) -> AdmissionClass:
    for each, _ in determination.classes:
        if each.id == decision.class_:
            return each
    sought = ", ".join(each.id for each, _ in determination.classes)
    raise _invalid("class", "class_needed", classes=sought)


def _check_admission(determination: Determination, decision: DecisionIn, granted: AdmissionClass) -> None:
    named = {departure.requirement for departure in decision.departures}
    if _status_when_seen_as(determination, granted, named, MET) != MET:
        parts = granted.tree.shown(determination.statuses)
        open_ids = [each for each in _not_met(determination, parts) if each not in named]
        raise _unexplained("admit_needs", class_id=granted.id, open=", ".join(open_ids) or "…")


def _not_met(determination: Determination, numbers: Iterable[int]) -> Iterable[str]:
    for number in numbers:
        requirement, trace = determination.law.requirements[number], determination.statuses[number]
        if requirement and trace and trace[-1] != MET:
            yield requirement.id


def _check_refusal(determination: Determination, decision: DecisionIn) -> None:
    named = {departure.requirement for departure in decision.departures}
    for each, _ in determination.classes:
        if _status_when_seen_as(determination, each, named, NOT_MET) != NOT_MET:
            raise _unexplained("refuse_needs", class_id=each.id)


def _status_when_seen_as(determination: Determination, each: AdmissionClass, named: set[str], word: int) -> int:
    statuses = list(determination.statuses)
    for requirement_id in named:
        number = determination.law.number_of(requirement_id)
        if number is not None:
            statuses[number] = (word,)
    return each.tree.status(statuses)


def _until(determination: Determination, decision: DecisionIn, granted: AdmissionClass) -> str | None:
    answers = tell(determination, "en")["classes"]
    grants = next(each["grants"] for each in answers if each["class"] == granted.id)
    ceiling: str | None = grants.get("until")
    if decision.until is None:
        return ceiling
    if decision.until < determination.on:
        raise _invalid("until", "until_past")
    if ceiling and decision.until > ceiling:
        raise _invalid("until", "until_beyond", until=ceiling)
    return decision.until


def _invalid(field: str, key: str, **parts: Any) -> InvalidRequest:
    return InvalidRequest(errors=[FieldError(f"/{field}", _said(key, parts))])


def _unexplained(key: str, **parts: Any) -> DepartureNotExplained:
    return DepartureNotExplained(errors=[FieldError("/departures", _said(key, parts))])


def _said(key: str, parts: dict[str, Any]) -> dict[str, str]:
    return {language: text.format(**parts) for language, text in _TEXTS[key].items()}
