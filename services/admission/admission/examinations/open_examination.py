"""Open an examination: gather who stands there, determine the case, record both, then answer."""

from datetime import date, datetime

from sqlalchemy import Row
from starlette.responses import Response
from uuid_utils.compat import uuid7

from admission.examinations.revise import record, revision_row
from admission.examinations.schemas import ExaminationIn
from admission.examinations.states import Kind, State
from admission.examinations.tell_examination import tell_examination
from admission.examinations.traveller import document_key, person_key, read_traveller, with_scanned
from admission.rulings.assess import Case
from admission.rulings.kept import assess_all, rows_of, settled_by
from admission.rulings.trust import Trust
from admission.subjects.check import SubjectChecks
from crossing.desk.lawbook import Lawbook
from crossing.desk.make_determination import make_determination, stated_facts
from crossing.kit.clock import local_day
from crossing.kit.database import format_instant
from crossing.kit.etag import etag
from crossing.kit.idempotency import Attempt
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer
from crossing.kit.ledger import Insert, Ledger


async def open_examination(
    ledger: Ledger,
    lawbook: Lawbook,
    secret: bytes,
    trust: Trust,
    subjects: SubjectChecks,
    *,
    port: "Row[tuple[str, ...]]",
    caller: Caller,
    examination: ExaminationIn,
    attempt: Attempt | None,
    at: datetime,
    language: str,
    path: str,
) -> Response:
    """Open an examination at a port and answer with its determination; ``path`` is where examinations are found.

    The case is determined for the day it is at the port, with what the rulings presented settle: ``trust`` reads them.
    A ruling that cannot be relied on is recorded, and the examination is an ordinary one. What ``subjects`` shows of
    the traveller stands beside the determination and never changes it. Raises
    ``MachineReadableZoneUnreadable``, ``ContradictoryFacts`` and ``CaseCannotBeDetermined``; nothing is kept then.
    """
    today = local_day(at, port.time_zone)
    traveller = read_traveller(examination.scan, date.fromisoformat(today))
    check = await subjects.at_the_port(traveller, today, examination.redress_control_number)
    facts = {"arrival.mode": port.mode, "arrival.place": port.kind, **stated_facts(examination)}
    known = with_scanned(facts, traveller)
    readings = [await trust.read(token) for token in examination.rulings]
    case = Case(lawbook.packs[port.country], today, examination.seeking, known, traveller, examination.reattested)
    assessed = assess_all(readings, case)
    determination = make_determination(
        lawbook,
        port.country,
        today,
        seeking=examination.seeking,
        overlays=examination.overlays,
        facts=known,
        findings=examination.findings,
        settled=settled_by(readings, assessed),
    )
    instant, examination_id = format_instant(at), str(uuid7())
    opened = {
        "id": examination_id,
        "port_id": port.id,
        "terminal_id": caller.terminal_id,
        "opened_at": instant,
        "opened_by": caller.subject,
        "language": examination.language,
        "identity": traveller.to_json(),
        "document_key": document_key(traveller, secret),
        "person_key": person_key(traveller, secret),
    }
    revision = revision_row(
        determination,
        examination_id=examination_id,
        revision=1,
        kind=Kind.OPENED,
        state=State.PRIMARY,
        at=instant,
        caller=caller,
        overlays=examination.overlays,
        detail={"subject": check},
    )
    presented = rows_of(
        readings,
        assessed,
        determination,
        examination_id=examination_id,
        revision=1,
        port_id=port.id,
        reattested=examination.reattested,
    )
    rulings = [row.values for row in presented]
    told = tell_examination(opened, revision.values, [revision.values], determination, language, rulings)
    headers = {"ETag": etag(1), "Location": f"{path}/{examination_id}"}
    answer = JsonAnswer(told, 201, headers)
    rows = [Insert("examinations", opened), *presented, revision]
    await record(ledger, rows, caller, instant, attempt, answer)
    return answer
