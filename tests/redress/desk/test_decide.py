"""From the routing of a case to its decision, told by a letter that passes every check."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.conftest import MovingClock
from tests.redress.desk.conftest import SignedIn
from tests.redress.desk.files import (
    CASES,
    CLOSED,
    DISAMBIGUATED,
    FACTS,
    GRANT,
    LETTER,
    SECRET,
    UPHELD,
    accepted,
    decided,
    in_adjudication,
    read,
    refused,
    step,
    took,
)

from redress.casework.record import record
from redress.casework.steps import Step, load_case, plan_all

pytestmark = pytest.mark.anyio


async def letter(client: httpx.AsyncClient, case_id: str, form: str = "json") -> httpx.Response:
    answer = await client.get(f"{CASES}/{case_id}/letter", params={"format": form})
    assert answer.status_code == 200, answer.text
    return answer


async def test_the_owner_of_the_record_gives_facts_and_decides_nothing(
    service: FastAPI, clerk: httpx.AsyncClient, reviewer: httpx.AsyncClient, signed_in: SignedIn
) -> None:
    case_id = await accepted(service)
    await took(clerk, case_id, "records", {})
    told = await took(clerk, case_id, "routing", {"record_owner": "cbp", "reviewer": "reviewer"})
    assert (told["state"], told["desk"]["unit"]) == ("routed", "cbp")
    assert refused(await step(reviewer, case_id, "draft", GRANT, method="PUT"))[0] in (403, 409)
    other = await step(signed_in("other-reviewer"), case_id, "component-answer", FACTS)
    assert refused(other)[:2] == (403, "not-your-step")
    told = await took(reviewer, case_id, "component-answer", FACTS)
    assert told["state"] == "adjudication"
    assert told["desk"]["component_answers"][0]["unit"] == "cbp"
    assert refused(await step(reviewer, case_id, "decision"))[0] in (403, 409)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"record_owner": "cbp", "reviewer": "other-reviewer"}, "/reviewer"),
        ({"record_owner": "cbp", "reviewer": "owner"}, "/reviewer"),
        ({"record_owner": "nobody", "reviewer": "reviewer"}, "/record_owner"),
        ({"record_owner": "cbp", "reviewer": "unknown"}, "/reviewer"),
    ],
)
async def test_a_case_goes_to_a_reviewer_of_the_body_that_owns_the_record(
    service: FastAPI, clerk: httpx.AsyncClient, body: dict[str, str], pointer: str
) -> None:
    answer = await step(clerk, await accepted(service), "routing", body)
    assert refused(answer) == (422, "invalid-request", [pointer])


async def due(client: httpx.AsyncClient, case_id: str) -> str:
    """The day by which somebody must act on a case that is with the owner of its record."""
    told = (await client.get(CASES, params={"state": "routed", "limit": 200})).json()["cases"]
    return next(str(each["due_at"])[:10] for each in told if each["id"] == case_id)


async def test_the_owner_of_the_record_has_more_time_once(
    service: FastAPI, clerk: httpx.AsyncClient, reviewer: httpx.AsyncClient
) -> None:
    case_id = await accepted(service)
    await took(clerk, case_id, "routing", {"record_owner": "cbp", "reviewer": "reviewer"})
    assert await due(clerk, case_id) == "2026-12-11"
    await took(reviewer, case_id, "extension", {"reason": "The file is on paper."})
    assert await due(clerk, case_id) == "2026-12-31"
    again = await step(reviewer, case_id, "extension", {"reason": "It is still on paper."})
    assert refused(again)[:2] == (409, "step-not-ready")


async def test_the_traveller_is_asked_twice_at_most(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient, clock: MovingClock
) -> None:
    case_id = await in_adjudication(service, clerk)
    question = {"questions": [{"text": "On which day did you leave?", "about": None}]}
    for number in (1, 2):
        told = await took(ada, case_id, "questions", question)
        assert told["state"] == "evidence_requested"
        assert [each["id"] for each in told["desk"]["questions"]] == list(range(1, number + 1))
        clock.move(timedelta(days=31))
        assert (await step(ada, case_id, "draft", UPHELD, method="PUT")).status_code == 200
    assert refused(await step(ada, case_id, "questions", question))[:2] == (409, "step-not-ready")


async def test_a_draft_is_answered_with_what_the_checks_find(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await in_adjudication(service, clerk)
    faulty = {**GRANT, "letter": {**LETTER, "facts": [], "decision": "We grant it. Officer Vimes was wrong."}}
    told = await took(ada, case_id, "draft", faulty, method="PUT")
    found = {(each["check"], each["pointer"]) for each in told["desk"]["draft"]["findings"]}
    assert found == {(1, "/decision"), (3, "/facts"), (10, "/decision")}
    answer = await step(ada, case_id, "decision")
    status, slug, pointers = refused(answer)
    assert (status, slug) == (422, "letter-fails-checks")
    assert set(pointers) == {"/letter/decision", "/letter/facts"}
    assert (await read(clerk, case_id))["state"] == "adjudication"
    told = await took(ada, case_id, "draft", GRANT, method="PUT")
    assert told["desk"]["draft"]["findings"] == []
    told = await took(ada, case_id, "decision")
    assert told["state"] == "decided"
    assert told["desk"]["decision"]["root_cause"] == "RC1"
    assert told["desk"]["notice_on"] == "2026-11-21"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"outcome": "upheld"}, "/outcome"),
        ({"remedies": []}, "/remedies"),
        ({"root_cause": "RC4"}, "/requirement"),
        ({"root_cause": "RC77"}, "/root_cause"),
        ({"category": "deemed"}, "/category"),
        ({"remedies": [{**DISAMBIGUATED, "kind": "watch_set"}]}, "/remedies/0/kind"),
        ({"remedies": [{**DISAMBIGUATED, "record": None}]}, "/remedies/0/record"),
        ({"remedies": [{**DISAMBIGUATED, "record": {"kind": "lookout", "id": "L-8", "version": 2}}]}, "/remedies/0/record"),
        ({"remedies": [{**DISAMBIGUATED, "record": {"kind": "lookout", "id": "L-7", "version": 1}}]}, "/remedies/0/record"),
        ({"recourse": {"outcome": "CA-RED-1"}}, "/recourse/outcome"),
        ({"letter": {**LETTER, "evidence": [{"number": 2}]}}, "/letter/evidence/0/number"),
        ({"decided_by": "ada"}, ""),
    ],
)  # fmt: skip
async def test_a_draft_whose_parts_do_not_fit_is_refused(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    case_id = await in_adjudication(service, clerk)
    status, slug, pointers = refused(await step(ada, case_id, "draft", {**GRANT, **changes}, method="PUT"))
    assert (status, slug) == (422, "invalid-request")
    assert pointer == "" or pointers == [pointer]
    assert (await read(clerk, case_id))["desk"]["draft"] is None


async def test_nothing_is_decided_that_was_not_drafted(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await in_adjudication(service, clerk)
    assert refused(await step(ada, case_id, "decision"))[:2] == (409, "nothing-drafted")


async def test_a_clerical_error_that_a_document_proves_is_put_right_at_once(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await accepted(service)
    await took(clerk, case_id, "records", {})
    await took(clerk, case_id, "assignment", {"to": "ada"})
    assert refused(await step(ada, case_id, "fast-fix", {**GRANT, "document": 9}))[2] == ["/document"]
    told = await took(ada, case_id, "fast-fix", {**GRANT, "document": 1})
    assert told["state"] == "decided"


async def test_a_correction_is_ordered_once_granted(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await decided(service, clerk, ada, GRANT)
    told = await took(ada, case_id, "correction", {})
    assert told["state"] == "correction_pending"
    (ordered,) = told["desk"]["corrections"]
    assert (ordered["kind"], ordered["record"], ordered["applied"]) == (
        "identity_disambiguated", {"kind": "lookout", "id": "L-7", "version": 2}, None,
    )  # fmt: skip


async def test_a_correction_is_ordered_anew_only_after_a_fresh_look(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await decided(service, clerk, ada, GRANT)
    told = await took(ada, case_id, "correction", {})
    number = told["desk"]["corrections"][0]["number"]
    anew = {"corrections": [{"number": number, "record": {"kind": "lookout", "id": "L-7", "version": 3}}]}
    await refuse_remedy(service, case_id)
    assert refused(await step(ada, case_id, "correction", anew))[:2] == (409, "step-not-ready")
    await took(ada, case_id, "records", {})
    told = await took(ada, case_id, "correction", anew)
    assert [(each["number"], each["version"]) for each in told["desk"]["corrections"]] == [(number, 2)]


async def refuse_remedy(service: FastAPI, case_id: str) -> None:
    """What admission enters when the record has changed meanwhile."""
    async with service.state.engine.connect() as connection:
        case = await load_case(connection, case_id)
    refusal = Step("remedy_refused", "admission", "admission", service.state.clock())
    rows, after = plan_all(case, [refusal])
    await record(service.state, case, after, rows)


async def test_a_notation_stands_beside_a_record_whose_correction_was_refused(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await decided(service, clerk, ada, UPHELD)
    note = {"record": {"kind": "lookout", "id": "L-7", "version": 2}, "text": "I dispute this entry."}
    told = await took(ada, case_id, "notation", note)
    assert told["state"] == "decided"
    assert [each["kind"] for each in told["desk"]["corrections"]] == ["record_notated"]
    granted = await decided(service, clerk, ada, GRANT)
    assert refused(await step(ada, granted, "notation", note))[:2] == (409, "step-not-ready")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_a_closing_tells_nothing_by_words_size_or_time(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient, language: str
) -> None:
    """A secret record, and none at all: the same letter to the byte but for its number, from the same instant."""
    told, letters = [], []
    for draft in (CLOSED, SECRET):
        case_id = await decided(service, clerk, ada, draft, language=language)
        case = await read(clerk, case_id)
        told.append({name: case["desk"][name] for name in ("shown_from", "notice_on", "appeal_until")})
        told[-1]["told_as"] = case["desk"]["decision"]["told_as"]
        forms = [(await letter(clerk, case_id, form)) for form in ("json", "html", "pdf")]
        number = case["control_number"].encode()
        letters.append([forms[0].content.replace(number, b""), forms[1].content.replace(number, b"")])
        assert number in forms[0].content
        sizes = [len(each.content) for each in forms[:2]]
        told[-1]["sizes"] = sizes
        assert forms[2].headers["content-type"] == "application/pdf"
    assert told[0] == told[1]
    assert letters[0] == letters[1]
    assert told[0]["shown_from"] == "2026-11-22T14:00:00.000000Z"
    assert told[0]["told_as"] == "reviewed"


async def test_the_letter_names_the_last_day_of_each_next_step(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await decided(service, clerk, ada, UPHELD)
    told = (await letter(clerk, case_id)).json()
    days = {each["body"]: each["last_day"] for each in told["next_steps"]}
    assert days["Redress appeal panel"] == "2026-12-22"
    case = await read(clerk, case_id)
    assert case["desk"]["appeal_until"] == "2026-12-23T12:00:00.000000Z"  # when that day is over everywhere


async def test_an_inquiry_that_is_not_for_redress_names_the_right_body(
    service: FastAPI, clerk: httpx.AsyncClient
) -> None:
    mine = await accepted(service, state="submitted")
    body = {"body": "carrier", "reason": "The bags were lost."}
    assert refused(await step(clerk, mine, "referral", body))[:2] == (409, "step-not-ready")
    other = await accepted(service, state="submitted", experiences=["EXP-OTHER"])
    told = await took(clerk, other, "referral", body)
    assert told["state"] == "out_of_scope"
    assert "the airline or carrier" in (await letter(clerk, other)).json()["decision"]


async def test_a_claim_not_decided_in_time_is_told_as_granted(
    service: FastAPI, clerk: httpx.AsyncClient, clock: MovingClock
) -> None:
    case_id = await accepted(service)
    clock.move(timedelta(days=121))
    answer = await step(clerk, case_id, "assignment", {"to": "ada"})
    assert answer.status_code in (200, 409)
    case = await read(clerk, case_id)
    assert case["state"] in ("decided", "correction_pending")
    told = (await letter(clerk, case_id)).json()
    assert (told["outcome"], told["category"]) == ("granted", "deemed")
    assert told["badge"] is None
