"""Ordinary applications that the tests share: people and firms that do not exist."""

import itertools
from datetime import date, timedelta
from typing import Any

import httpx
from tests.admission.cases import TN_FACTS, changed
from tests.kit.documents import pdf

from crossing.wire.countries import COUNTRIES

FILES = "/advance-rulings/v1/files"
APPLICATIONS = "/advance-rulings/v1/applications"

# A civil engineer of Canada, whose name needs its accents.
ENGINEER: dict[str, Any] = {
    "surname": "Côté",
    "given_names": "Éloïse",
    "born_on": "1988-04-12",
    "nationality": "CA",
    "document_kind": "passport",
    "issued_by": "CA",
    "document_number": "GA302922",
    "expires_on": "2032-05-31",
}
ARRIVAL = {"mode": "land", "from": "CA", "place": "class_a_port"}
REQUEST: dict[str, Any] = {
    "first_entry": "2027-02-01",
    "last_entry": "2028-06-30",
    "ports": ["Detroit"],
    "employer": {"legal_name": "Pont-Neuf inc.", "registration_id": "CA-1234567", "address": "1 rue du Pont, Montréal"},
    "receiving_entity": {"legal_name": "Lakeshore Bridges LLC", "address": "9 Shore Road, Detroit"},
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
FINDINGS = {"US-TN-03": "met", "US-TN-13": "met", "US-TN-30": "met"}
# One document of each kind that shows something of the engineer's case.
DOCUMENTS = ("passport", "employer_letter", "offer_letter", "degree", "ownership_register", "itinerary")
_PEOPLE = itertools.count()
# Nothing reads where the employer is in these cases, but it is a material fact.
_EMPLOYERS = sorted(COUNTRIES)
CONSENT = {"given_on": "2026-11-01", "scope": ["application"]}


def traveller(**changes: Any) -> dict[str, Any]:
    """An engineer, each time another person whose case is like nobody else's, with changes to what is said of her."""
    number = next(_PEOPLE)
    born_on = (date(1970, 1, 1) + timedelta(days=number)).isoformat()
    facts = {**TN_FACTS, "arrival": ARRIVAL, "employer": {"country": _EMPLOYERS[number % len(_EMPLOYERS)]}}
    said = {"identity": {**ENGINEER, "born_on": born_on}, "facts": facts, "request": REQUEST}
    return changed(said, **changes)


def file_in(**changes: Any) -> dict[str, Any]:
    """The body that opens an engineer's file, with everything an application says."""
    body = {
        "into": "US",
        "class": "us.tn",
        "language": "fr",
        "contact": {"email": "eloise@example.org", "language": "fr"},
        "travellers": [traveller()],
    }
    return changed(body, **changes)


async def opened(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A file opened, as the answer tells it."""
    answer = await client.post(FILES, json=file_in(**changes))
    assert answer.status_code == 201, answer.text
    file: dict[str, Any] = answer.json()
    return file


async def read(client: httpx.AsyncClient, application_id: str) -> dict[str, Any]:
    """An application as the caller reads it."""
    answer = await client.get(f"{APPLICATIONS}/{application_id}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def drafted(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """The application of a file opened for the engineer, a draft still."""
    file = await opened(client, **changes)
    return await read(client, file["applications"][0]["id"])


async def step(
    client: httpx.AsyncClient,
    application: dict[str, Any],
    verb: str,
    body: dict[str, Any] | None = None,
    *,
    method: str = "POST",
    **headers: str,
) -> httpx.Response:
    """A step, taken on the version of the application that the caller has read; keywords name headers."""
    named = {"If-Match": f'"{application["revision"]}"'}
    named |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    address = f"{APPLICATIONS}/{application['id']}/{verb}".rstrip("/")
    return await client.request(method, address, json=body, headers=named)


async def took(
    client: httpx.AsyncClient, application: dict[str, Any], verb: str, body: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """The application after a step that was accepted, taken on its latest version."""
    answer = await step(client, await read(client, application["id"]), verb, body, **more)
    assert answer.status_code in (200, 201), answer.text
    told: dict[str, Any] = answer.json()
    return told


async def sent(
    client: httpx.AsyncClient, application: dict[str, Any], kind: str, content: bytes | None = None, **more: Any
) -> httpx.Response:
    """A document sent on the latest version of an application."""
    latest = await read(client, application["id"])
    form = {"kind": kind, **more}
    return await client.post(
        f"{APPLICATIONS}/{application['id']}/evidence",
        data=form,
        files={"file": (f"{kind}.pdf", content or pdf(), "application/pdf")},
        headers={"If-Match": f'"{latest["revision"]}"'},
    )


async def documented(client: httpx.AsyncClient, application: dict[str, Any]) -> dict[str, Any]:
    """The application once every document was sent."""
    for kind in DOCUMENTS:
        answer = await sent(client, application, kind)
        assert answer.status_code == 201, answer.text
    return await read(client, application["id"])


async def submitted(client: httpx.AsyncClient, application: dict[str, Any]) -> dict[str, Any]:
    """The application once it was submitted."""
    return await took(client, application, "submission", {"statement_of_truth": True})


async def complete(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A complete application for the engineer."""
    application = await submitted(client, await documented(client, await drafted(client, **changes)))
    assert application["state"] == "complete", application["completeness"]
    return application


async def under_review(client: httpx.AsyncClient, adjudicator: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A complete application that an adjudicator took."""
    return await took(adjudicator, await complete(client, **changes), "assignment", {})


def findings(**finding: str) -> dict[str, Any]:
    """Findings on everything that only a person judges of the engineer; ``met`` unless said otherwise."""
    found = FINDINGS | {name.replace("_", "-"): word for name, word in finding.items()}
    return {"findings": {name: {"finding": word, "reason": "Seen in the file."} for name, word in found.items()}}


DENIAL = {
    "reasons": [{"requirement": "US-TN-13", "text": "The stay is not shown to be temporary."}],
    "would_change": "Proof of a home and work to return to.",
}
