"""The staff list says who does what in redress, and so who may not decide a case."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.conftest import Desk

from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.verify import verify_chains
from redress.casework.conflicts import conflict_set, in_conflict
from redress.casework.staff import Staff
from redress.covered import covered_rows, rows_without_entry

pytestmark = pytest.mark.anyio
ENTRY = {"unit": "redress", "reports_to": "head", "duties": ["case_officer", "independent_adjudicator"]}


async def put(redress: Desk, subject: str, role: Role = Role.SUPERVISOR, **entry: Any) -> httpx.Response:
    headers = {"If-Match": match} if (match := entry.pop("match", None)) else {}
    async with redress.client(role) as client:
        return await client.put(f"/redress/v1/staff/{subject}", json={**ENTRY, **entry}, headers=headers)


async def test_an_entry_is_kept_changed_and_read(redress: Desk) -> None:
    first = await put(redress, "one")
    assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
    second = await put(redress, "one", unit="elsewhere", duties=[], match='"1"')
    assert second.json() == {"subject": "one", "version": 2, "unit": "elsewhere", "reports_to": "head", "duties": []}
    async with redress.client(Role.CASEWORKER) as caseworker:
        assert (await caseworker.get("/redress/v1/staff/one")).json()["unit"] == "elsewhere"
        is_problem(await caseworker.get("/redress/v1/staff/nobody"), 404, "not-found")


async def test_a_change_needs_the_version_that_was_read(redress: Desk) -> None:
    await put(redress, "one")
    is_problem(await put(redress, "one"), 428, "precondition-required")
    await put(redress, "one", unit="b", match='"1"')
    is_problem(await put(redress, "one", unit="c", match='"1"'), 412, "stale-version")


async def test_the_list_is_paged_by_subject(redress: Desk) -> None:
    for subject in ("c", "a", "b"):
        await put(redress, subject)
    await put(redress, "a", unit="other", match='"1"')
    async with redress.client(Role.CASEWORKER) as caseworker:
        first = (await caseworker.get("/redress/v1/staff", params={"limit": 2})).json()
        rest = (await caseworker.get("/redress/v1/staff", params={"limit": 2, "cursor": first["next"]})).json()
    assert [(each["subject"], each["unit"]) for each in first["staff"]] == [("a", "other"), ("b", "redress")]
    assert ([each["subject"] for each in rest["staff"]], rest["next"]) == (["c"], None)


async def test_only_supervisors_keep_the_list(redress: Desk) -> None:
    is_problem(await put(redress, "one", role=Role.CASEWORKER), 403, "not-allowed")
    async with redress.client(Role.OFFICER) as officer:
        is_problem(await officer.get("/redress/v1/staff"), 403, "not-allowed")


@pytest.mark.parametrize(
    ("wrong", "at"),
    [({"duties": ["decide"]}, "/duties/0"), ({"unit": ""}, "/unit"), ({"unit": 7}, "/unit"), ({"grade": 3}, "/grade")],
)
async def test_an_entry_that_says_nothing_known_is_refused(redress: Desk, wrong: dict[str, Any], at: str) -> None:
    is_problem(await put(redress, "one", **wrong), 422, "invalid-request", at)


async def test_each_version_is_covered_by_the_audit_chain(redress: Desk) -> None:
    await put(redress, "one")
    await put(redress, "one", unit="b", match='"1"')
    engine = create_engine(f"sqlite+aiosqlite:///{redress.data / 'redress.sqlite'}")
    async with engine.connect() as connection:
        read, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    await engine.dispose()
    assert (read, faults) == (3, [])


STAFF = {
    each.subject: each
    for each in (
        Staff("officer", "port", "chief", frozenset()),
        Staff("chief", "port", "director", frozenset()),
        Staff("director", "field", "chief", frozenset()),  # a ring, by mistake
        Staff("colleague", "port", None, frozenset({"independent_adjudicator"})),
        Staff("stranger", "redress", "head", frozenset({"independent_adjudicator"})),
    )
}


@pytest.mark.parametrize(
    ("subject", "conflicted"),
    [("officer", True), ("colleague", True), ("chief", True), ("director", True), ("stranger", False)],
)
def test_whoever_took_part_their_unit_and_those_above_may_not_decide(subject: str, conflicted: bool) -> None:
    conflicts = conflict_set(["officer"], "US-CBP", STAFF)
    assert in_conflict(STAFF[subject].person(), conflicts) is conflicted


def test_the_unit_that_owns_the_record_may_not_decide() -> None:
    conflicts = conflict_set([], "US-CBP", STAFF)
    assert in_conflict({"subject": "anybody", "unit": "US-CBP"}, conflicts)
    assert not in_conflict({"subject": "anybody", "unit": "redress"}, conflicts)


def test_whoever_is_on_no_list_is_in_conflict_by_name() -> None:
    conflicts = conflict_set(["unlisted"], None, STAFF)
    assert in_conflict({"subject": "unlisted", "unit": "redress"}, conflicts)
    assert not in_conflict({"subject": "stranger", "unit": "redress"}, conflicts)
