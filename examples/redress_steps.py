"""What the example of redress does at a port, at home and at redress's desk, step by step."""

import asyncio
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

from journey import PORT, Journey, ask, body_of, free_port, send_document, take, told, until

from crossing.kit.http import Client, Response, new_client
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

EXAMINATIONS: Final = "/admission/v1/examinations"
INQUIRY: Final = "/redress/v1/inquiry"
CASES: Final = "/redress/v1/cases"
CLERK: Final = "demonstration-caseworker"
REVIEWER: Final = "demonstration-reviewer"
ADJUDICATOR: Final = "demonstration-adjudicator"


class Suite:
    """Where the services are, and whoever acts there, signed in."""

    def __init__(self, data: Path) -> None:
        self.mail = data / "mail"
        self.ports, self.redress = free_port(), free_port()
        self._issuer = DevelopmentIssuer(data)

    def at_port(self, role: Role, subject: str) -> Client:
        """Somebody at the port of entry, or a service that asks there."""
        token = self._issuer.token(role, subject=subject, port_id=PORT["id"], terminal_id="LANE-1")
        return new_client(f"http://127.0.0.1:{self.ports}", token)

    def at_desk(self, subject: str, role: Role = Role.CASEWORKER) -> Client:
        """Somebody who works in redress."""
        return new_client(f"http://127.0.0.1:{self.redress}", self._issuer.token(role, subject=subject))

    def traveller(self) -> Client:
        """Somebody at home, without an account."""
        return new_client(f"http://127.0.0.1:{self.redress}")

    def secret_of(self, number: str) -> str | None:
        """The secret of an inquiry, from the message that brought it: what follows the sign # in its link."""
        for file in self.mail.glob("*.eml"):
            message: Any = message_from_bytes(file.read_bytes(), policy=policy.default)
            links = [line for line in message.get_content().splitlines() if "#" in line and line.startswith("http")]
            if links and number in message["Subject"]:
                return str(links[0].partition("#")[2])
        return None


async def examine(officer: Client, **changes: Any) -> dict[str, Any]:
    """An examination at the port; ``changes`` are to the scan, or parts of the body by their names.

    Where the check of the lists did not answer in its time, as on a busy machine, the examination is opened again.
    """
    body = body_of("examination-tn-engineer.json")
    body["scan"]["fields"] |= {name: changes.pop(name) for name in list(changes) if name in body["scan"]["fields"]}
    examination: dict[str, Any] = {}

    async def checked() -> bool:
        examination.update(told(await officer.post(EXAMINATIONS, json={**body, **changes})))
        return bool(examination["subject"]["checked"])

    await until("the lists answer", checked)
    return examination


def hits(examination: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The entries that match, each with how, and whether the match counts."""
    return [(each["id"], each["match"], not each["suppressed"]) for each in examination["subject"]["lookouts"]]


async def admit(officer: Client, examination: dict[str, Any], reason: str) -> dict[str, Any]:
    """The officer's decision: admitted in the class sought."""
    decision = {"action": "admit", "class": "us.tn", "reason": reason}
    return await take(officer, f"{EXAMINATIONS}/{examination['id']}/decision", decision)


async def file(suite: Suite, journey: Journey, inquiry: dict[str, Any]) -> tuple[Client, str]:
    """File an inquiry and open it by its number and secret; the traveller, and the number."""
    traveller = suite.traveller()
    filed = told(await traveller.post("/redress/v1/inquiries", json=inquiry))
    number = filed["control_number"]
    print(f"    Redress Control Number {number}")
    journey.step("filed: the number is told at once, the secret is not", (bool(number), filed["secret"]), (True, None))

    async def arrived() -> bool:
        return suite.secret_of(number) is not None

    await until("the secret comes by mail", arrived)
    traveller.auth = (number, "WRONG-SECRET")
    journey.step("a wrong secret opens nothing", (await traveller.get(INQUIRY)).status_code, 401)
    traveller.auth = (number, suite.secret_of(number) or "")
    journey.step("the secret from the mail does", await reads(traveller), "documents_needed")
    await send_document(traveller, INQUIRY, "passport")
    journey.step("the one document this complaint needs is sent", await reads(traveller), "accepted")
    return traveller, number


async def reads(traveller: Client) -> str:
    """The state of the traveller's case, whose words are printed."""
    inquiry = told(await traveller.get(INQUIRY))
    print(f"    the traveller reads: {inquiry['now']} (acts: {inquiry['who_acts']})")
    return str(inquiry["state"])


async def lead_to_adjudication(suite: Suite, journey: Journey, number: str, involved: str) -> str:
    """Read the records, route the case, have it answered and assigned; the address of the case."""
    clerk, reviewer = suite.at_desk(CLERK), suite.at_desk(REVIEWER)
    found = [each for each in told(await clerk.get(CASES))["cases"] if each["control_number"] == number]
    address = f"{CASES}/{found[0]['id']}"
    await take(clerk, f"{address}/records", {})
    routed = await take(clerk, f"{address}/routing", {"record_owner": "cbp", "reviewer": REVIEWER})
    journey.step("routed to the body that keeps the record", routed["state"], "routed")
    answer = {"facts": ["What the file of the port says."], "sources": ["examination"], "secrecy_basis": None}
    answered = await take(reviewer, f"{address}/component-answer", answer)
    journey.step("that body says what it holds, and decides nothing", answered["state"], "adjudication")
    refused = await ask(clerk, f"{address}/assignment", {"to": involved})
    journey.step("whoever was involved may not decide", problem(refused), (409, "conflict-of-interest"))
    await take(clerk, f"{address}/assignment", {"to": ADJUDICATOR})
    return address


def problem(answer: Response) -> tuple[int, str]:
    """Status and type of a refusal."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def decide(suite: Suite, journey: Journey, address: str, draft: dict[str, Any]) -> None:
    """Decide a case by a draft that passes every check, and order its correction."""
    adjudicator = suite.at_desk(ADJUDICATOR)
    drafted = await take(adjudicator, f"{address}/draft", draft, method="PUT")
    journey.step("checks that fire on the letter", drafted["desk"]["draft"]["findings"], [])
    decided = await take(adjudicator, f"{address}/decision")
    journey.step("decided", decided["state"], "decided")
    ordered = await take(adjudicator, f"{address}/correction", {})
    journey.step("the correction is ordered", ordered["state"], "correction_pending")


async def until_corrected(journey: Journey, traveller: Client) -> None:
    """Wait until the port was asked what went wrong, and answered right."""
    ordered_at = datetime.now(UTC)

    async def watched() -> bool:
        return bool(told(await traveller.get(INQUIRY))["state"] == "watch")

    await until("the correction reaches the port and is probed", watched)
    print(f"    at the port and checked {(datetime.now(UTC) - ordered_at).total_seconds():.1f} seconds later")
    journey.step("applied at the port, probed, and watched from now on", await reads(traveller), "watch")


async def chains_at_fault(data: Path) -> str:
    """What ``crossing audit verify`` says of the chains of every service, at its end."""
    command = [sys.executable, "-m", "crossing.cli", "audit", "verify", "--data", str(data)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    return printed.decode().strip().rpartition(", ")[2]
