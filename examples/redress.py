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
from pathlib import Path
from typing import Any, Final

from journey import PORT, Journey, NotAsExpected, ask, body_of, run, served, take, told, until
from redress_steps import (
    ADJUDICATOR,
    CLERK,
    EXAMINATIONS,
    INQUIRY,
    Suite,
    admit,
    chains_at_fault,
    decide,
    examine,
    file,
    hits,
    lead_to_adjudication,
    problem,
    reads,
    until_corrected,
)

from crossing.embedded.demonstration import bring_lookouts, list_staff
from crossing.kit.http import Client
from crossing.kit.identity import Role

LOOKOUT: Final = "DEMO-LOOKOUT-1"
OFFICER: Final = "demonstration-officer"


async def mistaken(suite: Suite, journey: Journey) -> None:
    """Somebody is taken for another, is told apart, and stays told apart; the other is not."""
    officer, second = suite.at_port(Role.OFFICER, OFFICER), suite.at_port(Role.OFFICER, "demonstration-second")
    examination = await examine(officer)
    journey.step("at the port, matched with another's entry", hits(examination), [(LOOKOUT, "name", True)])
    journey.step("a reason to look, never a refusal", examination["determination"]["outcome"], "qualifies")
    address = f"{EXAMINATIONS}/{examination['id']}"
    referred = await take(officer, f"{address}/referral", {"reason": "An entry of a lookout list matches the name."})
    journey.step("sent to", referred["state"], "secondary")
    await admit(second, examination, "Another passport than the one on the list.")

    traveller, number = await file(suite, journey, body_of("inquiry-mistaken-identity.json"))
    case = await lead_to_adjudication(suite, journey, number, OFFICER)
    await reads(traveller)
    await fail_a_check(suite, journey, case)
    await decide(suite, journey, case, body_of("draft-mistaken-identity.json"))
    await until_corrected(journey, traveller)
    letter = await traveller.get(f"{INQUIRY}/letter", params={"format": "pdf"})
    journey.step("the letter is there", letter.content[:5], b"%PDF-")

    examination = await examine(officer, redress_control_number=number)
    journey.step("next time, the match no longer counts", hits(examination), [(LOOKOUT, "name", False)])
    journey.step("so that there is nothing to look closer at", examination["look_closer"], False)
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
    adjudicator, draft = suite.at_desk(ADJUDICATOR), body_of("draft-mistaken-identity.json")
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
    inquiry = body_of("inquiry-mistaken-identity.json")
    person = {name: inquiry["identity"][name] for name in ("surname", "given_names", "born_on")}
    document = {name: inquiry["documents"][0][name] for name in ("issued_by", "number")}

    async def watched() -> bool:
        check = told(await redress.post("/admission/v1/subject-checks", json={**person, "document": document}))
        return bool(check["watch"])

    await until("the port watches for a repeat", watched)
    entry = {"id": "DEMO-LOOKOUT-3", "list": "demonstration", "owner_unit": "demonstration-list-office"}
    entry |= {**person, "kind": "person", "reason": "other"}
    told(await keeper.post("/admission/v1/lookouts", json={"entries": [entry]}))
    found = hits(await examine(suite.at_port(Role.OFFICER, OFFICER)))
    journey.step("the same list errs again", found, [(LOOKOUT, "name", False), ("DEMO-LOOKOUT-3", "name", True)])

    async def reopened() -> bool:
        return bool(told(await traveller.get(INQUIRY))["state"] == "accepted")

    await until("the case reopens by itself", reopened)
    taken_up = told(await suite.at_desk(CLERK).get(case))["desk"]["priority"]
    journey.step("the case reopens by itself, before all others", taken_up, "P0")
    await reads(traveller)


async def refused(suite: Suite, journey: Journey) -> None:
    """Somebody was refused wrongly: the refusal is annulled, and a senior officer decides anew, on the file."""
    officer, senior = suite.at_port(Role.OFFICER, OFFICER), suite.at_port(Role.SUPERVISOR, "demonstration-senior")
    inquiry = body_of("inquiry-refusal.json")
    scan = {name: inquiry["identity"][name] for name in ("surname", "given_names", "born_on")}
    scan["document_number"] = inquiry["documents"][0]["number"]
    findings = body_of("examination-tn-engineer.json")["findings"]
    examination = await examine(officer, **scan, findings={**findings, "US-TN-30": "not_met"})
    address = f"{EXAMINATIONS}/{examination['id']}"
    decision = {"action": "refuse", "reason": "The degree is a print on both sides of the paper."}
    stands = (await take(officer, f"{address}/decision", decision))["decision"]
    journey.step("refused, which speaks against the traveller", (stands["action"], stands["adverse"]), ("refuse", True))

    traveller, number = await file(suite, journey, {**inquiry, "examination_id": examination["id"]})
    case = await lead_to_adjudication(suite, journey, number, OFFICER)
    await decide(suite, journey, case, await annulling(suite, case))
    await until_corrected(journey, traveller)
    examples = told(await suite.at_desk("demonstration-analyst", Role.ANALYST).get("/redress/v1/worked-examples"))
    left = [each["expect"] for each in examples["examples"]]
    journey.step("the rule gets a worked example", left, [{"met": ["US-TN-30"]}])

    of_the_day = {"traveller": {"citizenships": ["CA"]}, "arrival": {"from": "CA"}}
    told_anew = {"seeking": [], "facts": of_the_day, "findings": {}, "redress_control_number": number}
    invited = await examine(officer, **scan, **told_anew)
    journey.step("the next examination opens for", invited["subject"]["invitation"]["classes"], ["us.tn"])
    journey.step("with the file attached", invited["facts"]["position"], {"profession": "engineer"})
    earlier = told(await officer.get(f"{EXAMINATIONS}/{invited['id']}/history"))["examinations"]
    [before] = [each for each in earlier if each["id"] == examination["id"]]
    found = (before["action"], before["adverse"], before["annulled"]["control_number"])
    journey.step("history has the refusal, and no longer as adverse", found, ("refuse", False, number))
    await take(officer, f"{EXAMINATIONS}/{invited['id']}/facts", {"findings": findings}, method="PATCH")
    decision = {"action": "admit", "class": "us.tn", "reason": "The degree was shown."}
    answer = await ask(officer, f"{EXAMINATIONS}/{invited['id']}/decision", decision)
    journey.step("an officer may not decide it", problem(answer), (403, "senior-officer-needed"))
    admitted = await admit(senior, invited, "The degree was shown, and its print is no ground.")
    journey.step("a senior officer decides", admitted["decision"]["action"], "admit")


async def annulling(suite: Suite, case: str) -> dict[str, Any]:
    """The draft that annuls the refusal and invites the traveller, on the record as it was read."""
    file = told(await suite.at_desk(ADJUDICATOR).get(case))["desk"]
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
    journey.step("the audit chains verify", await chains_at_fault(data), "0 at fault")


if __name__ == "__main__":
    sys.exit(run("redress", go))
