"""What people do, through the gateway of the suite in containers, with tokens of its provider."""

from email import message_from_bytes, policy
from typing import Any

import httpx
import pytest
from tests.compose.acting import advance_ruling, journey, redress_steps
from tests.compose.suite import Suite

pytestmark = pytest.mark.anyio
body_of, take, told, until = journey.body_of, journey.take, journey.told, journey.until
admit, examine, EXAMINATIONS = redress_steps.admit, redress_steps.examine, redress_steps.EXAMINATIONS


@pytest.fixture(scope="module", autouse=True)
async def port(suite: Suite) -> None:
    """The port of entry of the realm's officer."""
    async with suite.client("first-supervisor") as supervisor:
        answer = await supervisor.post("/admission/v1/ports", json=journey.PORT)
        assert answer.status_code in (201, 409), answer.text


async def test_an_officer_examines_adds_what_was_missing_and_decides(suite: Suite) -> None:
    body = body_of("examination-tn-engineer.json")
    async with suite.client("first-officer") as officer:
        opened = told(await officer.post(EXAMINATIONS, json={**body, "findings": {}}))
        address = f"{EXAMINATIONS}/{opened['id']}"
        added = await take(officer, f"{address}/facts", {"findings": body["findings"]}, method="PATCH")
        assert added["determination"]["outcome"] == "qualifies"
        decided = await admit(officer, opened, "The offer and the degree were shown.")
        assert decided["decision"]["action"] == "admit"
        assert told(await officer.get(address))["decision"] == decided["decision"]


async def test_a_ruling_is_asked_for_at_home_issued_honoured_and_noted(suite: Suite) -> None:
    facts = body_of("examination-tn-engineer.json")["facts"]
    planned = {"arrival": {"from": "CA", "mode": journey.PORT["mode"], "place": journey.PORT["kind"]}}
    async with (
        suite.client("first-applicant") as applicant,
        suite.client("first-adjudicator") as adjudicator,
        suite.client("first-officer") as officer,
        suite.client("first-supervisor") as authority,
        suite.client() as anyone,
    ):
        address = await advance_ruling.file_application(applicant, {**facts, **planned})
        number = (await advance_ruling.decide(adjudicator, address))["number"]
        token = (await applicant.get(f"/advance-rulings/v1/rulings/{number}/token")).text
        verified = told(await anyone.get(f"/advance-rulings/v1/rulings/{number}/verify"))
        assert verified["status"] == "valid"
        examination = await advance_ruling.until_heard(officer, token, refused=False)
        assert examination["rulings"][0]["binds"] is True
        await admit(officer, examination, "The ruling settles the class; documents are in order.")
        assert await advance_ruling.until_told(authority, number) == "honoured"


class AtHome:
    """A traveller without an account, and where the message with the secret arrives."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite

    def traveller(self) -> httpx.AsyncClient:
        """Somebody who is not signed in."""
        return self._suite.client()

    def secret_of(self, number: str) -> str | None:
        """The secret of an inquiry, from the message that brought it: what follows the sign # in its link."""
        for text in self._suite.mails("redress"):
            message: Any = message_from_bytes(text, policy=policy.default)
            links = [line for line in message.get_content().splitlines() if "#" in line and line.startswith("http")]
            if links and number in message["Subject"]:
                return str(links[0].partition("#")[2])
        return None


async def test_a_traveller_files_and_redress_asks_the_port_what_it_holds(suite: Suite) -> None:
    at_home: Any = AtHome(suite)
    async with suite.client("first-officer") as officer:
        examination = await examine(officer)
        await admit(officer, examination, "Documents are in order.")
    traveller, number = await redress_steps.file(at_home, journey.Journey(), body_of("inquiry-mistaken-identity.json"))
    await traveller.aclose()
    async with suite.client("first-supervisor") as supervisor, suite.client("first-caseworker") as clerk:
        entry = {"unit": "redress", "duties": ["case_officer"]}
        listed = await supervisor.put("/redress/v1/staff/first-caseworker", json=entry)
        assert listed.status_code in (200, 201, 428), listed.text
        cases = told(await clerk.get("/redress/v1/cases"))["cases"]
        [case] = [each["id"] for each in cases if each["control_number"] == number]
        read = await take(clerk, f"/redress/v1/cases/{case}/records", {})
        assert examination["id"] in [each["id"] for each in read["desk"]["records"]["examinations"]]


async def test_whoever_is_signed_in_works_on_while_the_provider_is_away(suite: Suite) -> None:
    async with suite.client("first-officer") as officer:
        told(await officer.get(EXAMINATIONS))
        suite.compose("stop", "identity")
        try:
            examination = await examine(officer)
            await admit(officer, examination, "Documents are in order.")
        finally:
            suite.compose("start", "identity")
            suite.wait_until_healthy()

    async def accepted() -> bool:
        async with suite.client("first-officer") as again:
            return (await again.get(EXAMINATIONS)).status_code == 200

    await until("tokens of the provider that came back are accepted", accepted)
