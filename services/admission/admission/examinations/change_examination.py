"""The steps after opening: facts and findings, referral, decision, withdrawal, supersession.

Each gathers the examination as it stands, determines the case anew where facts change, and appends one revision.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from admission.examinations.decide import decision_detail, refused_for
from admission.examinations.revise import Examination, record, require, revision_row
from admission.examinations.schemas import (
    DecisionIn,
    FactsIn,
    ReferralIn,
    SupersessionIn,
    WithdrawalIn,
)
from admission.examinations.states import Kind
from admission.examinations.tell_examination import as_mappings, tell_examination
from admission.examinations.traveller import Traveller, with_scanned
from admission.port_notices.board import NoticeBoard
from admission.rulings.assess import Case
from admission.rulings.departing import confirmation_detail, departure_detail, outcome_for_rulings
from admission.rulings.events import events_of_decision
from admission.rulings.kept import assess_all, reading_again, rows_of, settled_by, settled_in, was_reattested
from admission.rulings.schemas import DepartureConfirmationIn, RulingDepartureIn
from admission.subjects.at_examination import refused_for_the_same, require_heeded, uses
from admission.subjects.check import SubjectChecks
from admission.subjects.stays import stay_granted
from crossing.desk.lawbook import LaidOver, Lawbook
from crossing.desk.make_determination import determine_by
from crossing.facts.statement import laid_over
from crossing.kit.etag import etag
from crossing.kit.idempotency import Attempt
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer
from crossing.kit.ledger import Insert, Ledger
from crossing.rules import Determination, determine


@dataclass(frozen=True)
class Step:
    """What every step needs: where to record, by which law, who acts, when, and in which language to answer."""

    ledger: Ledger
    lawbook: Lawbook
    caller: Caller
    attempt: Attempt | None
    at: str
    language: str
    receivers: frozenset[str]
    subjects: SubjectChecks
    notice_board: NoticeBoard


async def law_of(lawbook: Lawbook, connection: AsyncConnection, examination: Examination) -> LaidOver:
    """The law an examination was opened by: it stays its law, whatever is released meanwhile.

    What overlays made of a pack is not kept: they are laid over the pack of this release, which the revision names.
    """
    revision = examination.latest
    overlays = json.loads(revision.overlays)
    if overlays:
        return lawbook.pack(revision.country, overlays, revision.day)
    return LaidOver(await lawbook.pack_by_digest(connection, revision.pack_digest), ())


async def determination_of(lawbook: Lawbook, connection: AsyncConnection, examination: Examination) -> Determination:
    """The determination an examination stands on, evaluated again by the very pack it was made with."""
    revision = examination.latest
    law = await law_of(lawbook, connection, examination)
    return determine(
        json.loads(revision.facts),
        law.pack,
        revision.day,
        seeking=json.loads(revision.seeking),
        findings=json.loads(revision.findings),
        overlays=law.overlays,
        settled=settled_in(examination.rulings),
    )


async def add_facts(step: Step, connection: AsyncConnection, examination: Examination, added: FactsIn) -> Response:
    """Lay facts and findings over what is known and determine the case anew; what the document shows stays.

    It is determined by the pack and for the day that it was opened with. The rulings presented are compared again with
    what is known now.
    Raises ``ExaminationAlreadyDecided``, ``ApplicationWithdrawn``, ``ContradictoryFacts`` or
    ``CaseCannotBeDetermined``.
    """
    require(examination, Kind.FACTS_ADDED)
    latest = examination.latest
    traveller = Traveller(**json.loads(examination.opened.identity))
    findings = {**json.loads(latest.findings), **added.findings}
    seeking = added.seeking if added.seeking is not None else json.loads(latest.seeking)
    facts = with_scanned(laid_over(json.loads(latest.facts), added.facts), traveller)
    readings = [reading_again(row) for row in examination.rulings]
    reattested = added.reattested or was_reattested(examination.rulings)
    law = await law_of(step.lawbook, connection, examination)
    case = Case(law.pack, latest.day, seeking, facts, traveller, reattested)
    assessed = assess_all(readings, case)
    determination = determine_by(
        law,
        latest.day,
        seeking=seeking,
        facts=facts,
        findings={key: found for key, found in findings.items() if found},
        settled=settled_by(readings, assessed),
    )
    presented = rows_of(
        readings,
        assessed,
        determination,
        examination_id=latest.examination_id,
        revision=latest.revision + 1,
        port_id=latest.port_id,
        reattested=reattested,
    )
    return await _revise(step, examination, Kind.FACTS_ADDED, determination, {}, presented=presented)


async def refer_to_secondary(
    step: Step, connection: AsyncConnection, examination: Examination, referral: ReferralIn
) -> Response:
    """Refer to secondary; raises ``NotNow``, ``ExaminationAlreadyDecided`` or ``ApplicationWithdrawn``."""
    require(examination, Kind.REFERRED)
    determination = await determination_of(step.lawbook, connection, examination)
    return await _revise(step, examination, Kind.REFERRED, determination, {"reason": referral.reason})


async def record_decision(
    step: Step, connection: AsyncConnection, examination: Examination, decision: DecisionIn
) -> Response:
    """Record an officer's decision, and which rulings it honours.

    Raises ``DepartureNotExplained`` where it departs from the determination without saying why, ``RulingBinds`` where
    it does not honour a ruling from which no departure is confirmed, ``SeniorOfficerNeeded`` and ``NotationUnread``
    where a remedy asks for more, and ``PortNoticeUnread`` where the officer has to read a notice about the class first.
    """
    require(examination, Kind.DECIDED)
    require_heeded(subject_shown(examination), step.caller.roles, decision.notations_read)
    rulings = outcome_for_rulings(examination.rulings, as_mappings(list(examination.revisions)), decision)
    determination = await determination_of(step.lawbook, connection, examination)
    detail = decision_detail(determination, decision)
    await _require_notices_read(step, determination, decision)
    detail |= {"rulings": rulings} if rulings else {}
    jobs = [*_events(step, examination, rulings), *_repeats(step, examination, determination, decision)]
    beside = [*_uses(step, examination), *_stay(step, examination, detail)]
    return await _revise(step, examination, Kind.DECIDED, determination, detail, jobs=jobs, beside=beside)


async def supersede_decision(
    step: Step, connection: AsyncConnection, examination: Examination, supersession: SupersessionIn
) -> Response:
    """Put another decision in the place of the one that stands; the earlier one stays in the record."""
    require(examination, Kind.SUPERSEDED)
    require_heeded(subject_shown(examination), step.caller.roles, supersession.decision.notations_read, "/decision")
    history = as_mappings(list(examination.revisions))
    rulings = outcome_for_rulings(examination.rulings, history, supersession.decision, "/decision")
    determination = await determination_of(step.lawbook, connection, examination)
    decision = decision_detail(determination, supersession.decision, "/decision")
    await _require_notices_read(step, determination, supersession.decision)
    decision |= {"rulings": rulings} if rulings else {}
    detail = {"reason": supersession.reason, "decision": decision}
    jobs = [*_events(step, examination, rulings), *_repeats(step, examination, determination, supersession.decision)]
    stay = _stay(step, examination, decision)
    return await _revise(step, examination, Kind.SUPERSEDED, determination, detail, jobs=jobs, beside=stay)


async def _require_notices_read(step: Step, determination: Determination, decision: DecisionIn) -> None:
    """A refusal is one in every class that was sought."""
    granted = [decision.class_] if decision.class_ else [each.id for each, _ in determination.classes]
    await step.notice_board.require_read(step.caller, granted, step.at)


async def propose_departure(
    step: Step, connection: AsyncConnection, examination: Examination, departure: RulingDepartureIn
) -> Response:
    """Record that an officer would depart from a ruling; raises what ``departure_detail`` raises."""
    require(examination, Kind.DEPARTURE_PROPOSED)
    determination = await determination_of(step.lawbook, connection, examination)
    detail = departure_detail(examination.rulings, departure)
    return await _revise(step, examination, Kind.DEPARTURE_PROPOSED, determination, detail)


async def confirm_departure(
    step: Step, connection: AsyncConnection, examination: Examination, confirmation: DepartureConfirmationIn
) -> Response:
    """Record that a second officer confirms a departure; raises what ``confirmation_detail`` raises."""
    require(examination, Kind.DEPARTURE_CONFIRMED)
    determination = await determination_of(step.lawbook, connection, examination)
    detail = confirmation_detail(as_mappings(list(examination.revisions)), confirmation, step.caller.subject)
    return await _revise(step, examination, Kind.DEPARTURE_CONFIRMED, determination, detail)


def _stay(step: Step, examination: Examination, decision: Mapping[str, Any]) -> list[Insert]:
    keys = step.subjects.keys_of(Traveller(**json.loads(examination.opened.identity)))
    return stay_granted(examination.latest, decision, keys)


def subject_shown(examination: Examination) -> dict[str, Any]:
    """What the subject check showed when an examination was opened; nothing of one opened before there were checks."""
    shown: dict[str, Any] = json.loads(examination.revisions[0].detail).get("subject") or {}
    return shown


def _uses(step: Step, examination: Examination) -> list[Insert]:
    opened, revision = examination.opened, examination.latest.revision + 1
    return uses(subject_shown(examination), opened.id, revision, opened.port_id, step.at)


def _repeats(step: Step, examination: Examination, determination: Determination, decision: DecisionIn) -> list[Insert]:
    """The events of a refusal for a requirement that redress watches; a refusal said anew is no repeat of itself."""
    was_refused = (examination.decision or {}).get("action") == "refuse"
    if decision.action != "refuse" or was_refused:
        return []
    rests_on = refused_for(determination, decision)
    shown = subject_shown(examination)
    return refused_for_the_same(shown, rests_on, examination.opened.id, step.receivers, step.at)


def _events(step: Step, examination: Examination, rulings: Sequence[Mapping[str, Any]]) -> list[Insert]:
    return events_of_decision(
        rulings,
        step.receivers,
        examination_id=examination.opened.id,
        port_id=examination.opened.port_id,
        language=examination.opened.language,
        at=step.at,
    )


async def withdraw_application(
    step: Step, connection: AsyncConnection, examination: Examination, withdrawal: WithdrawalIn
) -> Response:
    """Record that the traveller withdrew the application; raises ``ExaminationAlreadyDecided`` once decided."""
    require(examination, Kind.WITHDRAWN)
    determination = await determination_of(step.lawbook, connection, examination)
    return await _revise(step, examination, Kind.WITHDRAWN, determination, {"reason": withdrawal.reason})


async def _revise(
    step: Step,
    examination: Examination,
    kind: Kind,
    determination: Determination,
    detail: Mapping[str, Any],
    *,
    presented: Sequence[Insert] | None = None,
    beside: Sequence[Insert] = (),
    jobs: Sequence[Insert] = (),
) -> Response:
    """Append a revision; ``presented`` are the rows of the rulings where they were assessed again.

    ``beside`` are other rows that its audit entry covers: remedies used, then the stay.
    """
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
    rulings = examination.rulings if presented is None else [row.values for row in presented]
    opened = examination.opened._asdict()
    told = tell_examination(opened, revision.values, history, determination, step.language, rulings)
    answer = JsonAnswer(told, 200, {"ETag": etag(latest.revision + 1)})
    await record(step.ledger, [*(presented or ()), *beside, revision], step.caller, step.at, step.attempt, answer, jobs)
    return answer
