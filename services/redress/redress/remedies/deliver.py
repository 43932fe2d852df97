"""Bring a remedy to the service that keeps the record, until it is acknowledged; its id makes a repeat harmless."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI

from crossing.casework.steps import Step
from crossing.kit.events import MEDIA_TYPE, PATH
from crossing.kit.http import Response
from crossing.kit.jobs import Job
from crossing.kit.logging import log
from crossing.kit.problems import StaleVersion
from crossing.redress.remedies import load_remedies
from redress.casework.record import record
from redress.casework.steps import Case, load_case, plan_all
from redress.remedies.order import body_of, with_outcome
from redress.remedies.reach import NotAccepted, Reach

ADMISSION: Final = "admission"
_TRIES: Final = 5
#: Answers that no repeat would change: the record is unknown or changed, or the remedy has no place there.
_REFUSED: Final = (404, 409, 412, 422)


class Deliveries:
    """The handler of jobs of the kind ``remedy``: ``{case_id, id}`` for a correction, ``{case_id, watch}`` for a watch.

    Delivering twice changes nothing: the receiver knows a remedy by its id, the case an acknowledgement by its
    correction.
    """

    def __init__(self, app: FastAPI) -> None:
        self._state = app.state
        self._reach = Reach(app)

    async def __call__(self, job: Job) -> None:
        """Deliver a remedy and enter what came of it; raises ``NotYet`` while the receiver is away."""
        case = await self._case(job.payload["case_id"])
        watch: Mapping[str, Any] | None = job.payload.get("watch")
        if watch:
            _require_taken(await self._put(case, watch))
            return
        correction = _open_correction(case, job.payload["id"])
        if correction is None:
            return
        restored = correction["kind"] == "ruling_restored"
        answer = await (self._tell(case, correction) if restored else self._put(case, correction))
        if answer.status_code in _REFUSED:
            await self._enter(job, "remedy_refused", {"refused": _refusal(self._at(), answer)})
            return
        _require_taken(answer)
        version = correction["version"] if restored else answer.json()["version"]
        await self._enter(job, "remedy_applied", {"applied": {"version": version, "at": self._at()}})
        log().info("remedy.applied", kind=correction["kind"])

    def _at(self) -> str:
        return str(self._state.clock().isoformat())

    async def _case(self, case_id: str) -> Case:
        async with self._state.engine.connect() as connection:
            return await load_case(connection, case_id)

    async def _put(self, case: Case, remedy: Mapping[str, Any]) -> Response:
        return await self._reach.ask(ADMISSION, "PUT", f"/v1/remedies/{remedy['id']}", body_of(case, remedy))

    async def _tell(self, case: Case, correction: Mapping[str, Any]) -> Response:
        """A ruling is restored by an event, which its receiver takes once by its id."""
        number = correction["record"]["id"]
        event = {
            "specversion": "1.0",
            "id": correction["id"],
            "source": "/redress",
            "type": load_remedies()["kinds"]["ruling_restored"]["message"],
            "subject": number,
            "datacontenttype": "application/json",
            "data": {"number": number, "case": case.id},
        }
        return await self._reach.ask("advance-rulings", "POST", PATH, event, {"Content-Type": MEDIA_TYPE})

    async def _enter(self, job: Job, event: str, outcome: Mapping[str, Any]) -> None:
        """Enter what came of a correction; who acted on the case meanwhile is not in the way."""
        for _ in range(_TRIES):
            case = await self._case(job.payload["case_id"])
            if _open_correction(case, job.payload["id"]) is None:
                return
            rows, after = plan_all(case, self._steps(case, job.payload["id"], event, outcome))
            try:
                await record(self._state, case, after, rows)
            except StaleVersion:
                continue
            return
        raise StaleVersion

    def _steps(self, case: Case, identifier: str, event: str, outcome: Mapping[str, Any]) -> list[Step]:
        now = self._state.clock()
        corrections = with_outcome(case.content["corrections"], identifier, **outcome)
        detail = {"id": identifier, **outcome}
        steps = [Step(event, ADMISSION, ADMISSION, now, content={"corrections": corrections}, detail=detail)]
        if case.state == "correction_pending" and all(each["applied"] for each in corrections):
            steps.append(Step("applied", ADMISSION, ADMISSION, now))
        return steps


def _open_correction(case: Case, identifier: str) -> Mapping[str, Any] | None:
    """A correction that nothing has become of yet; ``None`` where something has, or it was ordered anew."""
    for each in case.content.get("corrections") or ():
        if each["id"] == identifier and not each["applied"] and not each["refused"]:
            found: Mapping[str, Any] = each
            return found
    return None


def _require_taken(answer: Response) -> None:
    if not answer.is_success:
        raise NotAccepted


def _refusal(at: str, answer: Response) -> dict[str, Any]:
    """What the receiver said, in its own words: the type of the problem, and each thing that it names."""
    problem = answer.json()
    what = [each["detail"] for each in problem.get("errors", ())]
    return {"at": at, "problem": problem["type"], "what": what}
