"""The way back for who lost number or secret: every request is answered and worked alike, whether a case exists or not.

A request only appends a job; the job looks for cases later, and writes to nobody but the address on file.
"""

import hmac
import json
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils.compat import uuid7

from crossing.kit.database import format_instant
from crossing.kit.jobs import Job, job
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.ledger import Insert
from crossing.kit.limiter import address_of
from redress.casework.steps import load_case
from redress.inquiries.file_inquiry import TRAVELLERS_ACCESS
from redress.inquiries.keys import address_key, subject_key
from redress.inquiries.mail import secret_mail
from redress.inquiries.queries import cases_of_person
from redress.inquiries.schemas import RecoveryIn

RECOVERY: Final = "recovery"


_TEXTS: Final = {
    "en": "If an inquiry has this name, birth date and e-mail address, the way back to it is sent there.",
    "fr": "Si une demande correspond à ce nom, à cette date de naissance et à cette adresse, un message y est envoyé"
    " pour la retrouver.",
    "es": "Si hay una solicitud con este nombre, fecha de nacimiento y correo, se envía allí cómo volver a ella.",
}


async def ask_for_the_way_back(request: Request, given: RecoveryIn) -> Response:
    """Take a request: one keyed hash each and one job, whether there is such a case or not.

    Raises ``Locked`` when the same was asked too often, by address or for one person.
    """
    state, language = request.app.state, language_of(request)
    wanted = recovery_job(state.identity_key, given, format_instant(state.clock()))
    keys = f"address/{address_of(request)}", f"person/{json.loads(wanted.values['payload'])['person']}"
    state.recoveries.require_open(*keys)
    state.recoveries.count(*keys)
    await state.ledger.append([wanted], None)
    return JsonAnswer({"text": _TEXTS[language]}, 202, {"Content-Language": language})


def recovery_job(key: bytes, given: RecoveryIn, at: str) -> Insert:
    """The job that looks for the cases of a person; it holds keyed hashes, and no name."""
    payload = {"person": subject_key(key, given.model_dump()), "address": address_key(key, given.email)}
    return job(RECOVERY, f"recovery/{uuid7()}", at, payload, at=at)


class Recoveries:
    """Handler of ``recovery``: sends the secret of each case of that person whose address on file is the one given."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Append the messages; a repeat may append them once more, which does no harm."""
        state, told = self._app.state, job.payload
        rows = []
        async with state.engine.connect() as connection:
            for case_id in await cases_of_person(connection, told["person"]):
                on_file = (await load_case(connection, case_id)).content["contact"].get("email")
                if on_file and hmac.compare_digest(address_key(state.identity_key, on_file), told["address"]):
                    rows.append(secret_mail(case_id, TRAVELLERS_ACCESS, RECOVERY, state.clock()))
        if rows:
            await state.ledger.append(rows, None)
