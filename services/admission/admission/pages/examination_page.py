"""What the page of an examination shows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Row

from admission.examinations.revise import Examination
from admission.examinations.states import TRANSITIONS, Kind, may_follow
from admission.examinations.tell_examination import as_mappings, tell_examination
from admission.examinations.traveller import Traveller, with_scanned
from admission.pages.answers import Shown
from admission.pages.choices import language_names
from admission.pages.decisions import ADMIT, REFUSE, decision_panel, id_in_panel
from admission.pages.faults import Faults, faults_of
from admission.pages.posted import Posted
from admission.pages.questions import labels_of, questions_of
from admission.pages.saying import country_name, document_kind, local_time
from crossing.desk.say_facts import say_facts
from crossing.kit.identity import Caller, Role
from crossing.kit.problems import Problem, Unavailable
from crossing.rules import Determination

_KINDS = {
    "facts": Kind.FACTS_ADDED,
    "referral": Kind.REFERRED,
    "decision": Kind.DECIDED,
    "supersession": Kind.SUPERSEDED,
    "withdrawal": Kind.WITHDRAWN,
}
_WORDS = ("not_met", "judgement", "unknown", "met")


@dataclass(frozen=True)
class Attempted:
    """A form of the page that came back with a problem, and what its page had shown."""

    form: str
    posted: Posted
    shown: Shown
    problem: Problem


@dataclass(frozen=True)
class View:
    """An examination as one officer sees it."""

    examination: Examination
    determination: Determination
    port: Row[Any]
    caller: Caller
    language: str


def examination_context(view: View, texts: Any, attempted: Attempted | None = None) -> dict[str, Any]:
    """Everything the template shows; with ``attempted``, what was typed and what is wrong with it."""
    examination, determination, language = view.examination, view.determination, view.language
    told = tell_examination(
        examination.opened._mapping,  # type: ignore[arg-type]
        examination.latest._mapping,  # type: ignore[arg-type]
        as_mappings(list(examination.revisions)),
        determination,
        language,
        examination.rulings,
        examination.corrections,
    )
    faults = _faults(attempted, determination, texts, language)
    posted = attempted.posted if attempted else None
    in_facts = (attempted.posted, attempted.shown) if attempted and attempted.form == "facts" else None
    law = told["determination"]
    titles = {each["class"]: each["title"] for each in law["classes"]}
    return {
        "examination": told,
        "traveller": _traveller(told["traveller"], language),
        "classes": [_class(each, view) for each in law["classes"]],
        "titles": titles | {each.id: each.title[language] for each in determination.law.classes.values()},
        "law": law,
        "questions": questions_of(
            determination, law, language, typed=in_facts, errors=faults.by_id, settled=_shown(told)
        ),
        "panels": [decision_panel(action, law, posted, faults.by_id) for action in _ordered(law)],
        "steps": [_step(row, view) for row in examination.revisions],
        "may": {kind.value: may_follow(examination.state, kind) for kind in TRANSITIONS},
        "is_supervisor": Role.SUPERVISOR in view.caller.roles,
        "has_notice": _has_notice(told),
        "notice_languages": language_names(language),
        "faults": faults,
        "left_over": _left_over(attempted, examination),
        "form": attempted.form if attempted else "",
        "posted": posted or Posted(),
        "key": _key(attempted),
        "port": view.port,
        "person": view.caller,
        "wide": True,
    }


def _shown(told: Mapping[str, Any]) -> set[str]:
    """Facts that the document shows; a person may have more citizenships than the one it shows."""
    return set(with_scanned({}, Traveller(**told["traveller"]))) - {"traveller.citizenships"}


def _left_over(attempted: Attempted | None, examination: Examination) -> list[str]:
    """What was typed into a form that the page no longer has, because the step cannot follow any more."""
    if attempted is None or may_follow(examination.state, _KINDS[attempted.form]):
        return []
    texts = (name for name in attempted.posted.fields if name.endswith(("reason", ".superseding")) or ".why." in name)
    return [text for name in texts if (text := attempted.posted.one(name))]


def _ordered(law: Mapping[str, Any]) -> tuple[str, str]:
    return (REFUSE, ADMIT) if law["recommended"]["action"] == "refuse" else (ADMIT, REFUSE)


def _key(attempted: Attempted | None) -> str:
    """A new idempotency key; the same one while nobody knows whether the form was recorded."""
    if attempted and isinstance(attempted.problem, Unavailable):
        return attempted.posted.one("key").removesuffix(f"-{attempted.form}")
    return uuid4().hex


def _faults(attempted: Attempted | None, determination: Determination, texts: Any, language: str) -> Faults:
    if attempted is None:
        return Faults()
    posted = attempted.posted
    if attempted.form == "facts":
        return faults_of(attempted.problem, language, labels_of(posted, determination.law, language))
    if attempted.form in ("decision", "supersession"):
        return faults_of(
            attempted.problem, language, _panel_labels(posted, texts), lambda place: id_in_panel(place, posted)
        )
    identifier = f"{attempted.form}-reason"
    return faults_of(attempted.problem, language, {identifier: texts.reason}, lambda _: identifier)


def _panel_labels(posted: Posted, texts: Any) -> dict[str, str]:
    action = posted.one("action")
    labels = {
        f"{action}-reason": texts.reason,
        f"{action}-superseding": texts.why_supersede,
        f"{action}-class": texts.class_of_admission,
        f"{action}-departures": texts.departures,
    }
    for name in posted.fields:
        if name.startswith("admit.until."):
            labels[name.replace(".", "-")] = texts.until
        if name.startswith(f"{action}.why."):
            labels[name.replace(".", "-")] = name.removeprefix(f"{action}.why.")
    return labels


def _traveller(traveller: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        **traveller,
        "name": ", ".join(filter(None, [traveller["surname"], traveller["given_names"]])),
        "nationality": country_name(traveller["nationality"], language),
        "issued_by": country_name(traveller["issued_by"], language),
        "document_kind": document_kind(traveller["document_kind"], language),
    }


def _class(each: Mapping[str, Any], view: View) -> dict[str, Any]:
    """A class with its requirements in the order of the law, and how many are open, failed and met."""
    dictionary = view.determination.law.dictionary
    parts = [{**part, "said": say_facts(part["facts"], dictionary, view.language)} for part in each["requirements"]]
    counts = {word: sum(part["status"] == word for part in parts) for word in _WORDS}
    return {**each, "requirements": parts, "counts": {word: count for word, count in counts.items() if count}}


def _step(row: Row[Any], view: View) -> dict[str, Any]:
    detail = json.loads(row.detail)
    return {
        "revision": row.revision,
        "kind": row.kind,
        "at": local_time(row.at, view.port.time_zone),
        "by": row.actor,
        "terminal": row.terminal_id,
        "reason": detail.get("reason", ""),
    }


def _has_notice(told: Mapping[str, Any]) -> bool:
    return bool(told["withdrawal"] or (told["decision"] and told["decision"]["action"] == "refuse"))
