"""Histories that tests verify."""

from datetime import timedelta

import httpx
from tests.advance_ruling.cases import (
    DENIAL,
    FILES,
    complete,
    drafted,
    findings,
    opened,
    read,
    sent,
    submitted,
    took,
    traveller,
    under_review,
)
from tests.advance_ruling.desks import do_jobs, signed_in
from tests.conftest import Desk, MovingClock

from crossing.kit.identity import Role


async def happen(desk: Desk, clock: MovingClock) -> None:
    """An issuance, a denial by the clock with a review, a withdrawal, something missing, and a file of three."""
    applicant = signed_in(desk, Role.APPLICANT, "test-applicant")
    adjudicator = signed_in(desk, Role.ADJUDICATOR, "test-adjudicator")
    reader = signed_in(desk, Role.ADJUDICATOR, "test-second-reader")
    async with applicant, adjudicator, reader:
        application = await under_review(applicant, adjudicator)
        await took(adjudicator, application, "findings", findings(), method="PUT")
        await took(adjudicator, application, "issuance")
        denied = await under_review(applicant, adjudicator)
        await took(adjudicator, denied, "findings", findings(US_TN_13="not_met"), method="PUT")
        await took(adjudicator, denied, "denial-proposal", DENIAL)
        await took(reader, denied, "second-reading", {"agrees": True, "reason": "So it is."})
        await three_travellers(applicant)
        await took(applicant, await complete(applicant), "withdrawal")
        missing = await submitted(applicant, await drafted(applicant))
        assert (await sent(applicant, missing, "degree")).status_code == 201
        clock.move(timedelta(days=31))
        await do_jobs(desk)
        assert (await read(applicant, missing["id"]))["state"] == "declined"
        assert (await read(applicant, application["id"]))["state"] == "in_force"
        await took(applicant, denied, "review-request", {"reason": "Read it again."})


async def three_travellers(applicant: httpx.AsyncClient) -> None:
    """A file with two drafts, a third added, and common facts saved over all of them."""
    file = await opened(applicant, travellers=[traveller(), traveller()])
    file = (await applicant.post(f"{FILES}/{file['id']}/travellers", json=traveller())).json()
    headers = {"If-Match": f'"{file["version"]}"'}
    saved = await applicant.patch(f"{FILES}/{file['id']}", json={"request": {"ports": ["Blaine"]}}, headers=headers)
    assert saved.status_code == 200, saved.text
