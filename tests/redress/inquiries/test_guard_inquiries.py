"""Every route of an inquiry wants its number and secret; everything kept of one stands in the audit chain."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from tests.admission.cases import is_problem
from tests.conftest import Desk, MovingClock
from tests.redress.conftest import redress_at, service_of
from tests.redress.inquiries.cases import AGENT, EMAIL, filed, opened_by, send, took

from crossing.kit.database import create_engine
from crossing.kit.identity import Role, open_to_anyone
from crossing.kit.verify import Fault, verify_chains
from redress.covered import covered_rows, rows_without_entry
from redress.inquiries.access import InquiryAccess

pytestmark = pytest.mark.anyio
OPEN = {("POST", "/v1/inquiries"), ("POST", "/v1/recovery")}


def routes_of(app: FastAPI) -> dict[tuple[str, str], set[object]]:
    """The routes of travellers by method and path, with all that they depend on."""
    return {
        (method, str(route.path)): {each.call for each in route.dependant.dependencies}
        for route in iter_route_contexts(app.routes)
        if re.match(r"/v1/(inquir|recovery)", str(route.path))
        for method in route.methods or ()
    }


async def test_a_route_of_an_inquiry_is_opened_by_its_secret_and_the_others_are_open(desk: Desk) -> None:
    routes = routes_of(service_of(desk))
    assert len(routes) == 15
    for route, needs in routes.items():
        assert any(isinstance(each, InquiryAccess) for each in needs) == (route not in OPEN)
        assert (open_to_anyone in needs) == (route in OPEN)


async def test_no_token_of_any_role_opens_an_inquiry(desk: Desk) -> None:
    for role in (None, *Role):
        async with desk.client(role) as client:
            for method, path in routes_of(service_of(desk)).keys() - OPEN:
                body = {} if method in ("POST", "PUT", "PATCH") else None
                answer = await client.request(method, "/redress" + path.replace("{number}", "1"), json=body)
                assert answer.status_code in (401, 429), (role, method, path)


async def test_the_desk_does_not_open_to_a_traveller(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        is_problem(await traveller.get("/redress/v1/cases"), 401, "not-authenticated")


async def test_the_description_names_the_scheme_and_the_form(desk: Desk) -> None:
    async with desk.client(None) as anyone:
        described = (await anyone.get("/redress/v1/openapi.json")).json()
    scheme = described["components"]["securitySchemes"]["HTTPBasic"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "basic")
    form = described["paths"]["/v1/inquiry/evidence"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert form["schema"]["required"] == ["file", "kind"]


async def verified(database: Path) -> tuple[int, list[Fault]]:
    engine = create_engine(f"sqlite+aiosqlite:///{database}")
    try:
        async with engine.connect() as connection:
            return await verify_chains(connection, covered_rows, rows_without_entry)
    finally:
        await engine.dispose()


CHANGES = {
    "who may open it": "UPDATE accesses SET party = 'applicant' WHERE number = 2",
    "by what it is found": "UPDATE inquiries SET subject_key = 'x'",
    "a document": "UPDATE evidence SET sha256 = 'x'",
    "what was said": "UPDATE revisions SET content = replace(content, 'Côté', 'Roy') WHERE revision = 1",
    "an access put in": (
        "INSERT INTO accesses SELECT case_id, 9, 9, party, salt, 'x', made_at FROM accesses WHERE number = 1"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_nothing_kept_of_an_inquiry_is_changed_unseen(tmp_path: Path, clock: MovingClock, change: str) -> None:
    async with redress_at(tmp_path, clock) as desk:
        told = await filed(desk.suite)
        async with opened_by(desk.suite, told) as traveller:
            told |= await took(traveller, told, "representative", AGENT, method="PUT")
            told |= (await send(traveller, told)).json()
            await took(traveller, told, "", {"contact": {"email": EMAIL}, "documents": []}, method="PATCH")
    database = tmp_path / "redress.sqlite"
    assert (await verified(database))[1] == []
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute(CHANGES[change]).rowcount
    assert (await verified(database))[1] != []
