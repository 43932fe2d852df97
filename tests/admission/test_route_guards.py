"""Every route says who may call it; one that says nothing fails here before anybody finds it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from tests.admission.desks import service_of
from tests.conftest import Desk

from crossing.kit.identity import Role, caller_with, open_to_anyone

pytestmark = pytest.mark.anyio

OPENAPI = "/v1/openapi.json"
STAFF = {Role.OFFICER, Role.SUPERVISOR}
# Who may call what. A route of the API that is not here fails the test, as does one that lets in anybody else.
ROLES: dict[tuple[str, str], set[Role]] = {
    ("POST", "/v1/examinations"): STAFF,
    ("GET", "/v1/examinations"): STAFF,
    ("GET", "/v1/examinations/{examination_id}"): STAFF,
    ("GET", "/v1/examinations/{examination_id}/revisions"): STAFF,
    ("GET", "/v1/examinations/{examination_id}/history"): STAFF,
    ("GET", "/v1/examinations/{examination_id}/notice"): STAFF,
    ("PATCH", "/v1/examinations/{examination_id}/facts"): STAFF,
    ("POST", "/v1/examinations/{examination_id}/referral"): STAFF,
    ("POST", "/v1/examinations/{examination_id}/decision"): STAFF,
    ("POST", "/v1/examinations/{examination_id}/departure"): STAFF,
    ("POST", "/v1/examinations/{examination_id}/departure/confirmation"): STAFF,
    ("POST", "/v1/examinations/{examination_id}/withdrawal"): STAFF,
    ("POST", "/v1/examinations/{examination_id}/supersession"): {Role.SUPERVISOR},
    ("GET", "/v1/ports"): STAFF | {Role.ANALYST, Role.SERVICE},
    ("POST", "/v1/ports"): {Role.SUPERVISOR},
    ("GET", "/v1/ports/{port_id}"): STAFF | {Role.ANALYST, Role.SERVICE},
    ("GET", "/v1/ports/{port_id}/terminals"): STAFF | {Role.ANALYST, Role.SERVICE},
    ("POST", "/v1/ports/{port_id}/terminals"): {Role.SUPERVISOR},
    ("POST", "/v1/events"): {Role.SERVICE},
    ("POST", "/v1/exits"): {Role.SUPERVISOR, Role.SERVICE},
    ("POST", "/v1/lookouts"): {Role.SUPERVISOR, Role.SERVICE},
    ("POST", "/v1/members"): {Role.SUPERVISOR, Role.SERVICE},
    ("POST", "/v1/subject-checks"): {Role.SERVICE},
    ("POST", "/v1/subject-records"): {Role.SERVICE},
    ("POST", "/v1/examination-subjects"): {Role.SERVICE},
    ("GET", "/v1/port-notices"): STAFF,
    ("PUT", "/v1/port-notices/{notice_id}"): {Role.SERVICE},
    ("POST", "/v1/port-notices/{notice_id}/reading"): STAFF,
    ("PUT", "/v1/remedies/{remedy_id}"): {Role.SERVICE},
}
OPEN = {
    ("POST", "/v1/determinations"),
    ("GET", "/v1/classes"),
    ("GET", "/v1/classes/{class_id}"),
    ("GET", "/v1/requirements"),
    ("GET", "/v1/requirements/{requirement_id}"),
    ("GET", "/v1/facts"),
    ("GET", "/v1/tables"),
    ("GET", "/v1/tables/{table_id}"),
    ("GET", "/v1/docs"),
    ("GET", "/v1/healthz"),
    ("GET", "/v1/readyz"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
}


def guards(route: RouteContext) -> list[Callable[..., Any]]:
    """The guards among everything a route depends on."""

    def every(dependant: Dependant) -> Iterator[Callable[..., Any]]:
        for inner in dependant.dependencies:
            if inner.call:
                yield inner.call
            yield from every(inner)

    return [call for call in every(route.dependant) if call is open_to_anyone or hasattr(call, "roles")]


def unguarded(app: FastAPI) -> list[str]:
    """Routes without a guard; whatever else answers requests counts, too, but the API's own description."""
    return [
        f"{route.methods} {route.path}"
        for route in iter_route_contexts(app.routes)
        if route.path != OPENAPI and not (isinstance(route.original_route, APIRoute) and guards(route))
    ]


async def test_every_route_declares_its_guard(desk: Desk) -> None:
    assert unguarded(service_of(desk)) == []


async def test_a_route_without_a_guard_would_be_found() -> None:
    app = FastAPI(openapi_url=OPENAPI, docs_url=None, redoc_url=None)

    @app.get("/v1/forgotten")
    async def forgotten() -> str:
        return "anybody reads this"

    app.mount("/files", FastAPI())
    assert unguarded(app) == ["{'GET'} /v1/forgotten", "None /files"]


async def test_every_route_of_the_api_lets_in_whom_the_table_says_and_nobody_else(desk: Desk) -> None:
    found: dict[tuple[str, str], set[Role]] = {}
    opened: set[tuple[str, str]] = set()
    for route in iter_route_contexts(service_of(desk).routes):
        if route.path == OPENAPI or not re.match(r"/v1/|/healthz|/readyz", str(route.path)):
            continue
        for method in route.methods or ():
            for guard in guards(route):
                if guard is open_to_anyone:
                    opened.add((method, route.path))
                else:
                    allowed: set[Role] = set(guard.roles)  # type: ignore[attr-defined]
                    found[method, route.path] = found.get((method, route.path), allowed) & allowed
    assert found == ROLES
    assert opened == OPEN


@pytest.mark.parametrize(("method", "path"), ROLES)
@pytest.mark.parametrize("role", [None, *Role])
async def test_a_caller_is_let_in_by_role(desk: Desk, method: str, path: str, role: Role | None) -> None:
    """The guard itself, through every route: 401 for nobody, 403 for a role not in the table, anything else inside it."""
    address = "/admission" + path.replace("{examination_id}", "0190b5a4-0000-7000-8000-000000000000").replace(
        "{port_id}", "US-NOWHERE"
    ).replace("{notice_id}", "0190b5a4-0000-7000-8000-000000000000")
    # Of services, some routes let in redress alone.
    subject = {"subject": "redress"} if role is Role.SERVICE else {}
    async with desk.client(role, **subject) as client:
        kind = "application/cloudevents+json" if path == "/v1/events" else "application/json"
        body = {"content": b"{}", "headers": {"Content-Type": kind}} if method != "GET" else {}
        answer = await client.request(method, address, **body)
    if role is None:
        assert answer.status_code == 401
    elif role in ROLES[method, path]:
        assert answer.status_code not in (401, 403)
    else:
        assert answer.status_code == 403


def test_a_guard_carries_its_roles() -> None:
    assert caller_with(Role.OFFICER).roles == {Role.OFFICER}  # type: ignore[attr-defined]
