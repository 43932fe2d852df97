"""The notice of a refusal or a withdrawal, for the traveller: as a page, or as a PDF/UA document."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import Row
from starlette.responses import Response

from admission.examinations.notice_texts import NOTICE_TEXTS
from admission.examinations.problems import NoNotice
from admission.examinations.revise import Examination
from admission.examinations.states import State
from admission.examinations.tell_examination import as_mappings, tell_examination
from admission.rulings.departing import departures_of
from admission.rulings.telling import TEXTS, sentences_of_notice
from crossing.desk.say_facts import say_facts
from crossing.kit.documents import long_date, page_policy, pdf_document
from crossing.recourse.recourse import courses_of_action, outcomes, tell_course
from crossing.rules import Determination, failing_outcomes
from crossing.rules.status import NOT_MET

_FOLDER: Final = Path(__file__).parent / "templates"
_PAGES: Final = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
)
_POLICY: Final = page_policy((_FOLDER / "notice.html").read_text(encoding="utf-8"))
_TYPST: Final = (_FOLDER / "notice.typ").read_bytes()


class NoticeFormat(StrEnum):
    """Forms of a notice."""

    HTML = "html"
    PDF = "pdf"


async def give_notice(
    examination: Examination,
    determination: Determination,
    port: Row[Any],
    language: str,
    form: NoticeFormat,
    redress_address: str,
) -> Response:
    """The notice in a language and a form; raises ``NoNotice`` when nothing was refused or withdrawn."""
    content = notice_content(examination, determination, port, language, redress_address)
    headers = {"Content-Language": language}
    if form == NoticeFormat.HTML:
        page = _PAGES.get_template("notice.html").render(
            notice=content, texts=NOTICE_TEXTS[language], language=language
        )
        return Response(page, 200, {**headers, "Content-Security-Policy": _POLICY}, "text/html")
    data = {"notice": content, "texts": NOTICE_TEXTS[language], "language": language}
    document = await asyncio.to_thread(pdf_document, _TYPST, data)
    name = f"notice-{examination.opened.id}.pdf"
    return Response(document, 200, {**headers, "Content-Disposition": f'inline; filename="{name}"'}, "application/pdf")


def notice_content(
    examination: Examination, determination: Determination, port: Row[Any], language: str, redress_address: str
) -> dict[str, Any]:
    """What the notice says, in a language: requirements not met, citations, evidence seen, cure and recourse."""
    history = as_mappings(list(examination.revisions))
    told = tell_examination(
        examination.opened._asdict(),
        examination.latest._asdict(),
        history,
        determination,
        language,
        examination.rulings,
        examination.corrections,
    )
    decision = told["decision"]
    if examination.state != State.WITHDRAWN and not (decision and decision["adverse"]):
        raise NoNotice
    act = decision or told["withdrawal"]
    at = datetime.fromisoformat(act["at"]).astimezone(ZoneInfo(port.time_zone))
    return {
        "kind": "refusal" if decision else "withdrawal",
        "id": told["id"],
        "port": port.name,
        "at": f"{long_date(at.date(), language)}, {format_time(at, 'short', locale=language)} ({port.time_zone})",
        "issued_on": at.date().isoformat(),
        "name": " ".join(filter(None, [told["traveller"]["given_names"], told["traveller"]["surname"]])),
        "document_number": told["traveller"]["document_number"],
        "reason": act["reason"],
        "officer": act["by"],
        "classes": [_class(each, determination, decision, language) for each in told["determination"]["classes"]],
        "evidence_seen": say_facts(determination.facts, determination.law.dictionary, language),
        "outcomes": _outcomes(determination, port.country, at.date().isoformat(), language),
        "rulings": sentences_of_notice(told["rulings"], departures_of(history), language),
        "rulings_heading": TEXTS["notice"]["heading"][language],
        "binding_note": TEXTS["binding_note"][language],
        "pack": told["determination"]["pack"],
        "digest": told["determination"]["digest"],
        "redress_address": redress_address,
    }


def _class(
    each: Mapping[str, Any], determination: Determination, decision: Mapping[str, Any] | None, language: str
) -> dict[str, Any]:
    seen_otherwise = {entry["requirement"]: entry["reason"] for entry in (decision or {}).get("departures", ())}
    failing = [
        {**part, "officer_reason": seen_otherwise.get(part["id"]), "cure": _cure(part["id"], determination, language)}
        for part in each["requirements"]
        if part["status"] == "not_met" or part["id"] in seen_otherwise
    ]
    return {"title": each["title"], "code": each["code"], "requirements": failing}


def _cure(requirement_id: str, determination: Determination, language: str) -> str:
    requirement = determination.law.requirement(requirement_id)
    return requirement.cure[language] if requirement and requirement.cure else ""


def _outcomes(determination: Determination, country: str, day: str, language: str) -> list[dict[str, Any]]:
    """Outcomes of the classes that are not met, each with its courses of action, computed from the day of the act."""
    found: dict[str, dict[str, Any]] = {}
    for each, status in determination.classes:
        for outcome in failing_outcomes(determination, each) if status == NOT_MET else ():
            row = determination.law.outcomes[outcome]
            recourse = {"id": outcome, "text": row["text"][language], "recourse": row["recourse"][language]}
            told = found.setdefault(
                outcome, {**recourse, "statutory": bool(row.get("statutory_notice")), "courses": {}}
            )
            told["courses"] |= _courses(country, outcome, each.id, day, language)
    return [{**each, "courses": list(each["courses"].values())} for each in found.values()]


def _courses(country: str, outcome: str, class_id: str, day: str, language: str) -> dict[str, dict[str, Any]]:
    """Courses of action by id. Whoever gets the notice stands at the port: told in person, where it was decided."""
    if outcome not in outcomes(country):  # a pack of an earlier release may have ended in what no longer exists
        return {}
    courses = courses_of_action(country, outcome, told_on=day, in_person=True, inside_country=True, class_id=class_id)
    told = [tell_course(course, language) for course in courses]
    return {each["id"]: {**each, "until": _said_day(each["last_day"], language)} for each in told}


def _said_day(day: str | None, language: str) -> str | None:
    return long_date(date.fromisoformat(day), language) if day else None
