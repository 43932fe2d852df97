"""The officer adds facts and findings; each change is a new determination, and nothing is overwritten."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, engineer, is_problem, opened, refuse, step, technician, took
from tests.admission.rows import counts, select
from tests.conftest import Desk

pytestmark = pytest.mark.anyio


async def test_a_finding_settles_what_only_an_officer_may_judge(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer(findings={"US-TN-03": "met", "US-TN-30": "met"}))
    assert examination["determination"]["outcome"] == "needs_judgement"
    after = await took(officer, examination, "facts", {"findings": {"US-TN-13": "met"}})
    assert after["determination"]["outcome"] == "qualifies"
    assert (after["revision"], after["state"]) == (2, "primary")
    assert after["findings"] == {"US-TN-03": "met", "US-TN-13": "met", "US-TN-30": "met"}


async def test_a_finding_against_the_traveller_is_the_officer_s_too(officer: httpx.AsyncClient) -> None:
    after = await took(officer, await opened(officer, engineer()), "facts", {"findings": {"US-TN-13": "not_met"}})
    assert after["determination"]["outcome"] == "does_not_qualify"


async def test_the_missing_fact_decides_once_it_is_stated(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician(facts__equipment__manufactured_in=None))
    assert examination["determination"]["classes"][0]["missing_facts"] == ["equipment.manufactured_in"]
    after = await took(officer, examination, "facts", {"facts": {"equipment": {"manufactured_in": "DE"}}})
    assert after["determination"]["outcome"] == "qualifies"
    assert after["facts"]["equipment"]["kind"] == "commercial_industrial"


async def test_null_takes_back_a_fact_and_a_finding(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer())
    body = {"facts": {"engagement": {"arranged_before_entry": None}}, "findings": {"US-TN-13": None}}
    after = await took(officer, examination, "facts", body)
    assert "arranged_before_entry" not in after["facts"]["engagement"]
    assert after["facts"]["engagement"]["with_entity_in"] == "US"
    assert "US-TN-13" not in after["findings"]
    assert after["determination"]["outcome"] == "needs_facts"


async def test_null_for_a_name_takes_back_everything_under_it(officer: httpx.AsyncClient) -> None:
    after = await took(officer, await opened(officer, engineer()), "facts", {"facts": {"engagement": None}})
    assert "engagement" not in after["facts"]
    assert {"engagement.arranged_before_entry", "engagement.form"} <= set(
        after["determination"]["classes"][0]["missing_facts"]
    )


async def test_null_inside_an_entry_of_a_list_is_a_fact_not_stated(officer: httpx.AsyncClient) -> None:
    """At opening, and when the list is given again, null means the same."""
    entry = {"kind": "degree", "level": None, "country": "CA"}
    body = engineer(facts__credentials=[entry])
    at_opening = await opened(officer, body)
    later = await took(officer, await opened(officer, engineer()), "facts", {"facts": {"credentials": [entry]}})
    assert later["facts"]["credentials"] == at_opening["facts"]["credentials"] == [{"kind": "degree", "country": "CA"}]
    assert later["determination"]["digest"] == at_opening["determination"]["digest"]
    assert later["determination"]["classes"][0]["missing_facts"] == ["credentials[0].level"]


async def test_what_the_document_shows_is_not_taken_back(officer: httpx.AsyncClient) -> None:
    after = await took(officer, await opened(officer, engineer()), "facts", {"facts": {"travel_document": None}})
    assert after["facts"]["travel_document"] == {"kind": "passport", "issued_by": "CA", "expires_on": "2032-05-31"}


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"traveller": {"born_on": "1990-01-01"}}, "/facts/traveller/born_on"),
        ({"travel_document": {"expires_on": "2040-01-01"}}, "/facts/travel_document/expires_on"),
    ],
)
async def test_a_fact_added_later_may_not_contradict_the_document_either(
    officer: httpx.AsyncClient, facts: dict[str, Any], pointer: str
) -> None:
    answer = await step(officer, await opened(officer, engineer()), "facts", {"facts": facts})
    is_problem(answer, 422, "contradictory-facts", pointer)


async def test_another_class_may_be_sought(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician())
    after = await took(officer, examination, "facts", {"seeking": ["us.b1.ordinary"], "findings": {"US-B1-62": "met"}})
    assert [each["class"] for each in after["determination"]["classes"]] == ["us.b1.ordinary"]
    assert after["determination"]["outcome"] == "qualifies"


@pytest.mark.parametrize(
    ("body", "slug", "pointer"),
    [
        ({"seeking": ["us.e9"]}, "case-cannot-be-determined", "/seeking/0"),
        ({"findings": {"US-XX-01": "met"}}, "case-cannot-be-determined", "/findings/US-XX-01"),
        ({"facts": {"equipment": {"made_in": "US"}}}, "invalid-request", "/facts/equipment/made_in"),
        ({"facts": {"equipment": {"manufactured_in": "USA"}}}, "invalid-request", "/facts/equipment/manufactured_in"),
        ({"state": "decided"}, "invalid-request", "/state"),
        ({"revision": 7}, "invalid-request", "/revision"),
    ],
)
async def test_what_cannot_be_added_leaves_the_examination_as_it_was(
    desk: Desk, officer: httpx.AsyncClient, body: dict[str, Any], slug: str, pointer: str
) -> None:
    examination = await opened(officer, engineer())
    before = counts(desk.data)
    is_problem(await step(officer, examination, "facts", body), 422, slug, pointer)
    assert counts(desk.data) == before
    assert (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).json() == examination


async def test_every_step_stays_readable_as_it_was_taken(desk: Desk, officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician(facts__equipment__manufactured_in=None))
    rows = "SELECT * FROM revisions WHERE examination_id = ? AND revision <= ? ORDER BY revision"
    kept = select(desk.data, rows, examination["id"], 1)
    second = await took(officer, examination, "facts", {"facts": {"equipment": {"manufactured_in": "US"}}})
    kept += select(desk.data, rows, examination["id"], 2)[1:]
    third = await took(officer, second, "referral", {"reason": "To see the certificate of origin."})
    await took(officer, third, "decision", refuse())
    assert select(desk.data, rows, examination["id"], 2) == kept
    told = (await officer.get(f"{EXAMINATIONS}/{examination['id']}/revisions")).json()["revisions"]
    assert [(each["revision"], each["kind"], each["state"]) for each in told] == [
        (1, "opened", "primary"),
        (2, "facts_added", "primary"),
        (3, "referred", "secondary"),
        (4, "decided", "decided"),
    ]
    assert [each["determination_digest"] for each in told[:2]] == [
        examination["determination"]["digest"],
        second["determination"]["digest"],
    ]
    assert told[1]["determination_digest"] == told[2]["determination_digest"] == told[3]["determination_digest"]
    assert {each["by"] for each in told} == {"test-officer"}


async def test_facts_stay_open_in_secondary(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer(findings={}))
    referred = await took(officer, examination, "referral", {"reason": "Duties unclear."})
    after = await took(officer, referred, "facts", {"findings": {"US-TN-03": "met"}})
    assert (after["state"], after["revision"]) == ("secondary", 3)


async def test_nothing_is_added_to_what_is_decided(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    answer = await step(officer, decided, "facts", {"findings": {"US-B1-33": "not_met"}})
    is_problem(answer, 409, "examination-already-decided")


async def test_nothing_is_added_to_what_was_withdrawn(officer: httpx.AsyncClient) -> None:
    gone = await took(officer, await opened(officer, technician()), "withdrawal", {"reason": "Returns with a letter."})
    is_problem(await step(officer, gone, "facts", {}), 409, "application-withdrawn")
