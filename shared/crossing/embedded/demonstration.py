"""Demonstration data: ports, an examination for each worked case, redress's staff and entries of lookout lists.

Everybody here is marked as a demonstration.
"""

import asyncio
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crossing.kit.http import CONFLICT, NOT_FOUND, PRECONDITION_REQUIRED, Client, new_client
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.packs.examples import Example, read_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER

_PORTS_FILE = Path(__file__).parent / "ports.yaml"
_REDRESS_FILE = Path(__file__).parent / "redress.yaml"


async def load_demonstration(address: str, issuer: DevelopmentIssuer) -> str:
    """Load ports, terminals, examinations, staff and lookouts through the API at an address; what is there stays.

    Returns a sentence with the counts. Raises ``HTTPError`` when the API refuses.
    """
    ports = YAML(typ="safe").load(_PORTS_FILE.read_text(encoding="utf-8"))["ports"]
    new_ports = 0
    for port in ports:
        new_ports += await _open_port(address, issuer, port)
    examined = 0
    if new_ports:
        for country, folder in COUNTRIES_WITH_PACKS.items():
            port = next(port for port in ports if port["country"] == country)
            token = issuer.token(
                Role.OFFICER,
                subject="demonstration-officer",
                port_id=port["id"],
                terminal_id=port["terminals"][0]["id"],
            )
            async with new_client(address, token) as client:
                for number, example in enumerate(_cases(PACKS_FOLDER / folder), 1):
                    await _examine(client, example, number)
                    examined += 1
                    await asyncio.sleep(0)
    token = issuer.token(Role.SUPERVISOR, subject="demonstration-supervisor", port_id=ports[0]["id"])
    async with new_client(address, token) as supervisor:
        listed, brought = await list_staff(supervisor), await bring_lookouts(supervisor)
    told = f"{new_ports} new ports, {examined} new examinations"
    return f"{told}, {listed} new caseworkers, {brought} new lookouts"


async def list_staff(supervisor: Client) -> int:
    """Put the caseworkers of the demonstration on redress's staff list; how many are new.

    None where redress runs elsewhere. Raises ``HTTPError`` when redress refuses.
    """
    new = 0
    for subject, entry in _redress()["staff"].items():
        answer = await supervisor.put(f"/redress/v1/staff/{subject}", json=entry)
        if answer.status_code == NOT_FOUND:
            return 0
        if answer.status_code != PRECONDITION_REQUIRED:  # which says that somebody is on the list already
            answer.raise_for_status()
            new += 1
    return new


async def bring_lookouts(supervisor: Client) -> int:
    """Bring the entries of the demonstration into the lookout list; how many are new.

    Raises ``HTTPError`` when admission refuses.
    """
    answer = await supervisor.post("/admission/v1/lookouts", json={"entries": _redress()["lookouts"]})
    answer.raise_for_status()
    new: int = answer.json()["added"]
    return new


def _redress() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(_REDRESS_FILE.read_text(encoding="utf-8"))
    return loaded


def _cases(folder: Path) -> list[Example]:
    return [example for example in read_examples(folder) if "-CASE-" in example.id and "/" not in example.id]


async def _open_port(address: str, issuer: DevelopmentIssuer, port: dict[str, Any]) -> bool:
    token = issuer.token(Role.SUPERVISOR, subject="demonstration-supervisor", port_id=port["id"])
    terminals = port["terminals"]
    async with new_client(address, token) as client:
        body = {key: value for key, value in port.items() if key != "terminals"}
        answer = await client.post("/admission/v1/ports", json=body)
        if answer.status_code == CONFLICT:
            return False
        answer.raise_for_status()
        for terminal in terminals:
            (await client.post(f"/admission/v1/ports/{port['id']}/terminals", json=terminal)).raise_for_status()
    return True


async def _examine(client: Client, example: Example, number: int) -> None:
    """Open an examination with a worked case's facts, and decide it as the determination advises."""
    traveller = {key: value for key, value in example.facts.get("traveller", {}).items() if key != "born_on"}
    facts = {key: value for key, value in example.facts.items() if key not in ("travel_document", "arrival")}
    document = example.facts.get("travel_document", {})
    citizenship = (traveller.get("citizenships") or ["XX"])[0]
    body = {
        "scan": {
            "fields": {
                "document_kind": document.get("kind", "passport"),
                "issued_by": document.get("issued_by", citizenship),
                "document_number": f"DEMO{number:05}",
                "surname": "Démonstration",
                "given_names": example.id,
                "nationality": citizenship,
                "born_on": f"1980-01-{number % 28 + 1:02}",
                "expires_on": document.get("expires_on"),
            }
        },
        "seeking": example.seeking,
        "facts": {**facts, "traveller": traveller},
        "findings": dict(example.findings),
    }
    opened = await client.post(
        "/admission/v1/examinations", json=body, headers={"Idempotency-Key": f"demo-{example.id}"}
    )
    opened.raise_for_status()
    examination = opened.json()
    advice = examination["determination"]["recommended"]
    if advice["action"] == "refer":
        return
    decision: dict[str, Any] = {"action": advice["action"], "reason": f"Demonstration of worked case {example.id}."}
    if advice["action"] == "admit":
        decision["class"] = advice["class"]
    headers = {"If-Match": opened.headers["etag"]}
    address = f"/admission/v1/examinations/{examination['id']}/decision"
    (await client.post(address, json=decision, headers=headers)).raise_for_status()
