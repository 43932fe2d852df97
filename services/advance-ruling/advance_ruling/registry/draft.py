"""Draft the digest of a decision: what anyone would read of it, for its holder to see first."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.eligibility import consider
from advance_ruling.registry.rules import holder_hash, patterns, public_facts, public_sentences, rules, texts_in
from advance_ruling.rulings.load import find_ruling
from advance_ruling.rulings.numbers import next_number
from advance_ruling.rulings.reasons import reasons_of
from advance_ruling.steps import Application
from advance_ruling.tables import digest_drafts
from crossing.kit.database import format_instant
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from crossing.kit.problems import Problem
from crossing.rules.phrases import LANGUAGES


async def draft(state: Any, connection: AsyncConnection, application: Application, row: Any) -> list[Insert]:
    """The rows of a draft for a revision that decided or changed something; none for a denial that was not on law.

    A denial gets its number here.
    """
    kind, content, detail = rules()["drafted_after"][row.event], json.loads(row.content), json.loads(row.detail)
    ruling, facts = await find_ruling(connection, application), dict(content["facts"])
    rows: list[Insert] = []
    if kind == "denied":
        if not _is_on_law(state, application, content):
            return []
        law = state.lawbook.packs[row.into].on(row.at[:10])
        code = law.classes[application.opened.class_id].code
        rows.append(await next_number(connection, application.opened, code, state.clock()))
        number, requirements = (
            str(rows[0].values["number"]),
            [each["requirement"] for each in reasons_of(content, detail)],
        )
    else:
        assert ruling is not None, "only a ruling is modified, revoked or superseded"
        number, requirements = ruling.number, list(ruling.latest.claims.settled)
        facts = ruling.latest.holding["stated"]
    version = await _next_version(connection, number)
    told = public_facts(facts)
    digest = _digest(state, application, row, kind, number, version, told, requirements)
    rows.append(
        Insert(
            "digest_drafts",
            {
                "number": number,
                "version": version,
                "application_id": application.opened.id,
                "revision": row.revision,
                "made_at": format_instant(state.clock()),
                "content": json_text(digest),
            },
        )
    )
    holder = holder_hash(state.identity_key, application.file.petitioner_id or application.opened.created_by)
    for level, pattern in enumerate(patterns(told, application.opened.class_id)):
        values = {"number": number, "version": version, "level": level, "pattern": pattern, "holder": holder}
        rows.append(Insert("digest_patterns", values))
    return rows


async def _next_version(connection: AsyncConnection, number: str) -> int:
    highest = select(func.max(digest_drafts.c.version)).where(digest_drafts.c.number == number)
    return ((await connection.execute(highest)).scalar_one() or 0) + 1


def _is_on_law(state: Any, application: Application, content: Mapping[str, Any]) -> bool:
    try:
        considered = consider(state.lawbook, application.opened.into, content, state.clock())
    except Problem:
        return False
    return considered.outcome in rules()["denied_on_law"]


def _digest(
    state: Any,
    application: Application,
    row: Any,
    kind: str,
    number: str,
    version: int,
    facts: Mapping[str, Any],
    requirements: Sequence[str],
) -> dict[str, Any]:
    content, pack = json.loads(row.content), state.lawbook.packs[row.into]
    day = str(content.get("effective_from") or row.at)[:10]
    title = pack.on(row.at[:10]).classes[application.opened.class_id].title
    listed = ", ".join(requirements)
    texts = rules()["texts"]
    withdrawn = kind in rules()["withdrawn"]
    return {
        "number": number,
        "version": version,
        "kind": kind,
        "decided_on": row.at[:10],
        "into": row.into,
        "class": application.opened.class_id,
        "question": {each: texts["question"][each].format(title=title[each]) for each in LANGUAGES},
        "facts": {} if withdrawn else dict(facts),
        "requirements": list(requirements),
        "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest},
        "holding": {each: texts[kind][each].format(requirements=listed, day=day) for each in LANGUAGES},
        "reasons": _public_reasons(reasons_of(content, json.loads(row.detail)), _names(application, content)),
        "withdrawn_on": day if withdrawn else None,
    }


def _public_reasons(reasons: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Sentence by sentence, each with an id by which its holder may object to it."""
    return [
        {"id": f"reason-{number}-{position}", "requirement": reason["requirement"], "text": sentence}
        for number, reason in enumerate(reasons, 1)
        for position, sentence in enumerate(public_sentences(reason["text"], names), 1)
    ]


def _names(application: Application, content: Mapping[str, Any]) -> list[str]:
    """Every name and number in the file by which a person or a firm is known."""
    identity, request = content["identity"], content.get("request") or {}
    known = [identity.get(name) for name in ("surname", "given_names", "document_number", "passid")]
    parties = [json.loads(application.file.petitioner), json.loads(application.file.representative)]
    entities = [request.get(name) for name in ("employer", "receiving_entity", "owners", "places")]
    return [name for name in (*known, *texts_in(parties), *texts_in(entities)) if name]
