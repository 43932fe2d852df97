"""An inquiry told to its traveller or representative: what happens now, who acts, by when, and what they can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date

from crossing.casework.procedure import Procedure
from crossing.packs.files import read_yaml
from redress.casework.steps import Case
from redress.inquiries.access import Access
from redress.inquiries.experiences import load_experiences, routes
from redress.inquiries.representatives import load_representatives, may_take, never_reads, reads
from redress.procedure import load_procedure
from redress.settings import LETTERS
from redress.units import referral_name, unit_name

_DATA: Final = Path(__file__).parents[1]
_WORDS: Final[Mapping[str, Any]] = read_yaml(_DATA / "states.yaml")
_NAMES: Final[Mapping[str, Any]] = read_yaml(LETTERS)["states"]
_LOCALES: Final = {"en": "en_CA", "fr": "fr_CA", "es": "es"}
_PARTS: Final = ("identity", "documents", "experiences", "narrative", "journey", "examination_id", "ruling")
#: What only the traveller reads, not even a representative.
_OWN: Final = ("contact", "guardian")
_TRAVELLERS: Final = ("applicant", "representative")


@dataclass(frozen=True)
class Reader:
    """Who reads: as whom, and the representative's entry in the inquiry, with its consent."""

    party: str
    representative: Mapping[str, Any] | None

    def reads(self, part: str) -> bool:
        """Whether a part of the answer is for this reader."""
        return self.representative is None or reads(self.representative, part)

    def hears(self, about: str | None) -> bool:
        """Whether content about something (``criminal``, ``medical``, ``security``, or nothing) is for this reader."""
        return self.representative is None or about is None or about not in never_reads(self.representative)

    def may(self, event: str) -> bool:
        """Whether a step is for this reader to take."""
        return self.representative is None or may_take(self.representative, event)


def reader_of(case: Case, access: Access) -> Reader:
    """Who reads by an access of a case."""
    representative = case.content.get("representative") if access.party == "representative" else None
    return Reader(access.party, representative)


def tell_inquiry(
    case: Case, reader: Reader, *, at: datetime, language: str, documents: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The answer for an inquiry; ``documents`` are rows of evidence. Parts not for the reader are null.

    A decision not yet shown (``shown_from``) is told as it was before, in the same words for every outcome.
    """
    revision, shown = case.latest.revision, shown_case(case, at)
    content = shown.content
    told = {name: content.get(name) if reader.reads(name) else None for name in _PARTS}
    told |= {name: content.get(name) if reader.representative is None else None for name in _OWN}
    return {
        **told,
        "control_number": case.control_number,
        "revision": revision,
        "country": content["country"],
        "language": content["language"],
        "reader": reader.party,
        **standing(shown, reader, at, language),
        "narrative": content.get("narrative") if reader.reads("narrative") and _hears_all(reader) else None,
        "experiences": _experiences(content, reader, language),
        "missing": _missing(content, language) if reader.reads("missing") else None,
        "evidence": _evidence(documents, reader, language) if reader.reads("evidence") else None,
        "questions": _questions(content, reader) if reader.reads("questions") else None,
        "decision": _decision(shown, reader),
        "representative": _representative(content),
        "history": [_event(row, language) for row in shown.history if row.party in (*_TRAVELLERS,) or _moved(row)],
    }


def shown_case(case: Case, at: datetime) -> Case:
    """A case as the traveller may know it: without the steps since a decision that is shown only from an instant on."""
    shown_from = case.content.get("shown_from")
    if shown_from is None or datetime.fromisoformat(shown_from) <= at:
        return case
    decided = max(row.revision for row in case.history if row.state == "decided" and _moved(row))
    return Case(case.opened, [row for row in case.history if row.revision < decided])


def standing(case: Case, reader: Reader, at: datetime, language: str) -> dict[str, Any]:
    """Where an inquiry stands, in words."""
    words, state = _WORDS["states"][case.state], case.state
    due = due_at(case)
    named = {
        "number": case.control_number,
        "date": say_day(due, language) if due else "",
        "list": ", ".join(_group_name(each["group"], language) for each in case.content.get("items", ())),
        "unit": _first_unit(case, language),
        "body": _body(case, language),
    }
    return {
        "state": state,
        "state_text": _NAMES[state][language],
        "now": words["now"][language].format(**named),
        "who_acts": _WORDS["who"][words["who"]][language],
        "due_at": due,
        "you_can": [
            {"step": event, "text": _WORDS["can"][event][language]} for event in possible(case, reader, at)
        ],
    }


def due_at(case: Case) -> str | None:
    """The instant that a state's words name: of the decision, of the answer awaited, or the last one to appeal."""
    named: Mapping[str, str] = load_procedure().states[case.state].rules.get("tells_date", {})
    if "content" in named:
        instant: str | None = case.content.get(named["content"])
        return instant
    return case.latest.due_at


def say_day(instant: str, language: str) -> str:
    """The day of an instant (UTC) as a letter writes it; French writes the first of a month as “1er”."""
    day = datetime.fromisoformat(instant).astimezone(UTC).date()
    told = format_date(day, "long", _LOCALES[language])
    return told.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else told


def possible(case: Case, reader: Reader, at: datetime) -> list[str]:
    """The reader's steps where the case stands, in the order of the texts."""
    procedure = load_procedure()
    open_to = {
        event
        for event in _WORDS["can"]
        if _is_open(procedure, case, event, reader.party) and reader.may(event)
    }
    late = case.content.get("appeal_until") and at > datetime.fromisoformat(case.content["appeal_until"])
    if "appeal" in open_to:
        if "appeal" in case.events:
            open_to -= {"appeal", "request_late_appeal"}
        elif late and not case.content.get("late_reason_accepted"):
            open_to -= {"appeal"}
        else:
            open_to -= {"request_late_appeal"}
    if was_extended(case):
        open_to -= {"extend"}
    representative = case.content.get("representative")
    if not representative or representative["consent"].get("revoked_on"):
        open_to -= {"revoke_consent"}
    return [event for event in _WORDS["can"] if event in open_to]


def was_extended(case: Case) -> bool:
    """Whether the time of the state that a case stands in was extended already."""
    return any(row.event == "extend" and row.revision > case.latest.entered for row in case.history)


def _is_open(procedure: Procedure, case: Case, event: str, party: str) -> bool:
    transition = procedure.transition(case.state, event)
    return transition is not None and party in transition.by


def _experiences(content: Mapping[str, Any], reader: Reader, language: str) -> list[dict[str, str]] | None:
    if not reader.reads("experiences"):
        return None
    known = load_experiences().by_code
    codes = [code for code in content["experiences"] if reader.hears(known[code].about)]
    return [{"code": code, "text": known[code].label[language]} for code in codes]


def _hears_all(reader: Reader) -> bool:
    """Free text may tell anything, so that it is only for readers from whom nothing is kept."""
    return reader.representative is None or not never_reads(reader.representative)


def _missing(content: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    names = load_experiences().documents
    return [
        {
            "group": each["group"],
            "text": _group_name(each["group"], language),
            "one_of": [{"kind": kind, "text": names[kind][language]} for kind in each["one_of"]],
        }
        for each in content.get("items", ())
    ]


def _group_name(group: str, language: str) -> str:
    return str(load_experiences().groups[group]["label"][language])


def _evidence(documents: Sequence[Mapping[str, Any]], reader: Reader, language: str) -> list[dict[str, Any]]:
    return [
        tell_document(each, language) for each in documents if reader.hears(load_experiences().about_of(each["kind"]))
    ]


def tell_document(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A document as it is listed."""
    names = ("number", "kind", "name", "media_type", "size", "sha256", "added_at")
    return {**{name: row[name] for name in names}, "kind_text": load_experiences().documents[row["kind"]][language]}


def _questions(content: Mapping[str, Any], reader: Reader) -> list[dict[str, Any]]:
    """Questions with their answers; of one that is not for the reader, only that it was asked."""
    told = []
    for each in content.get("questions", ()):
        hears = reader.hears(each.get("about"))
        texts = {name: each.get(name) if hears else None for name in ("text", "answer")}
        told.append({"id": each["id"], **texts, "asked_at": each.get("asked_at"), "answered_at": each.get("answered_at")})
    return told


def _decision(case: Case, reader: Reader) -> dict[str, Any] | None:
    """Outcome and days of a decision; its reasons are in the letter."""
    decision = case.content.get("decision")
    if not decision or not reader.reads("decision"):
        return None
    return {
        "outcome": decision["outcome"],
        "notice_on": case.content.get("notice_on"),
        "appeal_until": case.content.get("appeal_until"),
    }


def _representative(content: Mapping[str, Any]) -> dict[str, Any] | None:
    representative = content.get("representative")
    if not representative:
        return None
    kind = load_representatives()["kinds"][representative["kind"]]["label"][content["language"]]
    names = ("name", "kind", "paid", "consent")
    return {**{name: representative[name] for name in names}, "kind_text": kind}


def _first_unit(case: Case, language: str) -> str:
    """Who keeps such records, by what is complained of alone: where a case truly goes would tell whether one exists."""
    units = routes(case.content)
    return unit_name(units[0], language) if units else ""


def _body(case: Case, language: str) -> str:
    """Where a case that is not for redress was referred."""
    referral = case.content.get("referral")
    return referral_name(referral["body"], language) if referral else ""


def _moved(row: Any) -> bool:
    return bool(row.entered == row.revision)


def _event(row: Any, language: str) -> dict[str, Any]:
    party = row.party if row.party in _TRAVELLERS else "others"
    return {
        "revision": row.revision,
        "state": row.state,
        "state_text": _NAMES[row.state][language],
        "at": row.at,
        "by": _WORDS["parties"][party][language],
    }
