"""The steps after opening: facts and findings, referral, decision, withdrawal, supersession.

Each gathers the examination as it stands, determines the case anew where facts change, and appends one revision.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from admission.examinations.decide import decision_detail
from admission.examinations.revise import Examination, record, require, revision_row
from admission.examinations.schemas import DecisionIn, FactsIn, ReferralIn, SupersessionIn, WithdrawalIn
from admission.examinations.states import Kind
from admission.examinations.tell_examination import as_mappings, tell_examination
from admission.examinations.traveller import Traveller, with_scanned
from crossing.desk.lawbook import Lawbook
from crossing.desk.make_determination import make_determination
from crossing.facts.statement import laid_over
from crossing.kit.etag import etag
from crossing.kit.idempotency import Attempt
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer
from crossing.kit.ledger import Ledger
from crossing.rules import Determination, apply_overlay, determine, reference


@dataclass(frozen=True)
class Step:
    """What every step needs: where to record, by which law, who acts, when, and in which language to answer."""

    ledger: Ledger
    lawbook: Lawbook
    caller: Caller
    attempt: Attempt | None
    at: str
    language: str


async def determination_of(lawbook: Lawbook, connection: AsyncConnection, revision: Any) -> Determination:
    """The determination a revision stands on, evaluated again by the very pack it was made with."""
    overlays = json.loads(revision.overlays)
    pack = await lawbook.pack_by_digest(connection, revision.pack_digest) if not overlays else None
    if pack is None:
        pack = lawbook.packs[revision.country]
        for name in overlays:
            pack = apply_overlay(pack, lawbook.overlays[name], revision.day)
    return determine(
        json.loads(revision.facts),
        pack,
        revision.day,
        seeking=json.loads(revision.seeking),
        findings=json.loads(revision.findings),
        overlays=[reference(lawbook.overlays[name]) for name in overlays],
    )


async def add_facts(step: Step, examination: Examination, added: FactsIn) -> Response:
    """Lay facts and findings over what is known and determine the case anew; what the document shows stays.

    Raises ``ExaminationAlreadyDecided``, ``ApplicationWithdrawn``, ``ContradictoryFacts`` or
    ``CaseCannotBeDetermined``.
    """
    require(examination, Kind.FACTS_ADDED)
    latest = examination.latest
    traveller = Traveller(**json.loads(examination.opened.identity))
    findings = {**json.loads(latest.findings), **added.findings}
    determination = make_determination(
        step.lawbook,
        latest.country,
        latest.day,
        seeking=added.seeking if added.seeking is not None else json.loads(latest.seeking),
        overlays=json.loads(latest.overlays),
        facts=with_scanned(laid_over(json.loads(latest.facts), added.facts), traveller),
        findings={key: found for key, found in findings.items() if found},
    )
    return await _revise(step, examination, Kind.FACTS_ADDED, determination, {})


async def refer_to_secondary(
    step: Step, connection: AsyncConnection, examination: Examination, referral: ReferralIn
) -> Response:
    """Refer to secondary; raises ``NotNow``, ``ExaminationAlreadyDecided`` or ``ApplicationWithdrawn``."""
    require(examination, Kind.REFERRED)
    determination = await determination_of(step.lawbook, connection, examination.latest)
    return await _revise(step, examination, Kind.REFERRED, determination, {"reason": referral.reason})


async def record_decision(
    step: Step, connection: AsyncConnection, examination: Examination, decision: DecisionIn
) -> Response:
    """Record an officer's decision; raises ``DepartureNotExplained`` where it departs without saying why."""
    require(examination, Kind.DECIDED)
    determination = await determination_of(step.lawbook, connection, examination.latest)
    return await _revise(step, examination, Kind.DECIDED, determination, decision_detail(determination, decision))


async def supersede_decision(
    step: Step, connection: AsyncConnection, examination: Examination, supersession: SupersessionIn
) -> Response:
    """Put another decision in the place of the one that stands; the earlier one stays in the record."""
    require(examination, Kind.SUPERSEDED)
    determination = await determination_of(step.lawbook, connection, examination.latest)
    detail = {
        "reason": supersession.reason,
        "decision": decision_detail(determination, supersession.decision, "/decision"),
    }
    return await _revise(step, examination, Kind.SUPERSEDED, determination, detail)


async def withdraw_application(
    step: Step, connection: AsyncConnection, examination: Examination, withdrawal: WithdrawalIn
) -> Response:
    """Record that the traveller withdrew the application; raises ``ExaminationAlreadyDecided`` once decided."""
    require(examination, Kind.WITHDRAWN)
    determination = await determination_of(step.lawbook, connection, examination.latest)
    return await _revise(step, examination, Kind.WITHDRAWN, determination, {"reason": withdrawal.reason})


async def _revise(
    step: Step, examination: Examination, kind: Kind, determination: Determination, detail: Mapping[str, Any]
) -> Response:
    latest = examination.latest
    revision = revision_row(
        determination,
        examination_id=latest.examination_id,
        revision=latest.revision + 1,
        kind=kind,
        state=require(examination, kind),
        at=step.at,
        caller=step.caller,
        overlays=json.loads(latest.overlays),
        detail=detail,
    )
    history = [*as_mappings(list(examination.revisions)), revision.values]
    told = tell_examination(examination.opened._asdict(), revision.values, history, determination, step.language)
    answer = JsonAnswer(told, 200, {"ETag": etag(latest.revision + 1)})
    await record(step.ledger, [revision], step.caller, step.at, step.attempt, answer)
    return answer
