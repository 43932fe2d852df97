"""What a holder objects to in a draft, sentence by sentence, and what a second reader answers."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.tables import digest_drafts
from crossing.casework.problems import not_ready
from crossing.kit.problems import FieldError, InvalidRequest, NotFound

_UNKNOWN = {
    "en": "is not the id of a fact or a sentence of this draft",
    "fr": "n’est pas l’identifiant d’un fait ou d’une phrase de ce projet",
    "es": "no es el identificador de un hecho o una frase de este borrador",
}
_ANSWERED = {
    "en": "This objection was answered already, or was never made.",
    "fr": "Cette opposition a déjà reçu une réponse, ou n’a jamais été faite.",
    "es": "Esta objeción ya fue contestada, o nunca se hizo.",
}


async def latest_draft(connection: AsyncConnection, number: str) -> Row[Any]:
    """The draft made last under a number; raises ``NotFound``."""
    statement = select(digest_drafts).where(digest_drafts.c.number == number).order_by(digest_drafts.c.version.desc())
    row = (await connection.execute(statement.limit(1))).one_or_none()
    if row is None:
        raise NotFound
    return row


def sentence_ids(draft: Mapping[str, Any]) -> list[str]:
    """What can be objected to: each fact by its path, each sentence of the reasons by its id."""
    return [*draft["facts"], *(reason["id"] for reason in draft["reasons"])]


def objected(content: Mapping[str, Any], draft: Mapping[str, Any], sentence: str, reason: str) -> dict[str, Any]:
    """The objections of a case file with one more; raises ``InvalidRequest`` for what is no sentence of the draft."""
    if sentence not in sentence_ids(draft):
        raise InvalidRequest(errors=[FieldError("/sentence", _UNKNOWN)])
    kept = [each for each in content.get("digest_objections", ()) if not _is_of(each, draft, sentence)]
    made = {"number": draft["number"], "version": draft["version"], "sentence": sentence, "reason": reason}
    return {"digest_objections": [*kept, {**made, "upheld": None}]}


def answered(
    content: Mapping[str, Any], draft: Mapping[str, Any], sentence: str, *, upheld: bool, answer: str
) -> dict[str, Any]:
    """The objections of a case file with one answered; raises ``StepNotReady`` when it waits for no answer."""
    objections = list(content.get("digest_objections", ()))
    waiting = [each for each in objections if _is_of(each, draft, sentence) and each["upheld"] is None]
    if not waiting:
        raise not_ready(_ANSWERED)
    others = [each for each in objections if each is not waiting[0]]
    return {"digest_objections": [*others, {**waiting[0], "upheld": upheld, "answer": answer}]}


def _is_of(objection: Mapping[str, Any], draft: Mapping[str, Any], sentence: str) -> bool:
    return (objection["number"], objection["version"]) == (draft["number"], draft["version"]) and (
        objection["sentence"] == sentence
    )


def objections_to(content: Mapping[str, Any], draft: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The objections to a draft."""
    return [each for each in content.get("digest_objections", ()) if _is_of(each, draft, each["sentence"])]


def without_objected(draft: Mapping[str, Any], objections: list[dict[str, Any]]) -> dict[str, Any]:
    """A draft without what was objected to, unless the second reader let it stand."""
    out = {each["sentence"] for each in objections if each["upheld"] is not False}
    facts = {path: value for path, value in draft["facts"].items() if path not in out}
    return {**draft, "facts": facts, "reasons": [each for each in draft["reasons"] if each["id"] not in out]}


def read_draft(row: Row[Any]) -> dict[str, Any]:
    """The content of a draft."""
    content: dict[str, Any] = json.loads(row.content)
    return content
