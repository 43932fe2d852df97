"""Redress from the port and back to it, over HTTP, with the services as processes of their own.

The travellers are demonstrations. One is taken for somebody else on a lookout list, files, is decided by somebody not
involved, and passes the next examination, while the entry still fires for the person it is about; then the mistake is
made again, and the case reopens by itself. The other was refused for how a degree was printed: the refusal is annulled
and decided anew. The script prints what each step came to, and what the traveller reads at it; it exits non-zero when
one comes out otherwise than the procedure says.

    .venv/bin/python examples/redress.py
"""

import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

from journey import PORT, Journey, NotAsExpected, ask, body_of, free_port, run, send_document, served, take, told, until

from crossing.embedded.demonstration import bring_lookouts, list_staff
from crossing.kit.http import Client, new_client
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

EXAMINATIONS: Final = "/admission/v1/examinations"
INQUIRY: Final = "/redress/v1/inquiry"
CASES: Final = "/redress/v1/cases"
LOOKOUT: Final = "DEMO-LOOKOUT-1"
FACTS_OF_THE_DAY: Final = {"traveller": {"citizenships": ["CA"]}, "arrival": {"from": "CA"}}


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
    """An examination at the port; ``changes`` are to the scan, or parts of the body by their names."""
    body = body_of("examination-tn-engineer.json")
    body["scan"]["fields"] |= {name: changes.pop(name) for name in list(changes) if name in body["scan"]["fields"]}
    return told(await officer.post(EXAMINATIONS, json={**body, **changes}))


def hits(examination: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The entries that match, each with how, and whether the match counts."""
    return [(each["id"], each["match"], not each["suppressed"]) for each in examination["subject"]["lookouts"]]


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
    clerk, reviewer = suite.at_desk("demonstration-caseworker"), suite.at_desk("demonstration-reviewer")
    found = [each for each in told(await clerk.get(CASES))["cases"] if each["control_number"] == number]
    address = f"{CASES}/{found[0]['id']}"
    await take(clerk, f"{address}/records", {})
    routed = await take(clerk, f"{address}/routing", {"record_owner": "cbp", "reviewer": "demonstration-reviewer"})
    journey.step("routed to the body that keeps the record", routed["state"], "routed")
    answer = {"facts": ["What the file of the port says."], "sources": ["examination"], "secrecy_basis": None}
    answered = await take(reviewer, f"{address}/component-answer", answer)
    journey.step("that body says what it holds, and decides nothing", answered["state"], "adjudication")
    refused = await ask(clerk, f"{address}/assignment", {"to": involved})
    journey.step("whoever was involved may not decide", problem(refused), (409, "conflict-of-interest"))
    await take(clerk, f"{address}/assignment", {"to": "demonstration-adjudicator"})
    return address


def problem(answer: Any) -> tuple[int, str]:
    """Status and type of a refusal."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def decide(suite: Suite, journey: Journey, address: str, draft: dict[str, Any]) -> None:
    """Decide a case by a draft that passes every check, and order its correction."""
    adjudicator = suite.at_desk("demonstration-adjudicator")
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


async def mistaken(suite: Suite, journey: Journey) -> None:
    """Somebody is taken for another, is told apart, and stays told apart; the other is not."""
    officer, second = (
        suite.at_port(Role.OFFICER, "demonstration-officer"),
        suite.at_port(Role.OFFICER, "demonstration-2"),
    )
    examination = await examine(officer)
    journey.step("at the port, matched with another's entry", hits(examination), [(LOOKOUT, "name", True)])
    journey.step("a reason to look, never a refusal", examination["determination"]["outcome"], "qualifies")
    address = f"{EXAMINATIONS}/{examination['id']}"
    referred = await take(officer, f"{address}/referral", {"reason": "An entry of a lookout list matches the name."})
    journey.step("sent to", referred["state"], "secondary")
    await admit(second, examination, "Another passport than the one on the list.")

    traveller, number = await file(suite, journey, body_of("inquiry-mistaken-identity.json"))
    case = await lead_to_adjudication(suite, journey, number, "demonstration-officer")
    await reads(traveller)
    await fail_a_check(suite, journey, case)
    await decide(suite, journey, case, body_of("draft-mistaken-identity.json"))
    await until_corrected(journey, traveller)
    letter = await traveller.get(f"{INQUIRY}/letter", params={"format": "pdf"})
    journey.step("the letter is there", letter.content[:5], b"%PDF-")

    examination = await examine(officer, redress_control_number=number)
    journey.step("next time, the match no longer counts", hits(examination), [(LOOKOUT, "name", False)])
    noted = examination["subject"]["control_number"]
    journey.step("the number is noted", noted, {"given": number, "known": True})
    admitted = await admit(officer, examination, "Documents are in order.")
    journey.step("and the traveller passes", admitted["decision"]["action"], "admit")
    examination = await examine(officer, document_number="DEMO99999")
    journey.step("for the person it is about, it still fires", hits(examination), [(LOOKOUT, "document", True)])
    examination = await examine(officer, document_number="DEMO77777")
    journey.step("and for a namesake whom nobody told apart", hits(examination), [(LOOKOUT, "name", True)])
    await repeat(suite, journey, traveller, case)


async def fail_a_check(suite: Suite, journey: Journey, case: str) -> None:
    """A letter that leaves out a document and names an officer is not sent."""
    adjudicator, draft = suite.at_desk("demonstration-adjudicator"), body_of("draft-mistaken-identity.json")
    draft["letter"] |= {"evidence": [], "facts": [{"text": "Officer Smith erred.", "source": "Your passport"}]}
    drafted = await take(adjudicator, f"{case}/draft", draft, method="PUT")
    findings = drafted["desk"]["draft"]["findings"]
    for each in findings:
        print(f"    check {each['check']} at {each['pointer']}: {each['text']}")
    journey.step("checks that fire on a careless letter", [each["check"] for each in findings], [4, 10])
    refused = await ask(adjudicator, f"{case}/decision")
    journey.step("by which nothing is decided", problem(refused), (422, "letter-fails-checks"))


async def repeat(suite: Suite, journey: Journey, traveller: Client, case: str) -> None:
    """The same list brings another entry about the other person: the same mistake, for which nobody has to ask."""
    redress, keeper = suite.at_port(Role.SERVICE, "redress"), suite.at_port(Role.SUPERVISOR, "demonstration-keeper")
    subject = {
        **body_of("inquiry-mistaken-identity.json")["identity"],
        "document": {"issued_by": "CA", "number": "DEMO12345"},
    }
    subject.pop("citizenships")

    async def watched() -> bool:
        return bool(told(await redress.post("/admission/v1/subject-checks", json=subject))["watch"])

    await until("the port watches for a repeat", watched)
    entry = {name: subject[name] for name in ("surname", "given_names", "born_on")}
    more = {"id": "DEMO-LOOKOUT-3", "list": "demonstration", "owner_unit": "demonstration-list-office"}
    told(
        await keeper.post(
            "/admission/v1/lookouts", json={"entries": [{**entry, **more, "kind": "person", "reason": "other"}]}
        )
    )
    examination = await examine(suite.at_port(Role.OFFICER, "demonstration-officer"))
    journey.step("the same list errs again", ("DEMO-LOOKOUT-3", "name", True) in hits(examination), True)

    async def reopened() -> bool:
        return bool(told(await traveller.get(INQUIRY))["state"] == "accepted")

    await until("the case reopens by itself", reopened)
    head = told(await suite.at_desk("demonstration-caseworker").get(case))
    journey.step("the case reopens by itself, before all others", head["desk"]["priority"], "P0")
    await reads(traveller)


async def refused(suite: Suite, journey: Journey) -> None:
    """Somebody was refused wrongly: the refusal is annulled, and a senior officer decides anew, on the file."""
    officer, senior = (
        suite.at_port(Role.OFFICER, "demonstration-officer"),
        suite.at_port(Role.SUPERVISOR, "demonstration-senior"),
    )
    inquiry = body_of("inquiry-refusal.json")
    scan = {"document_number": "DEMO54321"} | {
        name: inquiry["identity"][name] for name in ("surname", "given_names", "born_on")
    }
    findings = body_of("examination-tn-engineer.json")["findings"]
    examination = await examine(officer, **scan, findings={**findings, "US-TN-30": "not_met"})
    address = f"{EXAMINATIONS}/{examination['id']}"
    decision = {"action": "refuse", "reason": "The degree is a print on both sides of the paper."}
    stands = (await take(officer, f"{address}/decision", decision))["decision"]
    journey.step("refused, which speaks against the traveller", (stands["action"], stands["adverse"]), ("refuse", True))

    traveller, number = await file(suite, journey, {**inquiry, "examination_id": examination["id"]})
    case = await lead_to_adjudication(suite, journey, number, "demonstration-officer")
    await decide(suite, journey, case, await annulling(suite, case))
    await until_corrected(journey, traveller)
    examples = told(await suite.at_desk("demonstration-analyst", Role.ANALYST).get("/redress/v1/worked-examples"))
    rules = [each["requirement"] for each in examples["examples"]]
    journey.step("the rule gets a worked example", rules, ["US-TN-30"])

    body = {
        "scan": {"fields": body_of("examination-tn-engineer.json")["scan"]["fields"] | scan},
        "facts": FACTS_OF_THE_DAY,
    }
    invited = told(await officer.post(EXAMINATIONS, json={**body, "redress_control_number": number}))
    journey.step("the next examination opens for", invited["subject"]["invitation"]["classes"], ["us.tn"])
    journey.step("with the file attached", invited["facts"]["position"], {"profession": "engineer"})
    earlier = told(await officer.get(f"{EXAMINATIONS}/{invited['id']}/history"))["examinations"]
    [before] = [each for each in earlier if each["id"] == examination["id"]]
    found = (before["action"], before["adverse"], before["annulled"]["control_number"])
    journey.step("history has the refusal, and no longer as adverse", found, ("refuse", False, number))
    await take(officer, f"{EXAMINATIONS}/{invited['id']}/facts", {"findings": findings}, method="PATCH")
    body = {"action": "admit", "class": "us.tn", "reason": "The degree was shown."}
    answer = await ask(officer, f"{EXAMINATIONS}/{invited['id']}/decision", body)
    journey.step("an officer may not decide it", problem(answer), (403, "senior-officer-needed"))
    admitted = await admit(senior, invited, "The degree was shown, and its print is no ground.")
    journey.step("a senior officer decides", admitted["decision"]["action"], "admit")


async def annulling(suite: Suite, case: str) -> dict[str, Any]:
    """The draft that annuls the refusal and invites the traveller, on the record as it was read."""
    file = told(await suite.at_desk("demonstration-adjudicator").get(case))["desk"]
    [examination] = file["records"]["examinations"]
    record = {"kind": "examination", "id": examination["id"], "version": examination["revision"]}
    last_day = (datetime.now(UTC) + timedelta(days=150)).date().isoformat()
    invited = {"classes": ["us.tn"], "valid_until": last_day}
    draft = body_of("draft-refusal-annulled.json")
    draft["remedies"] = [
        {"kind": "refusal_annulled", "record": record, "content": {"reason_code": draft["root_cause"]}},
        {"kind": "examination_invited", "record": record, "content": invited},
    ]
    return draft


async def admit(officer: Client, examination: dict[str, Any], reason: str) -> dict[str, Any]:
    """The officer's decision: admitted in the class sought."""
    decision = {"action": "admit", "class": "us.tn", "reason": reason}
    return await take(officer, f"{EXAMINATIONS}/{examination['id']}/decision", decision)


async def go(data: Path, journey: Journey) -> None:
    """The whole journey; raises ``NotAsExpected``."""
    suite = Suite(data)
    ports, redress = f"http://127.0.0.1:{suite.ports}", f"http://127.0.0.1:{suite.redress}"
    only_redress = ("--elsewhere", f"admission={ports}", "--elsewhere", f"advance-rulings={ports}")
    with served(data, suite.ports, "--elsewhere", f"redress={redress}"), served(data, suite.redress, *only_redress):
        supervisor = suite.at_port(Role.SUPERVISOR, "demonstration-supervisor")
        told(await supervisor.post("/admission/v1/ports", json=PORT))
        if not await bring_lookouts(supervisor):
            raise NotAsExpected("no lookout came in")
        await list_staff(suite.at_desk("demonstration-supervisor", Role.SUPERVISOR))
        print("Taken for somebody else")
        await mistaken(suite, journey)
        print("Refused wrongly")
        await refused(suite, journey)


if __name__ == "__main__":
    sys.exit(run("redress", go))
