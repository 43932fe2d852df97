"""An advance ruling from the draft to the port, over HTTP, with the services as processes of their own.

The traveller is a demonstration. The script files an application, has it decided, and presents the ruling at a port:
once in the ordinary way, once with the ruling service stopped, once after it was revoked, and once with a material fact
changed. It prints what each step came to and exits non-zero when one comes out otherwise than the procedure says.

    .venv/bin/python examples/advance_ruling.py
"""

import sys
from pathlib import Path
from typing import Any, Final

from journey import PORT, Journey, body_of, free_port, run, send_document, served, take, told, until

from crossing.kit.http import Client, new_client
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

REQUEST: Final = {
    "ports": ["Detroit"],
    "employer": {"legal_name": "Demonstration inc.", "registration_id": "CA-DEMO-1", "address": "Montréal"},
    "receiving_entity": {"legal_name": "Demonstration Bridges LLC", "address": "Detroit"},
    "relation": "client",
    "duties": "Checks the structure of two bridges.",
    "places_of_work": [{"country": "US", "subdivision": "US-MI"}],
    "pay_source": "the employer",
    "profits_to": "the employer",
    "hands_on_percent": 0,
    "regulated_occupation": [{"subdivision": "US-MI", "regulated": False}],
    "prior_decisions": [],
    "labour_dispute": False,
}


async def file_application(applicant: Client, facts: dict[str, Any]) -> str:
    """Draft, add what completeness asks for, submit; the address of the application."""
    identity = body_of("examination-tn-engineer.json")["scan"]["fields"]
    file = told(
        await applicant.post(
            "/advance-rulings/v1/files",
            json={
                "into": "US",
                "class": "us.tn",
                "language": "fr",
                "contact": {"email": "demonstration@example.org", "language": "fr"},
                "facts": facts,
                "request": {**REQUEST, "first_entry": "2027-02-01", "last_entry": "2029-05-09"},
                "travellers": [{"identity": {**identity, "document_kind": "passport"}}],
            },
        )
    )
    address = f"/advance-rulings/v1/applications/{file['applications'][0]['id']}"
    for item in told(await applicant.get(address))["completeness"]["items"]:
        if item["documents"]:
            await send_document(applicant, address, item["documents"][0], {"requirements": [item["requirement"]]})
    await take(applicant, f"{address}/submission", {"statement_of_truth": True})
    return address


async def decide(adjudicator: Client, address: str) -> dict[str, Any]:
    """Take the application, find on what only a person can judge, issue the ruling."""
    application = await take(adjudicator, f"{address}/assignment", {})
    open_points = [each["requirement"] for each in application["eligibility"]["judgements"]]
    found = {each: {"finding": "met", "reason": "Shown by the file."} for each in open_points}
    if found:
        await take(adjudicator, f"{address}/findings", {"findings": found}, method="PUT")
    return await take(adjudicator, f"{address}/issuance")


async def present(officer: Client, token: str, changed: dict[str, Any] | None = None) -> dict[str, Any]:
    """An examination at the port with the ruling; facts may differ from those ruled on."""
    body = body_of("examination-tn-engineer.json")
    body["facts"] |= changed or {}
    body.pop("findings", None)
    return told(await officer.post("/admission/v1/examinations", json={**body, "rulings": [token]}))


async def admit(officer: Client, examination: dict[str, Any]) -> dict[str, Any]:
    """The officer's decision: admitted in the class of the ruling."""
    address = f"/admission/v1/examinations/{examination['id']}/decision"
    decision = {"action": "admit", "class": "us.tn", "reason": "The ruling settles the class; documents are in order."}
    return await take(officer, address, decision)


async def until_told(authority: Client, number: str) -> str:
    """What the ruling service was told of a ruling by a port, which takes a moment."""
    steps: list[dict[str, Any]] = []

    async def heard() -> bool:
        steps[:] = told(await authority.get(f"/advance-rulings/v1/rulings/{number}"))["history"]
        return bool(steps[-1]["event"] == "note_port")

    await until("the ruling service hears", heard)
    return str(steps[-1]["detail"]["outcome"])


async def until_heard(officer: Client, token: str, *, refused: bool) -> dict[str, Any]:
    """Present a ruling until the port has heard that it began or ended, which takes a moment."""
    examination: dict[str, Any] = {}

    async def heard() -> bool:
        examination.update(await present(officer, token))
        return bool((examination["rulings"][0]["outcome"] == "refused") is refused)

    await until("the port hears of the ruling", heard)
    return examination


async def go(data: Path, journey: Journey) -> None:
    """The whole journey; raises ``NotAsExpected``."""
    issuer = DevelopmentIssuer(data)
    ruling_port, port = free_port(), free_port()
    rulings_at = f"http://127.0.0.1:{ruling_port}"
    port_at = f"http://127.0.0.1:{port}"
    only_rulings = ("--elsewhere", f"admission={port_at}", "--elsewhere", f"redress={port_at}")
    others = ("--elsewhere", f"advance-rulings={rulings_at}")

    def client(address: str, role: Role, subject: str) -> Client:
        return new_client(address, issuer.token(role, subject=subject, port_id=PORT["id"], terminal_id="LANE-1"))

    applicant = client(rulings_at, Role.APPLICANT, "demonstration-applicant")
    adjudicator = client(rulings_at, Role.ADJUDICATOR, "demonstration-adjudicator")
    authority = client(rulings_at, Role.SUPERVISOR, "demonstration-authority")
    officer = client(port_at, Role.OFFICER, "demonstration-officer")
    supervisor = client(port_at, Role.SUPERVISOR, "demonstration-supervisor")
    facts = body_of("examination-tn-engineer.json")["facts"]
    with served(data, port, *others):
        told(await supervisor.post("/admission/v1/ports", json=PORT))
        with served(data, ruling_port, *only_rulings):
            planned = {"arrival": {"from": "CA", "mode": PORT["mode"], "place": PORT["kind"]}}
            address = await file_application(applicant, {**facts, **planned})
            journey.step("submitted", told(await applicant.get(address))["state"], "complete")
            issued = await decide(adjudicator, address)
            number = issued["number"]
            journey.step("decided", issued["state"], "issued")
            print(f"    ruling {number}")
            token = (await applicant.get(f"/advance-rulings/v1/rulings/{number}/token")).text
            verified = told(await new_client(rulings_at).get(f"/advance-rulings/v1/rulings/{number}/verify"))
            journey.step("anyone verifies", verified["status"], "valid")
            without = told(await officer.post("/admission/v1/examinations", json=_without_findings()))
            journey.step("at the port without the ruling", without["determination"]["outcome"], "needs_judgement")
            examination = await until_heard(officer, token, refused=False)
            journey.step("with the ruling", examination["rulings"][0]["outcome"], "equal")
            journey.step("its requirements are settled", examination["determination"]["outcome"], "qualifies")
            await admit(officer, examination)
            journey.step("the ruling service hears", await until_told(authority, number), "honoured")
        examination = await present(officer, token)
        journey.step("ruling service stopped, still honoured", examination["rulings"][0]["binds"], True)
        print(f"    status list {examination['rulings'][0]['status_list_age_seconds']} seconds old")
        examination = await present(officer, token, {"engagement": {**facts["engagement"], "with_entity_in": "CA"}})
        journey.step("a material fact changed", examination["rulings"][0]["outcome"], "changed")
        changed = [each["fact"] for each in examination["rulings"][0]["changed"]]
        journey.step("the port is told which", changed, ["engagement.with_entity_in"])
        with served(data, ruling_port, *only_rulings):
            reasons = [{"requirement": "US-TN-13", "text": "The letter shown was written by somebody else."}]
            body = {"document": "letter of the firm", "heard_on": "2026-11-20", "reasons": reasons}
            await take(authority, f"/advance-rulings/v1/rulings/{number}/revocation", body)
            verified = told(await new_client(rulings_at).get(f"/advance-rulings/v1/rulings/{number}/verify"))
            journey.step("revoked for falsehood", verified["status"], "revoked")
            examination = await until_heard(officer, token, refused=True)
            journey.step("at the port refused, because", examination["rulings"][0]["reason"], "not_in_force")


def _without_findings() -> dict[str, Any]:
    body = body_of("examination-tn-engineer.json")
    body.pop("findings", None)
    return body


if __name__ == "__main__":
    sys.exit(run("advance_ruling", go))
