"""What admission's records hold of the traveller, asked anew whenever somebody has to look."""

import asyncio
from typing import Any, Final

from starlette.responses import Response
from starlette.status import HTTP_200_OK

from crossing.kit.http import HTTPError
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.casework.working import ADMISSION
from redress.desk.people import conflicts_of, require_person, staff_list
from redress.desk.problems import RecordsUnavailable
from redress.desk.schemas import RecordsIn
from redress.remedies.order import subject_of

_SECONDS: Final = 10.0
_AGAIN: Final = {"Retry-After": "5"}


async def read_records(act: Act, case: Case, given: RecordsIn) -> Response:
    """Ask admission, and keep its answer with the conflict set that follows from it.

    Raises ``RecordsUnavailable`` when admission does not answer, and ``StepNotReady`` for a case that names nobody.
    """
    require_person(case)
    content = case.content
    examination = str(given.examination_id) if given.examination_id else content.get("examination_id")
    records = await _ask(act, case, examination)
    looked = {"records": records, "examination_id": examination}
    conflicts = conflicts_of(case, await staff_list(act), told=looked)
    detail = {"examinations": len(records["examinations"]), "lookouts": len(records["lookouts"])}
    step = act.step(case, "read_records", content={**looked, "conflicts": conflicts}, detail=detail)
    return await take(act, case, [step])


async def _ask(act: Act, case: Case, examination: str | None) -> dict[str, Any]:
    citizenships = case.content["identity"].get("citizenships") or []
    about = {"case_id": case.id, "examination_id": examination, "citizenships": citizenships}
    body = {**subject_of(case.content), **about}
    client, token = act.state.neighbours.get(ADMISSION), act.state.service_token
    if client is None or token is None:
        raise RecordsUnavailable(headers=_AGAIN)
    try:
        async with asyncio.timeout(_SECONDS):
            shown = {"Authorization": f"Bearer {token()}"}
            answer = await client.post("/v1/subject-records", json=body, headers=shown)
    except (HTTPError, OSError, TimeoutError) as error:
        raise RecordsUnavailable(headers=_AGAIN) from error
    if answer.status_code != HTTP_200_OK:
        raise RecordsUnavailable(headers=_AGAIN)
    told: dict[str, Any] = answer.json()
    return told
