"""The letter of a ruling, from what it holds."""

import json
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.registry.rules import rules
from advance_ruling.rulings.load import Ruling, Version
from crossing.desk.lawbook import Lawbook
from crossing.desk.say_facts import say_facts
from crossing.rules import Determination, determine, tell
from crossing.rules.answer import question_of
from crossing.rulings.letter import LetterContent, LetterFact, LetterReason
from crossing.rulings.procedure import load_procedure


async def letter_of(
    lawbook: Lawbook, connection: AsyncConnection, ruling: Ruling, version: Version, language: str, address: str
) -> LetterContent:
    """The letter of a version in a language; ``address`` is where the service is published.

    The law is that which the ruling was decided by, whatever it is today. Raises ``PackError`` when it was not kept.
    """
    holding, claims = version.holding, version.claims
    pack = await lawbook.pack_by_digest(connection, claims.pack_digest)
    determination = determine(
        holding["stated"], pack, holding["on"], seeking=[claims.class_id], findings=holding["findings"]
    )
    told = tell(determination, language)["classes"][0]
    identity = ruling.application.content["identity"]
    dictionary = pack.dictionary
    facts = say_facts(holding["facts"], dictionary, language)
    return LetterContent(
        number=ruling.number,
        version=version.row.version,
        into=claims.into,
        class_title=told["title"],
        class_code=told["code"],
        holder=" ".join(filter(None, [identity.get("given_names"), identity["surname"]])),
        petitioner=json.loads(ruling.application.file.petitioner).get("legal_name"),
        issued_on=version.row.made_at[:10],
        valid_from=claims.valid_from,
        valid_until=claims.valid_until,
        question=rules()["texts"]["question"][language].format(title=told["title"]),
        holding=_holding(holding, claims.settled, language),
        reasons=_reasons(ruling, told["requirements"], claims.settled),
        facts=tuple(LetterFact(each["label"], each["value"]) for each in facts),
        re_attest=_asked_again(determination, version, language),
        pack_id=pack.id,
        pack_version=claims.pack_version,
        pack_digest=claims.pack_digest,
        token=version.row.token,
        verify_address=f"{address}/verify",
    )


def _holding(holding: dict[str, Any], settled: tuple[str, ...], language: str) -> str:
    said = rules()["texts"]["issued"][language].format(requirements=", ".join(settled))
    return " ".join([said, *holding["conditions"]])


def _reasons(ruling: Ruling, requirements: list[dict[str, Any]], settled: tuple[str, ...]) -> tuple[LetterReason, ...]:
    findings = ruling.application.content.get("findings", {})
    return tuple(
        LetterReason(
            each["id"],
            each["text"],
            each["citation"],
            each["verified"],
            findings.get(each["id"], {}).get("reason") or each["reason"],
            "adjudicator" if each["id"] in findings else "rules",
        )
        for each in requirements
        if each["id"] in settled
    )


def _asked_again(determination: Determination, version: Version, language: str) -> tuple[str, ...]:
    """The questions a port asks again: those of the material facts that most of what is settled rests on."""
    law, claims = determination.law, version.claims
    read = [path.partition("[")[0] for each in claims.settled for path in set(law.reads(each))]
    ranked = sorted({path for path in read if path in claims.facts}, key=lambda path: (-read.count(path), path))
    most = load_procedure().content["port"]["re_attest_at_most"]
    facts = law.dictionary.facts
    return tuple(question_of(path, facts, language)["question"] for path in ranked[:most] if path in facts)
