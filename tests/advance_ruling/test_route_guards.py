"""Every route of advance rulings says who may call it, and lets in nobody else."""

import re

import pytest
from fastapi.routing import iter_route_contexts
from tests.admission.test_route_guards import guards, unguarded
from tests.advance_ruling.desks import service_of
from tests.conftest import Desk

from crossing.kit.identity import Role, open_to_anyone

pytestmark = pytest.mark.anyio

APPLICANT, DESK = {Role.APPLICANT}, {Role.ADJUDICATOR}
APPLICATION = "/v1/applications/{application_id}"
ROLES: dict[tuple[str, str], set[Role]] = {
    ("POST", "/v1/files"): APPLICANT,
    ("GET", "/v1/files"): APPLICANT,
    ("GET", "/v1/files/{file_id}"): APPLICANT,
    ("PATCH", "/v1/files/{file_id}"): APPLICANT,
    ("POST", "/v1/files/{file_id}/travellers"): APPLICANT,
    ("GET", "/v1/applications"): APPLICANT | DESK,
    ("GET", APPLICATION): APPLICANT | DESK,
    ("PATCH", APPLICATION): APPLICANT,
    ("GET", f"{APPLICATION}/evidence"): APPLICANT | DESK,
    ("GET", f"{APPLICATION}/evidence/{{number}}"): APPLICANT | DESK,
    ("GET", f"{APPLICATION}/precedents"): DESK,
    ("PUT", f"{APPLICATION}/precedents"): DESK,
    ("PUT", f"{APPLICATION}/findings"): DESK,
    **{
        ("POST", f"{APPLICATION}/{verb}"): APPLICANT
        for verb in ("submission", "answers", "withdrawal", "review-request", "evidence")
    },
    **{
        ("POST", f"{APPLICATION}/{verb}"): DESK
        for verb in (
            "assignment",
            "questions",
            "issuance",
            "denial-proposal",
            "second-reading",
            "denial",
            "declination",
            "deficiency",
        )
    },
}


async def test_every_route_declares_its_guard(desk: Desk) -> None:
    assert unguarded(service_of(desk)) == []


async def test_files_and_applications_let_in_whom_the_table_says(desk: Desk) -> None:
    found: dict[tuple[str, str], set[Role]] = {}
    for route in iter_route_contexts(service_of(desk).routes):
        if re.match(r"/v1/(files|applications)", str(route.path)):
            for method in route.methods or ():
                for guard in guards(route):
                    assert guard is not open_to_anyone
                    found[method, route.path] = set(guard.roles)  # type: ignore[attr-defined]
    assert found == ROLES


@pytest.mark.parametrize(("method", "path"), ROLES)
async def test_nobody_without_a_token_and_no_officer_comes_in(desk: Desk, method: str, path: str) -> None:
    address = "/advance-rulings" + re.sub(r"\{\w+_id\}", "0190b5a4-0000-7000-8000-000000000000", path)
    address = address.replace("{number}", "1")
    for role, status in ((None, 401), (Role.OFFICER, 403)):
        async with desk.client(role) as client:
            answer = await client.request(method, address, json={} if method != "GET" else None)
        assert answer.status_code == status
