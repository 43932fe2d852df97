"""Filing: no account, the number at once, the secret by mail, and only the papers that this complaint needs."""

from typing import Any

import pytest
from tests.admission.cases import is_problem
from tests.conftest import Desk, MovingClock
from tests.redress.inquiries.cases import (
    AGENT,
    ELOISE,
    INQUIRIES,
    INQUIRY,
    at_some_address,
    filed,
    inquiry,
    opened_by,
    person,
    read,
    step,
    took,
)
from tests.redress.inquiries.heads import head_of

pytestmark = pytest.mark.anyio


async def test_who_files_has_a_number_at_once_and_knows_what_is_missing(desk: Desk) -> None:
    async with at_some_address(desk.suite) as anyone:
        answer = await anyone.post(INQUIRIES, json=inquiry(contact={}), headers={"Accept-Language": "fr"})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert len(told["control_number"]) == 9
    assert (told["state"], told["state_text"]) == ("documents_needed", "documents requis")
    assert told["now"] == "Il nous faut : une preuve de votre identité. Date limite : 21 décembre 2026."
    assert told["who_acts"] == "vous"
    assert told["due_at"] == "2026-12-21T15:00:00.000000Z"
    assert {each["step"] for each in told["you_can"]} >= {"add_evidence", "extend", "withdraw", "correct"}
    assert [each["group"] for each in told["missing"]] == ["identity"]
    assert answer.headers["location"] == INQUIRY
    async with opened_by(desk.suite, told) as traveller:
        assert (await read(traveller, "fr"))["identity"]["surname"] == "Côté"


async def test_with_an_address_the_secret_is_not_in_the_answer(desk: Desk) -> None:
    told = await filed(desk.suite, contact={"email": "eloise@example.org"})
    assert (told["secret_by_mail"], told["secret"]) == (True, None)


async def test_a_complaint_that_needs_no_papers_is_complete_at_once(desk: Desk) -> None:
    told = await filed(desk.suite, experiences=["EXP-CRCL"])
    assert (told["state"], told["missing"]) == ("accepted", [])


async def test_what_is_not_for_redress_waits_for_who_names_the_right_body(desk: Desk) -> None:
    told = await filed(desk.suite, experiences=["EXP-OTHER"])
    assert (told["state"], told["who_acts"]) == ("submitted", "a case officer")


async def test_a_draft_is_kept_and_sent_later(desk: Desk) -> None:
    told = await filed(desk.suite, draft=True, experiences=[], narrative=None, statement_of_truth=False)
    assert told["state"] == "draft"
    async with opened_by(desk.suite, told) as traveller:
        is_problem(await step(traveller, told, "submission", {"statement_of_truth": True}), 409, "step-not-ready")
        told = await took(traveller, told, "", {"experiences": ["EXP-FP"]}, method="PATCH")
        assert told["experiences"] == [
            {"code": "EXP-FP", "text": "You were told that your fingerprints were wrong or poor."}
        ]
        told = await took(traveller, told, "submission", {"statement_of_truth": True})
    assert told["state"] == "documents_needed"
    assert told["narrative"] is None


@pytest.mark.parametrize("missing", [{"statement_of_truth": False}, {"experiences": []}])
async def test_nothing_is_kept_of_what_cannot_be_submitted(desk: Desk, missing: dict[str, object]) -> None:
    async with at_some_address(desk.suite) as anyone:
        is_problem(await anyone.post(INQUIRIES, json=inquiry(**missing)), 409, "step-not-ready")


async def test_a_repeat_gets_the_first_answer_and_its_secret(desk: Desk) -> None:
    body, headers = inquiry(contact={}), {"Idempotency-Key": "a-key-of-this-test"}
    async with at_some_address(desk.suite) as anyone:
        first = await anyone.post(INQUIRIES, json=body, headers=headers)
        again = await anyone.post(INQUIRIES, json=body, headers=headers)
        other = await anyone.post(INQUIRIES, json=inquiry(identity=person(1)), headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert first.json()["secret"]
    is_problem(other, 422, "idempotency-key-reused")


async def test_the_secret_is_kept_nowhere(desk: Desk) -> None:
    body, headers = inquiry(contact={}), {"Idempotency-Key": "another-key-of-this-test"}
    async with at_some_address(desk.suite) as anyone:
        secret = (await anyone.post(INQUIRIES, json=body, headers=headers)).json()["secret"]
    for file in desk.data.glob("redress.sqlite*"):
        assert secret.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ({"surname": "Suharto", "born_on": "1970-06-08"}, ("Suharto", "")),
        ({"surname": "Nguyễn", "given_names": "Thị Hồng Ánh", "born_on": "1990-01-01"}, ("Nguyễn", "Thị Hồng Ánh")),
        ({"surname": "王", "given_names": "小明", "born_on": "2000-02-29"}, ("王", "小明")),
        ({"surname": "  O’Brien ", "given_names": "Seán", "born_on": "1950-12-31"}, ("O’Brien", "Seán")),
    ],
)
async def test_a_person_is_named_as_the_document_names_them(
    desk: Desk, identity: dict[str, str], name: tuple[str, str]
) -> None:
    told = await filed(desk.suite, identity=identity)
    assert (told["identity"]["surname"], told["identity"]["given_names"]) == name


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"identity": {**ELOISE, "born_on": "2025-02-29"}}, "/identity/born_on"),
        ({"identity": {**ELOISE, "born_on": "2026-11-23"}}, "/identity/born_on"),
        ({"identity": {**ELOISE, "surname": "Côté\r\nBcc: x"}}, "/identity/surname"),
        ({"identity": {**ELOISE, "surname": "Côté\u202e"}}, "/identity/surname"),
        ({"identity": {**ELOISE, "citizenships": ["ZZ"]}}, "/identity/citizenships/0"),
        ({"identity": [ELOISE, ELOISE]}, "/identity"),
        ({"identity": {**ELOISE, "born_on": "2010-01-01"}}, "/guardian"),
        ({"experiences": ["EXP-NONE"]}, "/experiences/0"),
        ({"contact": {"email": "nobody"}}, "/contact/email"),
        ({"contact": {"email": "a@b\r\nBcc: c@d"}}, "/contact/email"),
        ({"journey": {"travel_on": "2026-11-19"}}, "/journey/travel_on"),
        ({"country": "MX"}, "/country"),
        ({"language": "de"}, "/language"),
        ({"filed_by": "representative"}, "/representative"),
        ({"representative": {**AGENT, "kind": "trusted_person"}, "country": "CA"}, "/representative/paid"),
    ],
)
async def test_a_field_that_cannot_be_is_named_and_never_repeated(
    desk: Desk, changes: dict[str, object], pointer: str
) -> None:
    async with at_some_address(desk.suite) as anyone:
        answer = await anyone.post(INQUIRIES, json=inquiry(**changes))
    is_problem(answer, 422, "invalid-request", pointer)
    assert "Bcc" not in answer.text


@pytest.mark.parametrize(
    "field",
    ["state", "priority", "control_number", "decision", "unit", "record_owner", "conflicts", "adjudicator", "items"],
)
async def test_nobody_sets_what_is_not_theirs(desk: Desk, field: str) -> None:
    async with at_some_address(desk.suite) as anyone:
        answer = await anyone.post(INQUIRIES, json=inquiry(**{field: "P0"}))
    is_problem(answer, 422, "invalid-request", f"/{field}")
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        is_problem(await step(traveller, told, "", {field: "P0"}, method="PATCH"), 422, "invalid-request", f"/{field}")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", (400, "malformed-body")),
        (b'{"country":"US","country":"CA"}', (400, "malformed-body")),
        (b'{"narrative":"\\ud800"}', (400, "malformed-body")),
        (b"\xff\xfe", (400, "malformed-body")),
        (b"[]", (422, "invalid-request", "")),
        (b"null", (422, "invalid-request", "")),
        (b"[" * 500 + b"]" * 500, (400, "malformed-body")),
        (b'{"narrative":"' + b"a" * 300_000 + b'"}', (413, "body-too-large")),
    ],
)
async def test_a_hostile_body_is_refused_whole(desk: Desk, body: bytes, problem: Any) -> None:
    async with at_some_address(desk.suite) as anyone:
        answer = await anyone.post(INQUIRIES, content=body, headers={"Content-Type": "application/json"})
    is_problem(answer, *problem)


async def test_a_child_is_filed_for_by_a_parent(desk: Desk) -> None:
    child = person(2, born_on="2012-02-29")
    told = await filed(desk.suite, identity=child, guardian={"name": "Éloïse Côté", "relation": "parent"})
    assert [each["kind"] for each in told["missing"][0]["one_of"]] == ["birth_certificate", "passport"]


async def test_one_address_does_not_flood_the_queue(desk: Desk) -> None:
    async with at_some_address(desk.suite) as flood, at_some_address(desk.suite) as other:
        body = inquiry(draft=True)
        answers = [(await flood.post(INQUIRIES, json=body)).status_code for _ in range(22)]
        assert answers == [201] * 20 + [429] * 2
        assert (await other.post(INQUIRIES, json=body)).status_code == 201


@pytest.mark.parametrize(
    ("travel_on", "priority", "due_at"),
    [
        ("2026-11-24", "P0", "2026-11-21T19:00"),
        ("2026-11-25", "P1", "2026-11-22T15:00"),
        ("2026-12-05", "P1", "2026-11-22T15:00"),
        ("2026-12-06", "P2", "2026-11-23T15:00"),
        ("2027-01-15", "P2", "2026-11-23T15:00"),
        (None, "P2", "2026-11-23T15:00"),
    ],
)
async def test_who_travels_soon_is_looked_at_sooner(
    desk: Desk, clock: MovingClock, travel_on: str | None, priority: str, due_at: str
) -> None:
    """Within 72 hours the first look is due in 4 hours, within 14 days in a day, otherwise in two."""
    told = await filed(desk.suite, experiences=["EXP-MISUSE"], journey={"travel_on": travel_on})
    head = await head_of(desk, told["control_number"])
    assert (head.priority, head.due_at[:16]) == (priority, due_at)


async def test_a_journey_told_later_makes_it_more_urgent(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        await took(traveller, told, "", {"journey": {"travel_on": "2026-11-22"}}, method="PATCH")
    assert (await head_of(desk, told["control_number"])).priority == "P0"
