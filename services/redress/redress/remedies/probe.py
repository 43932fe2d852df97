"""Probe: ask the question that went wrong, and see it answered right before the case moves on."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI

from crossing.casework.steps import Step
from crossing.kit.jobs import Job
from crossing.kit.json_text import json_text
from crossing.kit.problems import StaleVersion
from crossing.redress.remedies import load_remedies, sees
from redress.casework.record import record
from redress.casework.steps import Case, load_case, plan_all
from redress.remedies.order import body_of, subject_of
from redress.remedies.reach import NotAccepted, Reach

_INTAKE: Final = "intake"


class Probes:
    """The handler of jobs of the kind ``probe``: ``{case_id, entered}``. A case that moved on is left alone."""

    def __init__(self, app: FastAPI) -> None:
        self._state = app.state
        self._reach = Reach(app)

    async def __call__(self, job: Job) -> None:
        """Probe every correction of a case; raises ``NotYet`` while a service that must answer is away."""
        async with self._state.engine.connect() as connection:
            case = await load_case(connection, job.payload["case_id"])
        if case.state != "correction_verified" or case.latest.entered != job.payload["entered"]:
            return
        failed = await self._failed(case)
        try:
            rows, after = plan_all(case, [self._step(case, failed)])
            await record(self._state, case, after, rows)
        except StaleVersion:
            await self(job)

    async def _failed(self, case: Case) -> list[str]:
        """The ids of the corrections that a port does not show, or whose ruling is not valid."""
        asked: dict[str, Mapping[str, Any]] = {}
        failed = []
        for each in case.content["corrections"]:
            question = self._question(case, each)
            key = json_text(question)
            if key not in asked:
                asked[key] = await self._answer(*question)
            if not sees({"id": each["id"], **body_of(case, each)}, asked[key]):
                failed.append(each["id"])
        return failed

    def _question(self, case: Case, correction: Mapping[str, Any]) -> tuple[str, str, str, Any]:
        """Who is asked, how, and for what, to see whether a correction holds."""
        goes_to = load_remedies()["kinds"][correction["kind"]]["goes_to"]
        if goes_to == "advance-rulings":
            return goes_to, "GET", f"/v1/rulings/{correction['record']['id']}/verify", None
        subject = subject_of(case.content, correction)
        subject |= {"control_number": case.control_number, "case_id": case.id}
        return goes_to, "POST", "/v1/subject-checks", subject

    async def _answer(self, name: str, method: str, path: str, body: Any) -> Mapping[str, Any]:
        answer = await self._reach.ask(name, method, path, body)
        if not answer.is_success:
            raise NotAccepted
        told: Mapping[str, Any] = answer.json()
        return {"ruling": told} if method == "GET" else told

    def _step(self, case: Case, failed: list[str]) -> Step:
        now = self._state.clock()
        if not failed:
            return Step("probe_passed", _INTAKE, _INTAKE, now)
        marked = [
            {**each, "failed": now.isoformat()} if each["id"] in failed else each
            for each in case.content["corrections"]
        ]
        return Step("probe_failed", _INTAKE, _INTAKE, now, content={"corrections": marked}, detail={"failed": failed})
