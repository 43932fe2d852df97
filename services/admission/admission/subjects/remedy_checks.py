"""Whether a remedy has a place: what it says, held against the record it names. No I/O."""

from typing import Any, Final

from admission.examinations.states import State
from admission.subjects.remedy_problems import RemedyHasNoPlace
from admission.subjects.remedy_records import Record
from crossing.kit.problems import FieldError, InvalidRequest, Texts
from crossing.redress.remedies import Remedy, load_remedies
from crossing.rules import Pack
from crossing.rules.dates import add

_TEXTS: Final = {
    "no_refusal": {
        "en": "no refusal stands in this examination",
        "fr": "aucun refus n’est en vigueur dans ce contrôle",
        "es": "en este control no hay ninguna denegación vigente",
    },
    "no_admission": {
        "en": "no admission stands in this examination",
        "fr": "aucune admission n’est en vigueur dans ce contrôle",
        "es": "en este control no hay ninguna admisión vigente",
    },
    "not_lost": {
        "en": "the membership is neither suspended nor revoked",
        "fr": "l’adhésion n’est ni suspendue ni révoquée",
        "es": "la membresía no está suspendida ni revocada",
    },
    "outside": {
        "en": "must lie between {first} and {last}",
        "fr": "doit se situer entre {first} et {last}",
        "es": "debe estar entre {first} y {last}",
    },
    "no_class": {
        "en": "is no class of admission of this country",
        "fr": "n’est pas une catégorie d’admission de ce pays",
        "es": "no es una clase de admisión de este país",
    },
}
_LOST: Final = ("suspended", "revoked")


def require_place(remedy: Remedy, record: Record | None, packs: Any, today: str) -> None:
    """Let a remedy pass that can correct its record on a day.

    ``packs`` are the rule packs by country. Raises ``RemedyHasNoPlace``, or ``InvalidRequest`` naming what in its
    content cannot be.
    """
    kind, content = remedy.kind, remedy.content
    if record and record.kind == "member" and kind == "member_restored" and record.latest["state"] not in _LOST:
        raise _no_place("not_lost")
    if record and record.kind == "examination" and kind != "record_notated":
        _require_decision(kind, record)
        _require_in_examination(kind, content, record, packs[record.latest["country"]], today)
    longest = load_remedies()["kinds"][kind].get("longest")
    if longest:
        name = "until" if kind == "watch_set" else "valid_until"
        _require_between(f"/content/{name}", content[name], today, add(today, longest))


def _require_decision(kind: str, record: Record) -> None:
    """A traveller who was made to withdraw may be invited, too."""
    if kind == "examination_invited" and record.latest["state"] == State.WITHDRAWN:
        return
    wanted = "refuse" if kind in ("refusal_annulled", "examination_invited") else "admit"
    decision = record.decision
    if decision is None or decision["action"] != wanted:
        raise _no_place("no_refusal" if wanted == "refuse" else "no_admission")


def _require_in_examination(kind: str, content: Any, record: Record, pack: Pack, today: str) -> None:
    entered = str(record.latest["day"])
    if kind == "stay_corrected":
        _require_between("/content/left_on", content["left_on"], entered, today)
    if kind == "admission_amended":
        _require_class("/content/class", content["class"], pack, entered)
        _require_between("/content/until", content["until"], entered, "9999-12-31")
    for position, each in enumerate(content.get("classes", ())):
        _require_class(f"/content/classes/{position}", each, pack, today)


def _require_class(where: str, class_id: str, pack: Pack, day: str) -> None:
    if class_id not in pack.on(day).classes:
        raise InvalidRequest(errors=[FieldError(where, _TEXTS["no_class"])])


def _require_between(where: str, day: str, first: str, last: str) -> None:
    if not first <= day <= last:
        raise InvalidRequest(errors=[FieldError(where, _said("outside", first=first, last=last))])


def _no_place(key: str) -> RemedyHasNoPlace:
    return RemedyHasNoPlace(errors=[FieldError("/record", _TEXTS[key])])


def _said(key: str, **parts: str) -> Texts:
    return {language: text.format(**parts) for language, text in _TEXTS[key].items()}
