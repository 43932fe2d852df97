"""Honouring a ruling that binds, or departing from it: on a ground of a closed list, by two officers, with reasons."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from admission.examinations.schemas import DecisionIn
from admission.examinations.states import Kind
from admission.rulings.problems import (
    NoBindingRuling,
    NoDepartureProposed,
    NoGroundOfDeparture,
    RulingBinds,
    SecondOfficerNeeded,
)
from admission.rulings.schemas import DepartureConfirmationIn, RulingDepartureIn
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.rulings.procedure import load_procedure

_SAID: Final = {
    "grounds": {
        "en": "must be one of {grounds}",
        "fr": "doit être l’un des motifs {grounds}",
        "es": "debe ser uno de los motivos {grounds}",
    },
    "document": {
        "en": "must name the document that shows it",
        "fr": "doit nommer le document qui l’établit",
        "es": "debe nombrar el documento que lo muestra",
    },
    "binds": {
        "en": "ruling {ruling} binds for class {class_id}; grounds to depart from it: {grounds}",
        "fr": "la décision {ruling} lie l’agent pour la catégorie {class_id}; motifs de s’en écarter : {grounds}",
        "es": "la resolución {ruling} obliga para la clase {class_id}; motivos para apartarse de ella: {grounds}",
    },
}


def departure_detail(rulings: Sequence[Mapping[str, Any]], departure: RulingDepartureIn) -> dict[str, Any]:
    """A departure proposed, as it is recorded.

    Raises ``NoGroundOfDeparture``, ``NoBindingRuling``, and ``InvalidRequest`` where the ground wants a document.
    """
    port = load_procedure().content["port"]
    if departure.ground not in port["departure_grounds"]:
        raise NoGroundOfDeparture(errors=[FieldError("/ground", _said("grounds", grounds=_grounds()))])
    if departure.ground in port["shown_by_document"] and not departure.document:
        raise InvalidRequest(errors=[FieldError("/document", _SAID["document"])])
    if departure.ruling not in _binding(rulings):
        raise NoBindingRuling
    return departure.model_dump(mode="json")


def confirmation_detail(
    history: Sequence[Mapping[str, Any]], confirmation: DepartureConfirmationIn, officer: str
) -> dict[str, Any]:
    """The last departure proposed from a ruling, confirmed; raises ``NoDepartureProposed``, ``SecondOfficerNeeded``."""
    for revision in reversed(history):
        detail = json.loads(revision["detail"])
        if revision["kind"] == Kind.DEPARTURE_PROPOSED and detail["ruling"] == confirmation.ruling:
            if revision["actor"] == officer:
                raise SecondOfficerNeeded
            return {**detail, "proposed_by": revision["actor"], "confirmed_by": officer}
    raise NoDepartureProposed


def departures_of(history: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The departures that two officers stand for, by the ruling's number."""
    details = [json.loads(each["detail"]) for each in history if each["kind"] == Kind.DEPARTURE_CONFIRMED]
    return {detail["ruling"]: detail for detail in details}


def outcome_for_rulings(
    rulings: Sequence[Mapping[str, Any]], history: Sequence[Mapping[str, Any]], decision: DecisionIn, at: str = ""
) -> list[dict[str, Any]]:
    """What a decision makes of each ruling that binds: honoured, departed from, or not called upon.

    Who is admitted in the class of a ruling is admitted under it; a second ruling for another class is then not called
    upon. Raises ``RulingBinds`` for a decision that leaves a ruling neither honoured nor departed from.
    """
    binding, departed = _binding(rulings), departures_of(history)
    honoured = [number for number, claims in binding.items() if claims["class_id"] == decision.class_]
    open_ones = [] if honoured else [number for number in binding if number not in departed]
    if open_ones:
        grounds = _grounds()
        raise RulingBinds(
            errors=[
                FieldError(
                    f"{at}/class" if decision.action == "admit" else f"{at}/action",
                    _said("binds", ruling=number, class_id=binding[number]["class_id"], grounds=grounds),
                )
                for number in open_ones
            ]
        )
    found = []
    for number, claims in binding.items():
        outcome = "honoured" if number in honoured else "not_called_upon" if honoured else "departed"
        about = {"number": number, "version": claims["version"], "outcome": outcome}
        if outcome == "departed":
            about |= {
                key: departed[number][key] for key in ("ground", "reason", "document", "proposed_by", "confirmed_by")
            }
        found.append(about)
    return found


def _binding(rulings: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The claims of the rulings that bind, by number."""
    return {row["number"]: json.loads(row["claims"]) for row in rulings if json.loads(row["assessment"])["binds"]}


def _grounds() -> str:
    return ", ".join(load_procedure().content["port"]["departure_grounds"])


def _said(key: str, **parts: Any) -> dict[str, str]:
    return {language: text.format(**parts) for language, text in _SAID[key].items()}
