"""Representatives: within the traveller's consent, revocable at once; an employer never reads what is not theirs."""

import pytest
from tests.admission.cases import is_problem
from tests.conftest import Desk
from tests.redress.inquiries.cases import (
    AGENT,
    EMAIL,
    INQUIRY,
    at_some_address,
    filed,
    opened_by,
    read,
    send,
    step,
    took,
)
from tests.redress.inquiries.messages import secret_sent_to

pytestmark = pytest.mark.anyio

EMPLOYER = {"name": "Pont-Neuf inc.", "kind": "employer", "paid": False, "email": "bureau@example.org"}


def with_scope(representative: dict[str, object], *scope: str) -> dict[str, object]:
    return {**representative, "consent": {"scope": list(scope), "given_on": "2026-11-20"}}


async def test_a_representative_has_a_secret_of_their_own_and_reads_what_consent_covers(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        after = await took(traveller, told, "representative", with_scope(AGENT, "status"), method="PUT")
    assert after["representative"]["name"] == "Zoé Roy"
    secret = await secret_sent_to(desk, told["control_number"], "zoe@example.org")
    assert secret != told["secret"]
    async with opened_by(desk.suite, told, secret) as agent:
        seen = await read(agent)
        assert (seen["reader"], seen["state"]) == ("representative", "documents_needed")
        hidden = ("identity", "documents", "contact", "narrative", "experiences", "journey", "evidence", "questions")
        assert [name for name in hidden if seen[name] is not None] == []
        assert seen["you_can"] == []
        is_problem(await send(agent, seen), 403, "not-your-step")
        is_problem(await step(agent, seen, "withdrawal"), 403, "not-your-step")


async def test_a_representation_ends_at_once(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        after = await took(traveller, told, "representative", with_scope(AGENT, "documents"), method="PUT")
        secret = await secret_sent_to(desk, told["control_number"], "zoe@example.org")
        async with opened_by(desk.suite, told, secret) as agent:
            assert (await agent.get(INQUIRY)).status_code == 200
            ended = await took(traveller, after, "representative", method="DELETE")
            is_problem(await agent.get(INQUIRY), 401, "wrong-number-or-secret")
            is_problem(await send(agent, ended), 401, "wrong-number-or-secret")
    assert ended["representative"]["consent"]["revoked_on"] == "2026-11-21"


async def test_another_representative_takes_the_place_of_the_first(desk: Desk) -> None:
    told = await filed(desk.suite)
    other = {**AGENT, "name": "Aïda Ba", "email": "aida@example.org"}
    async with opened_by(desk.suite, told) as traveller:
        after = await took(traveller, told, "representative", with_scope(AGENT, "status"), method="PUT")
        first = await secret_sent_to(desk, told["control_number"], "zoe@example.org")
        await took(traveller, after, "representative", with_scope(other, "status"), method="PUT")
    second = await secret_sent_to(desk, told["control_number"], "aida@example.org")
    async with opened_by(desk.suite, told, first) as former, opened_by(desk.suite, told, second) as present:
        is_problem(await former.get(INQUIRY), 401, "wrong-number-or-secret")
        assert (await present.get(INQUIRY)).status_code == 200


async def test_a_consent_ends_on_its_day(desk: Desk) -> None:
    told = await filed(desk.suite)
    consent = {"scope": ["status"], "given_on": "2026-11-20", "until": "2026-11-21"}
    async with opened_by(desk.suite, told) as traveller:
        await took(traveller, told, "representative", {**AGENT, "consent": consent}, method="PUT")
    secret = await secret_sent_to(desk, told["control_number"], "zoe@example.org")
    async with opened_by(desk.suite, told, secret) as agent:
        assert (await agent.get(INQUIRY)).status_code == 200
        desk.clock.now = desk.clock.now.replace(day=22)
        is_problem(await agent.get(INQUIRY), 401, "wrong-number-or-secret")


async def test_an_employer_never_reads_criminal_medical_or_security_content(desk: Desk) -> None:
    told = await filed(desk.suite, experiences=["EXP-NOFLY", "EXP-OVERSTAY"])
    async with opened_by(desk.suite, told) as traveller:
        for kind in ("court_record", "medical_certificate", "boarding_pass"):
            told |= (await send(traveller, told, kind)).json()
        scope = with_scope(EMPLOYER, "status", "documents", "decisions")
        told |= await took(traveller, told, "representative", scope, method="PUT")
    secret = await secret_sent_to(desk, told["control_number"], "bureau@example.org")
    async with opened_by(desk.suite, told, secret) as employer:
        seen = await read(employer)
        assert [each["kind"] for each in seen["evidence"]] == ["boarding_pass"]
        assert [each["code"] for each in seen["experiences"]] == ["EXP-OVERSTAY"]
        assert seen["narrative"] is None
        numbers = [(await employer.get(f"{INQUIRY}/evidence/{number}")).status_code for number in (1, 2, 3)]
    assert numbers == [404, 404, 200]


async def test_only_the_traveller_names_and_ends_representatives_and_is_written_to(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        scope = with_scope(AGENT, "status", "documents", "decisions")
        told |= await took(traveller, told, "representative", scope, method="PUT")
    secret = await secret_sent_to(desk, told["control_number"], "zoe@example.org")
    async with opened_by(desk.suite, told, secret) as agent:
        is_problem(await step(agent, told, "representative", method="DELETE"), 403, "not-your-step")
        other = await step(agent, told, "representative", with_scope(EMPLOYER, "status"), method="PUT")
        is_problem(other, 403, "not-your-step")
        moved = await step(agent, told, "", {"contact": {"email": "zoe@example.org"}}, method="PATCH")
        is_problem(moved, 422, "invalid-request", "/contact")


async def test_whoever_may_not_act_for_pay_in_canada_is_refused(desk: Desk) -> None:
    told = await filed(desk.suite, country="CA")
    async with opened_by(desk.suite, told) as traveller:
        paid = {**with_scope(AGENT, "status"), "kind": "trusted_person"}
        answer = await step(traveller, told, "representative", paid, method="PUT")
        detail = is_problem(answer, 422, "invalid-request", "/paid")["errors"][0]["detail"]
        assert "notary of Quebec" in detail
        assert "trusted" not in detail


async def test_a_representative_files_with_consent_and_the_traveller_has_a_way_of_their_own(desk: Desk) -> None:
    agent = with_scope(AGENT, "status", "documents", "decisions")
    told = await filed(desk.suite, filed_by="representative", representative=agent, contact={"email": EMAIL})
    assert (told["reader"], told["secret"], told["contact"]) == ("representative", None, None)
    theirs = await secret_sent_to(desk, told["control_number"], "zoe@example.org")
    own = await secret_sent_to(desk, told["control_number"], EMAIL)
    async with at_some_address(desk.suite, (told["control_number"], own)) as traveller:
        seen = await read(traveller)
        assert (seen["reader"], seen["contact"]["email"]) == ("applicant", EMAIL)
        assert seen["history"][0]["by"] == "your representative"
        await took(traveller, seen, "representative", method="DELETE")
    async with opened_by(desk.suite, told, theirs) as former:
        is_problem(await former.get(INQUIRY), 401, "wrong-number-or-secret")
