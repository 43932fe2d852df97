"""Issue a ruling: number, validity, what it settles, its token, and what follows by the clock, in one append."""

import secrets
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.rulings.announce import announce
from advance_ruling.rulings.load import find_ruling
from advance_ruling.rulings.numbers import next_number, next_status_index
from advance_ruling.rulings.reasons import reasons_of
from advance_ruling.rulings.supersede import supersession
from advance_ruling.rulings.validity import valid_until
from advance_ruling.steps import Application, plan
from crossing.casework.problems import not_ready
from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from crossing.packs.load import load_dictionary
from crossing.rules import Determination
from crossing.rulings.fingerprint import bounds, fact_hashes, fingerprint, material_facts
from crossing.rulings.person import document_hash, person_hash
from crossing.rulings.procedure import load_procedure
from crossing.rulings.token import RulingClaims, TokenTooLong, sign_ruling

_SALT_BYTES: Final = 9
_ENDED: Final = {
    "en": "A document or a contract that the ruling would rest on has ended.",
    "fr": "Un document ou un contrat sur lequel reposerait la décision a pris fin.",
    "es": "Un documento o un contrato en que se apoyaría la resolución ya terminó.",
}
_TOO_MANY: Final = {
    "en": "There are more material facts than the code of a ruling holds.",
    "fr": "Il y a plus de faits importants que le code d’une décision ne peut en contenir.",
    "es": "Hay más hechos determinantes de los que caben en el código de una resolución.",
}


async def issue_ruling(
    state: Any, connection: AsyncConnection, application: Application, step: Step, determination: Determination
) -> list[Insert]:
    """The rows of an issuance, for ``record``: revision, number, ruling, version, deadlines and events.

    ``state`` is that of the running service; ``determination`` is that of the class sought, with its findings. The
    ruling has effect at once. Raises what ``plan`` does, and ``StepNotReady`` for a ruling that would have ended
    already. When ``record`` raises ``NumberTaken``, this is asked again.
    """
    day, opened = step.at.date().isoformat(), application.opened
    until = valid_until(load_procedure(), opened.class_id, determination.facts, day)
    if until < day:
        raise not_ready(_ENDED)
    earlier = await find_ruling(connection, application)
    sought = next(each for each, _ in determination.classes if each.id == opened.class_id)
    numbered = None if earlier else await next_number(connection, opened, sought.code, step.at)
    number = earlier.number if earlier else str(numbered.values["number"])  # type: ignore[union-attr]
    version = len(earlier.versions) + 1 if earlier else 1
    at = format_instant(step.at)
    content = {"number": number, "version": version, "issued_at": at, "effective_from": at, "valid_until": until}
    rows = plan(application, replace(step, content={**step.content, **content}))
    claims = _claims(
        state, application, determination, number, version, await next_status_index(connection), day, until
    )
    if numbered:
        head = {key: numbered.values[key] for key in ("number", "application_id", "into")}
        ruling = Insert("rulings", {**head, "class_id": opened.class_id, "issued_at": at})
        rows += [numbered, ruling]
    revision = int(rows[0].values["revision"])
    rows.append(version_row(state, claims, _holding(application, step, determination, sought.code), revision, step.at))
    if replaced := application.content.get("replaces"):
        rows.append(supersession(replaced, number, at))
    return [
        *rows,
        *announce(state.settings, application, "ruling.issued", number, {"version": version, "valid_until": until}, at),
    ]


def _claims(
    state: Any,
    application: Application,
    determination: Determination,
    number: str,
    version: int,
    index: int,
    day: str,
    until: str,
) -> RulingClaims:
    opened, facts = application.opened, determination.facts
    identity, salt = application.content["identity"], secrets.token_urlsafe(_SALT_BYTES)
    definitions = load_dictionary()["facts"]
    pack = state.lawbook.packs[opened.into]
    return RulingClaims(
        number=number,
        version=version,
        index=index,
        salt=salt,
        document=document_hash(salt, identity.get("issued_by"), identity["document_number"]),
        person=person_hash(salt, identity["surname"], identity.get("given_names") or "", identity.get("born_on")),
        into=opened.into,
        class_id=opened.class_id,
        valid_from=day,
        valid_until=until,
        pack_version=pack.version,
        pack_digest=pack.digest,
        settled=_settled(pack, determination, opened.class_id),
        facts=fact_hashes(facts, definitions, salt),
        bounds=bounds(facts, definitions, load_procedure()),
    )


def _settled(pack: Any, determination: Determination, class_id: str) -> tuple[str, ...]:
    """Every requirement of the class that is met and that a ruling may settle: never admissibility and documents."""
    codes = next(each["requirements"] for each in determination.compact["classes"] if each["class"] == class_id)
    law = pack.on(determination.on)
    return tuple(name for name, code in codes.items() if code == "M" and law.may_be_ruled(name))


def _holding(application: Application, step: Step, determination: Determination, code: str) -> dict[str, Any]:
    facts = material_facts(determination.facts, load_dictionary()["facts"])
    return {
        "code": code,
        "facts": facts,
        "findings": dict(determination.findings),
        "on": determination.on,
        "reasons": reasons_of(application.content, step.detail),
        "conditions": [],
        "stated": dict(determination.facts),
        "fingerprint": fingerprint(determination.facts, load_dictionary()["facts"]),
    }


def version_row(
    state: Any,
    claims: RulingClaims,
    holding: dict[str, Any],
    revision: int,
    at: datetime,
    effective: datetime | None = None,
) -> Insert:
    """The row of a version with its signed token; raises ``StepNotReady`` when a code cannot hold it."""
    try:
        token = sign_ruling(claims, state.signing_keys.signing_key(claims.valid_until))
    except TokenTooLong:
        raise not_ready(_TOO_MANY) from None
    return Insert(
        "ruling_versions",
        {
            "number": claims.number,
            "version": claims.version,
            "revision": revision,
            "status_index": claims.index,
            "made_at": format_instant(at),
            "effective_from": format_instant(effective or at),
            "valid_from": claims.valid_from,
            "valid_until": claims.valid_until,
            "fingerprint": holding["fingerprint"],
            "token": token,
            "holding": json_text({**holding, "claims": asdict(claims)}),
        },
    )
