"""The letter of a case as it stands, given as JSON, page or document; the same for its traveller and for the desk."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from starlette.responses import HTMLResponse, Response

from crossing.kit.json_text import JsonAnswer
from crossing.kit.problems import NotFound
from redress.casework.steps import Case
from redress.inquiries.experiences import load_experiences
from redress.letters.compose import Subject, compose
from redress.letters.letter import LETTER_POLICY, letter_html, letter_pdf
from redress.letters.next_steps import next_steps
from redress.letters.parts import Letter
from redress.units import referral_name

#: States in which a letter goes out that nobody decided, with its category.
_WITHOUT_DECISION = {"abandoned": "closed_for_papers", "out_of_scope": "out_of_scope"}


class LetterFormat(StrEnum):
    """Forms of a letter."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"


def letter_of(case: Case, documents: Sequence[Mapping[str, Any]], at: datetime | None) -> Letter:
    """The letter of a case, in the language of its application; ``documents`` are its rows of evidence.

    Raises ``NotFound`` where nothing was decided, or where what was decided is told only later than ``at``; the desk,
    which names no instant, reads it before.
    """
    content = case.content
    category = _WITHOUT_DECISION.get(case.state)
    if category:
        came = next(row.at for row in case.history if row.revision == case.latest.entered)
        decided = {"category": category, "outcome": "", "body": (content.get("referral") or {}).get("body")}
        return composed(case, documents, decided, made_on=came[:10], told_on=came[:10])
    decision = content.get("decision")
    if decision is None or (at is not None and datetime.fromisoformat(decision["shown_at"]) > at):
        raise NotFound
    made_on, told_on = decision["decided_at"][:10], decision["shown_at"][:10]
    return composed(case, documents, decision, made_on=made_on, told_on=told_on)


def composed(
    case: Case, documents: Sequence[Mapping[str, Any]], decided: Mapping[str, Any], *, made_on: str, told_on: str
) -> Letter:
    """The letter of a decision, or of one that is only drafted; days are ISO."""
    content = case.content
    language, country = content["language"], content["country"]
    identity, known = content["identity"], load_experiences()
    subject = Subject(
        control_number=case.control_number,
        language=language,
        holder=" ".join(filter(None, [identity.get("given_names"), identity["surname"]])),
        country=country,
        experiences=tuple(known.by_code[code].label[language] for code in content.get("experiences", ())),
        documents={each["number"]: _name_of(each, language) for each in documents},
        made_on=made_on,
        told_on=told_on,
    )
    body = referral_name(decided["body"], language) if decided.get("body") else None
    return compose(subject, {**decided, "body": body}, next_steps(decided, country, language, told_on))


def _name_of(document: Mapping[str, Any], language: str) -> str:
    """A document as the letter names it: numbered, since two may be of one kind."""
    names = load_experiences().documents
    kind = names[document["kind"]][language] if document["kind"] in names else document["kind"]
    return f"{document['number']}. {kind}"


async def give(letter: Letter, form: LetterFormat) -> Response:
    """The letter in a form."""
    headers = {"Content-Language": letter.language}
    if form == LetterFormat.PDF:
        return Response(await asyncio.to_thread(letter_pdf, letter), 200, headers, "application/pdf")
    if form == LetterFormat.HTML:
        policy = {"Content-Security-Policy": LETTER_POLICY}
        return HTMLResponse(await asyncio.to_thread(letter_html, letter), 200, {**headers, **policy})
    return JsonAnswer(letter.told(), 200, headers)
