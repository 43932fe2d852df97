"""What a traveller does once an inquiry runs, and what they are told at each turn."""

import hashlib
from datetime import timedelta

import pytest
from tests.admission.cases import is_problem
from tests.conftest import Desk, MovingClock
from tests.kit.documents import pdf
from tests.redress.conftest import do_jobs
from tests.redress.inquiries.cases import (
    EMAIL,
    INQUIRY,
    filed,
    inquiry,
    opened_by,
    person,
    read,
    send,
    step,
    took,
)
from tests.redress.inquiries.messages import about, secret_in

pytestmark = pytest.mark.anyio


async def test_the_last_document_missing_makes_it_complete(desk: Desk) -> None:
    told = await filed(desk.suite, experiences=["EXP-OVERSTAY"])
    async with opened_by(desk.suite, told) as traveller:
        content = pdf("Passeport")
        told |= (await send(traveller, told, "passport", content)).json()
        assert (told["state"], [each["group"] for each in told["missing"]]) == ("documents_needed", ["departure"])
        answer = await send(traveller, told, "boarding_pass")
        assert answer.status_code == 201
        told |= answer.json()
        assert (told["state"], told["missing"]) == ("accepted", [])
        assert told["now"] == "Complete. The decision is due January 5, 2027."
        given = await traveller.get(f"{INQUIRY}/evidence/1")
        assert given.content == content
        assert given.headers["content-disposition"] == 'attachment; filename="document-1"'
        is_problem(await traveller.get(f"{INQUIRY}/evidence/3"), 404, "not-found")
    assert [each["kind_text"] for each in told["evidence"]] == ["passport", "boarding pass"]
    assert told["evidence"][0]["sha256"] == hashlib.sha256(content).hexdigest()


async def test_a_document_that_cannot_be_kept_is_not_listed(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        is_problem(await send(traveller, told, "love_letter"), 422, "invalid-request", "/kind")
        is_problem(await send(traveller, told, "passport", b"MZ not a PDF"), 422, "upload-is-something-else")
        assert (await read(traveller))["evidence"] == []


async def test_what_was_said_is_corrected_and_the_rest_stays(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        changes = {"identity": person(0, surname="Côté-Roy"), "journey": {"flight": "AC 868"}, "language": "es"}
        told |= await took(traveller, told, "", changes, method="PATCH")
        assert told["identity"]["surname"] == "Côté-Roy"
        assert (told["journey"]["flight"], told["language"]) == ("AC 868", "es")
        assert told["narrative"] == "On m’a prise pour quelqu’un d’autre à Dorval."
        told |= await took(traveller, told, "", {"narrative": None}, method="PATCH")
        assert told["narrative"] is None
        is_problem(
            await step(traveller, told, "", {"identity": None}, method="PATCH"), 422, "invalid-request", "/identity"
        )
        child = {"identity": person(0, born_on="2015-05-05")}
        is_problem(await step(traveller, told, "", child, method="PATCH"), 422, "invalid-request", "/guardian")


async def test_a_complaint_taken_back_needs_its_papers_no_more(desk: Desk) -> None:
    told = await filed(desk.suite, experiences=["EXP-OVERSTAY", "EXP-CRCL"])
    async with opened_by(desk.suite, told) as traveller:
        told |= await took(traveller, told, "", {"experiences": ["EXP-CRCL"]}, method="PATCH")
    assert (told["state"], told["missing"]) == ("accepted", [])


async def test_time_is_given_once_more_and_only_once(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        told |= await took(traveller, told, "extension")
        assert told["due_at"] == "2027-01-20T15:00:00.000000Z"
        assert "extend" not in [each["step"] for each in told["you_can"]]
        is_problem(await step(traveller, told, "extension"), 409, "step-not-ready")


async def test_papers_that_never_come_close_it_and_it_can_be_opened_again(desk: Desk, clock: MovingClock) -> None:
    told = await filed(desk.suite, identity=person(20), contact={"email": EMAIL})
    sent = await about(desk, told["control_number"])
    secret = next(secret_in(each) for each in sent if secret_in(each))
    for _ in range(40):
        clock.move(timedelta(days=1))
        await do_jobs(desk)
    async with opened_by(desk.suite, told, secret) as traveller:
        told |= await read(traveller)
        assert (told["state"], told["state_text"]) == ("abandoned", "papers not received")
        assert told["now"].endswith("You may reopen it until June 19, 2027.")
        told |= await took(traveller, told, "reopening")
        assert (told["state"], [each["group"] for each in told["missing"]]) == ("documents_needed", ["identity"])
        for _ in range(40):
            clock.move(timedelta(days=1))
            await do_jobs(desk)
        clock.move(timedelta(days=181))
        told |= await read(traveller)
        is_problem(await step(traveller, told, "reopening"), 409, "step-not-ready")


async def test_each_new_state_is_written_of_without_a_name_or_a_fact(desk: Desk) -> None:
    told = await filed(desk.suite, identity=person(21), contact={"email": EMAIL}, language="es")
    sent = await about(desk, told["control_number"])
    text = "\n".join(each.get_content() for each in sent)
    assert sent
    assert all(each["To"] == "undisclosed-recipients:;" for each in sent)
    assert not any(secret in text for secret in ("Côté", "Éloïse", "GA302922", EMAIL, "EXP-"))
    assert any("faltan documentos" in str(each["Subject"]) for each in sent)


async def test_it_is_withdrawn_and_nothing_more_can_be_done(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        told |= await took(traveller, told, "withdrawal")
        assert (told["state"], told["you_can"]) == ("withdrawn", [])
        is_problem(await step(traveller, told, "withdrawal"), 409, "illegal-step")
        is_problem(await send(traveller, told), 409, "illegal-step")
        is_problem(await step(traveller, told, "", {"narrative": "Encore."}, method="PATCH"), 409, "illegal-step")


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("answers", {"answers": [{"question": 1, "text": "Oui, en 2019."}]}),
        ("reopening", None),
        ("appeal", {"reason": "La décision se trompe de personne."}),
        ("submission", {"statement_of_truth": True}),
    ],
)
async def test_a_step_that_has_no_place_is_refused(desk: Desk, verb: str, body: object) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        is_problem(await step(traveller, told, verb, body), 409, "illegal-step")
        assert (await read(traveller))["revision"] == told["revision"]


async def test_a_repeated_step_is_taken_once(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        first = await step(traveller, told, "extension", Idempotency_Key="once")
        again = await step(traveller, told, "extension", Idempotency_Key="once")
        assert (again.status_code, again.json()) == (200, first.json())
        assert (await read(traveller))["revision"] == told["revision"] + 1


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_it_is_told_in_the_language_of_who_reads(desk: Desk, language: str) -> None:
    told = await filed(desk.suite)
    words = {"en": "We need: proof of who you are", "fr": "Il nous faut : une preuve", "es": "Necesitamos: una prueba"}
    async with opened_by(desk.suite, told) as traveller:
        assert (await read(traveller, language))["now"].startswith(words[language])


async def test_an_inquiry_of_the_shared_form_is_whole(desk: Desk) -> None:
    told = await filed(desk.suite)
    assert set(inquiry()) - {"statement_of_truth"} <= set(told)
