"""What people do, through the gateway of the suite in containers, with tokens of its provider."""

from email import message_from_bytes, policy
from typing import Any

import httpx
import pytest
from journey import PORT, Journey, body_of, take, told, until
from redress_steps import EXAMINATIONS, admit, examine, file
from tests.compose.suite import Suite

from advance_ruling import decide, file_application, until_heard, until_told

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", autouse=True)
async def port(suite: Suite) -> None:
    """The port of entry of the realm's officer."""
    async with suite.client("first-supervisor") as supervisor:
        answer = await supervisor.post("/admission/v1/ports", json=PORT)
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
    planned = {"arrival": {"from": "CA", "mode": PORT["mode"], "place": PORT["kind"]}}
    async with (
        suite.client("first-applicant") as applicant,
        suite.client("first-adjudicator") as adjudicator,
        suite.client("first-officer") as officer,
        suite.client("first-supervisor") as authority,
        suite.client() as anyone,
    ):
        address = await file_application(applicant, {**facts, **planned})
        number = (await decide(adjudicator, address))["number"]
        token = (await applicant.get(f"/advance-rulings/v1/rulings/{number}/token")).text
        verified = told(await anyone.get(f"/advance-rulings/v1/rulings/{number}/verify"))
        assert verified["status"] == "valid"
        examination = await until_heard(officer, token, refused=False)
        assert examination["rulings"][0]["outcome"] == "honoured"
        await admit(officer, examination, "The ruling settles the class; documents are in order.")
        assert await until_told(authority, number) == "honoured"


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


async def test_a_traveller_files_is_sent_the_secret_and_is_heard(suite: Suite) -> None:
    at_home: Any = AtHome(suite)
    traveller, number = await file(at_home, Journey(), body_of("inquiry-mistaken-identity.json"))
    await traveller.aclose()
    async with suite.client("first-caseworker") as clerk:
        cases = told(await clerk.get("/redress/v1/cases"))["cases"]
        assert number in [each["control_number"] for each in cases]


async def test_what_admission_tells_redress_comes_through_the_gateway_with_a_token_of_its_own(suite: Suite) -> None:
    async with suite.client("first-officer") as officer:
        examination = await examine(officer)

        async def records() -> bool:
            program = (
                "import asyncio, json; from crossing.kit.http import new_client;"
                "from crossing.kit.service_tokens import ClientCredentials; import os, pathlib;\n"
                "async def go():\n"
                "    async with new_client(os.environ['CROSSING_ADMISSION_ADDRESS']) as client:\n"
                "        token = ClientCredentials(client, os.environ['CROSSING_TOKEN_ADDRESS'], 'redress',"
                " pathlib.Path(os.environ['CROSSING_CLIENT_SECRET_FILE']))\n"
                "        headers = {'Authorization': f'Bearer {await token()}'}\n"
                f"        body = {{'case_id': 'a-case', 'examination_id': '{examination['id']}'}}\n"
                "        print((await client.post('/v1/examination-subjects', json=body, headers=headers)).status_code)\n"
                "asyncio.run(go())"
            )
            return suite.inside("redress", "python", "-c", program).split()[-1] == "200"

        await until("redress asks admission", records)


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
