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

    A case that an examination opened, and nobody filed, names its traveller from then on.
    Raises ``RecordsUnavailable`` when admission does not answer, and ``StepNotReady`` for a case that names nobody.
    """
    person = {} if case.content.get("identity") else await _person(act, case)
    content = {**case.content, **person}
    examination = str(given.examination_id) if given.examination_id else content.get("examination_id")
    about = {
        **subject_of(content),
        "case_id": case.id,
        "examination_id": examination,
        "citizenships": content["identity"].get("citizenships") or [],
    }
    records = await _ask(act, "/v1/subject-records", about)
    looked = {**person, "records": records, "examination_id": examination}
    conflicts = conflicts_of(case, await staff_list(act), told=looked)
    detail = {"examinations": len(records["examinations"]), "lookouts": len(records["lookouts"])}
    step = act.step(case, "read_records", content={**looked, "conflicts": conflicts}, detail=detail)
    return await take(act, case, [step])


async def _person(act: Act, case: Case) -> dict[str, Any]:
    """Whom the examination was about that opened a case; no other examination is asked about for a case of nobody."""
    if not case.opened.examination_id:
        require_person(case)
    about = {"case_id": case.id, "examination_id": case.opened.examination_id}
    told = await _ask(act, "/v1/examination-subjects", about)
    identity = {name: told[name] for name in ("surname", "given_names", "born_on")}
    identity["citizenships"] = [told["nationality"]] if told["nationality"] else []
    document = {"kind": told["document_kind"] or "other", "number": told["document_number"]}
    document |= {name: told[name] for name in ("issued_by", "expires_on")}
    return {"identity": identity, "documents": [document]}


async def _ask(act: Act, path: str, about: dict[str, Any]) -> dict[str, Any]:
    client, token = act.state.neighbours.get(ADMISSION), act.state.service_token
    if client is None or token is None:
        raise RecordsUnavailable(headers=_AGAIN)
    try:
        async with asyncio.timeout(_SECONDS):
            headers = {"Authorization": f"Bearer {await token()}"}
            answer = await client.post(path, json=about, headers=headers)
    except (HTTPError, OSError, TimeoutError) as error:
        raise RecordsUnavailable(headers=_AGAIN) from error
    if answer.status_code != HTTP_200_OK:
        raise RecordsUnavailable(headers=_AGAIN)
    told: dict[str, Any] = answer.json()
    return told
