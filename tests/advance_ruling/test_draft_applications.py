"""Files and drafts: many travellers, saved as one goes, seen by nobody else."""

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.advance_ruling.cases import (
    APPLICATIONS,
    CONSENT,
    FILES,
    complete,
    documented,
    drafted,
    file_in,
    opened,
    read,
    step,
    submitted,
    took,
    traveller,
)

pytestmark = pytest.mark.anyio

PETITIONER = {"id": "US-98-7654321", "legal_name": "Lakeshore Bridges LLC"}


async def save(client: httpx.AsyncClient, application: dict[str, object], body: dict[str, object]) -> httpx.Response:
    return await step(client, application, "", body, method="PATCH")


async def test_a_file_has_a_draft_for_each_traveller(applicant: httpx.AsyncClient) -> None:
    people = [traveller(), traveller(identity__surname="Nguyễn", identity__given_names=None)]
    file = await opened(applicant, travellers=people)
    assert [each["state"] for each in file["applications"]] == ["draft", "draft"]
    assert [each["identity"]["surname"] for each in file["applications"]] == ["Côté", "Nguyễn"]
    added = await applicant.post(f"{FILES}/{file['id']}/travellers", json=traveller(identity__surname="Ōta"))
    assert added.status_code == 201, added.text
    again = (await applicant.get(f"{FILES}/{file['id']}")).json()
    assert [each["identity"]["surname"] for each in again["applications"]] == ["Côté", "Nguyễn", "Ōta"]
    assert file["id"] in [each["id"] for each in (await applicant.get(FILES)).json()["files"]]


async def test_what_is_common_goes_into_every_draft_and_own_facts_stay(applicant: httpx.AsyncClient) -> None:
    file = await opened(
        applicant,
        facts={"position": {"main_duty": "research"}},
        travellers=[traveller(facts__position={"profession": "engineer"}), traveller()],
    )
    first = await read(applicant, file["applications"][0]["id"])
    assert first["facts"]["position"] == {"main_duty": "research", "profession": "engineer"}
    body = {"facts": {"position": {"main_duty": None}, "board": {"is_member": False}}, "request": {"ports": ["Blaine"]}}
    headers = {"If-Match": f'"{file["version"]}"'}
    saved = await applicant.patch(f"{FILES}/{file['id']}", json=body, headers=headers)
    assert saved.status_code == 200, saved.text
    for each in saved.json()["applications"]:
        told = await read(applicant, each["id"])
        assert told["facts"]["board"] == {"is_member": False}
        assert "main_duty" not in told["facts"]["position"]
        assert told["request"]["ports"] == ["Blaine"]
    stale = await applicant.patch(f"{FILES}/{file['id']}", json=body, headers=headers)
    is_problem(stale, 412, "stale-version")


async def test_a_draft_is_saved_as_one_goes_and_null_takes_back(applicant: httpx.AsyncClient) -> None:
    empty = {"into": "US", "class": "us.tn", "contact": {"email": "a@example.org", "language": "en"}}
    file = (await applicant.post(FILES, json={**empty, "travellers": [{}]})).json()
    draft = await read(applicant, file["applications"][0]["id"])
    assert not draft["completeness"]["complete"]
    draft = (
        await save(applicant, draft, {"identity": {"surname": "Ng"}, "facts": {"position": {"profession": "engineer"}}})
    ).json()
    draft = (await save(applicant, draft, {"request": {"employer": {"legal_name": "Pont inc."}}})).json()
    assert draft["identity"] == {"surname": "Ng"}
    assert draft["facts"]["position"]["profession"] == "engineer"
    draft = (await save(applicant, draft, {"request": {"employer": {"legal_name": None, "address": "1 rue A"}}})).json()
    assert draft["request"]["employer"] == {"address": "1 rue A"}
    draft = (await save(applicant, draft, {"facts": {"position": None}})).json()
    assert draft["facts"] == {}
    assert draft["revision"] == 5


async def test_two_citizenships_are_kept_and_the_document_adds_its_own(applicant: httpx.AsyncClient) -> None:
    dual = await drafted(applicant, travellers=[traveller(facts__traveller__citizenships=["FR"])])
    read_by = {each["id"]: each["facts"] for each in dual["determination"]["classes"][0]["requirements"]}
    assert read_by["US-TN-01"] == {"traveller.citizenships": ["CA", "FR"]}
    assert dual["facts"]["traveller"]["citizenships"] == ["FR"], "what was stated stays as it was stated"


async def test_a_statement_that_differs_from_the_document_is_refused_and_nothing_kept(
    applicant: httpx.AsyncClient,
) -> None:
    draft = await drafted(applicant)
    answer = await save(applicant, draft, {"facts": {"travel_document": {"expires_on": "2030-01-01"}}})
    is_problem(answer, 422, "contradictory-facts", "/facts/travel_document/expires_on")
    assert await read(applicant, draft["id"]) == draft


async def test_an_update_says_what_it_has_read(applicant: httpx.AsyncClient) -> None:
    draft = await drafted(applicant)
    await save(applicant, draft, {"language": "es"})
    is_problem(await save(applicant, draft, {"language": "en"}), 412, "stale-version")
    bare = await applicant.patch(f"{APPLICATIONS}/{draft['id']}", json={})
    is_problem(bare, 428, "precondition-required")
    assert (await read(applicant, draft["id"]))["language"] == "es"


async def test_a_repeat_gets_the_first_answer(applicant: httpx.AsyncClient) -> None:
    headers, body = {"Idempotency-Key": "file-of-november"}, file_in()
    first = await applicant.post(FILES, json=body, headers=headers)
    again = await applicant.post(FILES, json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    is_problem(await applicant.post(FILES, json=file_in(), headers=headers), 422, "idempotency-key-reused")
    draft = await read(applicant, first.json()["applications"][0]["id"])
    sent = await step(applicant, draft, "submission", {"statement_of_truth": True}, idempotency_key="once")
    repeated = await step(applicant, draft, "submission", {"statement_of_truth": True}, idempotency_key="once")
    assert (repeated.status_code, repeated.json()) == (200, sent.json())
    assert repeated.headers["Idempotency-Replayed"] == "true"


async def test_a_draft_is_its_owners_alone(
    applicant: httpx.AsyncClient, stranger: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    draft = await drafted(applicant)
    for other in (stranger, adjudicator):
        is_problem(await other.get(f"{APPLICATIONS}/{draft['id']}"), 404, "not-found")
        is_problem(await other.get(f"{APPLICATIONS}/{draft['id']}/evidence"), 404, "not-found")
    is_problem(await save(stranger, draft, {"language": "en"}), 404, "not-found")
    is_problem(await stranger.get(f"{FILES}/{draft['file']}"), 404, "not-found")
    listed = (await adjudicator.get(APPLICATIONS)).json()["applications"]
    assert draft["id"] not in [each["id"] for each in listed]


async def test_what_was_submitted_is_in_the_queue_and_no_strangers(
    applicant: httpx.AsyncClient, stranger: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await complete(applicant)
    queue = (await adjudicator.get(APPLICATIONS, params={"state": "complete", "class": "us.tn", "into": "US"})).json()
    assert application["id"] in [each["id"] for each in queue["applications"]]
    assert all(set(each) & {"identity", "facts"} == set() for each in queue["applications"])
    assert (await adjudicator.get(APPLICATIONS, params={"class": "us.e1"})).json()["applications"] == []
    is_problem(await stranger.get(f"{APPLICATIONS}/{application['id']}"), 404, "not-found")
    assert (await stranger.get(APPLICATIONS)).json()["applications"] == []
    first = (await applicant.get(APPLICATIONS, params={"limit": 1})).json()
    assert len(first["applications"]) == 1


async def test_a_class_that_the_law_does_not_have_is_named(applicant: httpx.AsyncClient) -> None:
    answer = await applicant.post(FILES, json=file_in(**{"class": "us.zz"}))
    is_problem(answer, 422, "case-cannot-be-determined", "/class")


async def test_whoever_files_for_others_is_named(applicant: httpx.AsyncClient) -> None:
    for party in ("agent", "petitioner"):
        is_problem(await applicant.post(FILES, json=file_in(filed_by=party)), 422, "invalid-request", "")
    by_firm = await opened(applicant, filed_by="petitioner", petitioner=PETITIONER)
    assert by_firm["petitioner"] == PETITIONER


async def test_a_representative_acts_within_the_travellers_consent(applicant: httpx.AsyncClient) -> None:
    agent = {"name": "Zoé Roy", "organisation": "Roy et associés"}
    without = await drafted(applicant, filed_by="agent", representative=agent)
    refused = await step(applicant, without, "submission", {"statement_of_truth": True})
    assert "consent" in is_problem(refused, 409, "step-not-ready")["detail"]
    consented = traveller(consent=CONSENT)
    draft = await drafted(applicant, filed_by="agent", representative=agent, travellers=[consented])
    application = await submitted(applicant, await documented(applicant, draft))
    assert application["history"][-2]["by"] == "representative"
    is_problem(await step(applicant, application, "withdrawal"), 403, "not-your-step")


async def test_a_consent_is_of_the_past_and_may_be_the_representatives_for_all(applicant: httpx.AsyncClient) -> None:
    agent = {"name": "Zoé Roy", "consent": {**CONSENT, "given_on": "2026-11-22"}}
    body = file_in(filed_by="agent", representative=agent)
    is_problem(await applicant.post(FILES, json=body), 422, "invalid-request", "/representative/consent/given_on")
    agent["consent"] = CONSENT
    assert (await drafted(applicant, filed_by="agent", representative=agent))["consent"] == CONSENT


async def test_nothing_is_saved_once_it_is_submitted(applicant: httpx.AsyncClient) -> None:
    application = await complete(applicant)
    is_problem(await save(applicant, application, {"language": "es"}), 409, "illegal-step")
    again = await step(applicant, application, "submission", {"statement_of_truth": True})
    assert "possible there: assign, withdraw" in is_problem(again, 409, "illegal-step")["detail"]


async def test_without_the_statement_of_truth_nothing_is_submitted(applicant: httpx.AsyncClient) -> None:
    draft = await drafted(applicant)
    is_problem(await step(applicant, draft, "submission", {"statement_of_truth": False}), 409, "step-not-ready")
    assert (await read(applicant, draft["id"]))["state"] == "draft"


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("contact__email", "nobody", "/contact/email"),
        ("contact__language", "de", "/contact/language"),
        ("publication", "secret", "/publication"),
        ("travellers", [], "/travellers"),
        ("into", "MX", "/into"),
    ],
)
async def test_a_field_that_cannot_be_is_named(
    applicant: httpx.AsyncClient, field: str, value: object, pointer: str
) -> None:
    is_problem(await applicant.post(FILES, json=file_in(**{field: value})), 422, "invalid-request", pointer)


async def test_the_contact_is_told_to_its_owner_only(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await complete(applicant)
    seen = await adjudicator.get(f"{APPLICATIONS}/{application['id']}")
    assert "eloise@example.org" not in seen.text
    file = await applicant.get(f"{FILES}/{application['file']}")
    assert file.json()["contact"]["email"] == "eloise@example.org"
    assert (await took(applicant, application, "withdrawal"))["state"] == "withdrawn"
