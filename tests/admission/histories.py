"""A realistic history of two ports, for the tests of the audit chain and of the logs."""

import httpx
from tests.admission.cases import EXAMINATIONS, admit, engineer, opened, refuse, technician, took
from tests.conftest import Desk

from crossing.kit.identity import Role


async def realistic_history(desk: Desk) -> dict[str, dict[str, object]]:
    """Ports with terminals, and examinations that took every step there is; as they stand, by a name for each."""
    async with (
        desk.client() as officer,
        desk.client(Role.SUPERVISOR) as supervisor,
        desk.client(port="CA-YUL", subject="test-agent") as agent,
    ):
        for port, terminal in (("US-DETROIT", "LANE-1"), ("US-DETROIT", "LANE-2"), ("CA-YUL", "PIK-07")):
            answer = await supervisor.post(
                f"/admission/v1/ports/{port}/terminals", json={"id": terminal, "name": f"Guérite {terminal}"}
            )
            assert answer.status_code == 201, answer.text
        admitted = await took(officer, await opened(officer, engineer()), "decision", admit())
        refused = await opened(
            officer, technician(facts__equipment__manufactured_in=None, rulings=["no-ruling", "nor-this"])
        )
        refused = await took(officer, refused, "facts", {"facts": {"equipment": {"manufactured_in": "US"}}})
        refused = await took(officer, refused, "referral", {"reason": "To see the certificate of origin."})
        refused = await took(officer, refused, "decision", refuse())
        departure = [{"requirement": "US-B1-38", "reason": "The invoice names works in Ontario."}]
        decision = admit(**{"class": "us.b1.usmca"}, departures=departure)
        superseded = await took(
            supervisor, refused, "supersession", {"reason": "A certificate came later.", "decision": decision}
        )
        gone = await took(officer, await opened(officer, technician()), "withdrawal", {"reason": "Went home."})
        await looked_up(officer, admitted["id"])
        there = await opened(agent, engineer(seeking=[], facts={}, findings={}))
        await looked_up(agent, there["id"])
    return {"admitted": admitted, "superseded": superseded, "withdrawn": gone, "there": there}


async def looked_up(client: httpx.AsyncClient, examination_id: str) -> None:
    """Somebody looks up the history of a traveller."""
    (await client.get(f"{EXAMINATIONS}/{examination_id}/history")).raise_for_status()
