"""An inquiry told to its traveller or representative: what happens now, who acts, by when, and what they can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from redress.casework.act import Tell
from redress.casework.shown import told_history
from redress.casework.standing import STATES, WORDS, group_name, standing
from redress.casework.steps import Case
from redress.inquiries.access import Access
from redress.inquiries.experiences import load_experiences
from redress.inquiries.representatives import load_representatives, may_take, never_reads, reads

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

    @property
    def hears_all(self) -> bool:
        """Whether nothing is kept from this reader: free text may tell anything."""
        return self.representative is None or not never_reads(self.representative)

    def may(self, event: str) -> bool:
        """Whether a step is for this reader to take."""
        return self.representative is None or may_take(self.representative, event)


def told_by(reader: Reader) -> Tell:
    """Tells an inquiry, as it is after a step, to its reader."""
    return lambda act, case, documents: tell_inquiry(
        case, reader, at=act.at, language=act.language, documents=documents
    )


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
        **_standing(shown, reader, at, language),
        "narrative": content.get("narrative") if reader.reads("narrative") and reader.hears_all else None,
        "experiences": _experiences(content, reader, language),
        "missing": _missing(content, language) if reader.reads("missing") else None,
        "evidence": _evidence(documents, reader, language) if reader.reads("evidence") else None,
        "questions": _questions(content, reader) if reader.reads("questions") else None,
        "decision": _decision(shown, reader),
        "representative": _representative(content),
        "history": [_event(row, language) for row in shown.history if row.party in _TRAVELLERS or _moved(row)],
    }


def shown_case(case: Case, at: datetime) -> Case:
    """A case as whoever filed may know it: without the steps since a decision that is not shown yet."""
    told = told_history(case, at)
    return case if len(told) == len(case.history) else replace(case, history=told)


def _standing(case: Case, reader: Reader, at: datetime, language: str) -> dict[str, Any]:
    """How a case stands, with the steps that are the reader's to take."""
    told = standing(case, reader.party, at, language)
    return {**told, "you_can": [each for each in told["you_can"] if reader.may(each["step"])]}


def _experiences(content: Mapping[str, Any], reader: Reader, language: str) -> list[dict[str, str]] | None:
    if not reader.reads("experiences"):
        return None
    known = load_experiences().by_code
    codes = [code for code in content["experiences"] if reader.hears(known[code].about)]
    return [{"code": code, "text": known[code].label[language]} for code in codes]


def _missing(content: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    names = load_experiences().documents
    return [
        {
            "group": each["group"],
            "text": group_name(each["group"], language),
            "one_of": [{"kind": kind, "text": names[kind][language]} for kind in each["one_of"]],
        }
        for each in content.get("items", ())
    ]


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
        told.append(
            {"id": each["id"], **texts, "asked_at": each.get("asked_at"), "answered_at": each.get("answered_at")}
        )
    return told


def _decision(case: Case, reader: Reader) -> dict[str, Any] | None:
    """Outcome and days of a decision; its reasons are in the letter."""
    decision = case.content.get("decision")
    if not decision or not reader.reads("decision"):
        return None
    return {
        # Never the outcome as it is kept: one closing would tell what another does not.
        "outcome": decision["told_as"],
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


def _moved(row: Any) -> bool:
    return bool(row.entered == row.revision)


def _event(row: Any, language: str) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "state": row.state,
        "state_text": STATES[row.state][language],
        "at": row.at,
        "by": WORDS["parties"][row.party][language],
    }
