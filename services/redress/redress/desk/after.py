"""What follows a decision: the correction, a notation where it was refused, late reasons, the panel of an appeal."""

from dataclasses import replace

from starlette.responses import Response

from crossing.kit.database import format_instant
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.desk.deciding import decided_before
from redress.desk.drafts import check_remedies
from redress.desk.people import as_person, conflicts_of, free_of_conflict, staff_list
from redress.desk.problems import wrong
from redress.desk.queue import remedies_for_review
from redress.desk.schemas import CorrectionIn, NotationIn, NoteIn, PanelIn, ReasonIn, RemedyIn, ReviewIn
from redress.remedies.order import order_correction, reorder_correction

_PANEL = "appeal_panel"


async def correct(act: Act, case: Case, given: CorrectionIn) -> Response:
    """Order the correction that was granted, or order it anew where the record had changed meanwhile.

    Raises ``InvalidRequest`` for corrections that were never ordered, and ``StepNotReady`` for one ordered anew before
    the records were read again.
    """
    if not given.corrections:
        party = act.step(case, "order_correction").party
        return await take(act, case, [order_correction(case, party, act.caller.subject, act.at)])
    staff = await staff_list(act)
    person, conflicts = as_person(act.caller.subject, staff, ""), conflicts_of(case, staff)
    free_of_conflict(person, conflicts, "")
    anew = {each.number: each.model_dump(mode="json", exclude={"number"}) for each in given.corrections}
    detail = {"adjudicator": person, "looked_at": _looked_again_at(case)}
    party = act.step(case, "reorder_correction").party
    return await take(act, case, [reorder_correction(case, party, act.caller.subject, act.at, anew, detail)])


def _looked_again_at(case: Case) -> str | None:
    """When the records were read after a correction was refused or had no effect, if they were."""
    after = max((row.revision for row in case.history if row.event in ("remedy_refused", "probe_failed")), default=0)
    return next((row.at for row in case.history if row.event == "read_records" and row.revision > after), None)


async def notate(act: Act, case: Case, given: NotationIn) -> Response:
    """Put the traveller's statement beside a record whose correction was refused."""
    remedy = RemedyIn(kind="record_notated", record=given.record, content={"text": given.text})
    check_remedies(case.content, [remedy])
    step = act.step(case, "notate", detail={"record": given.record.model_dump(mode="json")})
    ordered = order_correction(case, step.party, step.actor, act.at, [remedy.model_dump(mode="json")])
    return await take(act, case, [replace(step, content=ordered.content)])


async def accept_late_reason(act: Act, case: Case, given: ReasonIn) -> Response:
    """Let an appeal be filed after its last day, for a reason."""
    accepted = {"by": act.caller.subject, "at": format_instant(act.at), "reason": given.reason}
    content = {"late_reason_accepted": accepted}
    return await take(
        act, case, [act.step(case, "accept_late_reason", content=content, detail={"reason": given.reason})]
    )


async def note(act: Act, case: Case, given: NoteIn) -> Response:
    """Write something down in a case."""
    return await take(act, case, [act.step(case, "note", detail={"text": given.text})])


async def confirm_remedy(act: Act, case: Case, given: ReviewIn) -> Response:
    """Let a remedy hold on that was due for review; raises ``StepNotReady`` for any other."""
    remedy = str(given.remedy)
    due = remedy in await remedies_for_review(act.connection, case.id)
    detail = {"remedy": remedy, "reason": given.reason, "review_due": due}
    return await take(act, case, [act.step(case, "confirm_remedy", detail=detail)])


async def seat_panel(act: Act, case: Case, given: PanelIn) -> Response:
    """Name the members of the panel; raises ``ConflictOfInterest`` for one who took part before."""
    staff = await staff_list(act)
    conflicts = conflicts_of(case, staff, beside=decided_before(case))
    members = [as_person(subject, staff, f"/members/{place}") for place, subject in enumerate(given.members)]
    for place, person in enumerate(members):
        free_of_conflict(person, conflicts, f"/members/{place}")
        if _PANEL not in staff[person["subject"]].duties:
            raise wrong(f"/members/{place}", "not_a_panellist")
    content = {"panel": given.members, "conflicts": conflicts, "draft": None}
    return await take(act, case, [act.step(case, "seat_panel", content=content, detail={"panel": members})])
