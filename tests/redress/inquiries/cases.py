"""Ordinary inquiries that the tests share: people who do not exist."""

import itertools
from typing import Any

import httpx
from tests.kit.documents import pdf

INQUIRIES = "/redress/v1/inquiries"
INQUIRY = "/redress/v1/inquiry"
RECOVERY = "/redress/v1/recovery"
EMAIL = "eloise@example.org"
#: Whose name needs its accents.
ELOISE: dict[str, Any] = {
    "surname": "Côté",
    "given_names": "Éloïse",
    "born_on": "1988-04-12",
    "citizenships": ["CA"],
}
PASSPORT = {"kind": "passport", "number": "GA302922", "issued_by": "CA", "expires_on": "2032-05-31"}
AGENT: dict[str, Any] = {
    "name": "Zoé Roy",
    "kind": "lawyer",
    "paid": True,
    "licence": {"body": "Barreau du Québec", "number": "123456"},
    "email": "zoe@example.org",
    "consent": {"scope": ["status"], "given_on": "2026-11-20"},
}
_ADDRESSES = itertools.count(1)


def inquiry(**changes: Any) -> dict[str, Any]:
    """A traveller mistaken for somebody else, who needs to show who they are."""
    body = {
        "country": "US",
        "language": "fr",
        "identity": ELOISE,
        "documents": [PASSPORT],
        "contact": {"email": EMAIL},
        "experiences": ["EXP-DENY-BOARD"],
        "narrative": "On m’a prise pour quelqu’un d’autre à Dorval.",
        "statement_of_truth": True,
    }
    return {**body, **changes}


def person(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A traveller of a name of their own."""
    return {**ELOISE, "surname": f"Côté-{chr(65 + number)}", **changes}


def at_some_address(front: Any, auth: tuple[str, str] | None = None, address: str | None = None) -> httpx.AsyncClient:
    """A client without a token, at an address of its own."""
    number = next(_ADDRESSES)
    address = address or f"198.18.{number // 250}.{number % 250 + 1}"
    transport = httpx.ASGITransport(app=front, raise_app_exceptions=False, client=(address, 40_000))
    return httpx.AsyncClient(base_url="http://crossing.test", transport=transport, auth=auth)


async def filed(front: Any, **changes: Any) -> dict[str, Any]:
    """An inquiry that was filed, without an e-mail address unless one is given, so that its secret is told."""
    body = inquiry(**{"contact": {}, **changes})
    async with at_some_address(front) as anyone:
        answer = await anyone.post(INQUIRIES, json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def opened_by(front: Any, told: dict[str, Any], secret: str | None = None) -> httpx.AsyncClient:
    """A client that shows the number of an inquiry with its secret."""
    return at_some_address(front, (told["control_number"], secret or told["secret"]))


async def read(client: httpx.AsyncClient, language: str = "en") -> dict[str, Any]:
    answer = await client.get(INQUIRY, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def step(
    client: httpx.AsyncClient,
    told: dict[str, Any],
    verb: str,
    body: Any = None,
    *,
    method: str = "POST",
    **headers: str,
) -> httpx.Response:
    """What an inquiry answers to a step taken on the version that was told."""
    address = f"{INQUIRY}/{verb}" if verb else INQUIRY
    sent = {"If-Match": f'"{told["revision"]}"', **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await client.request(method, address, json=body, headers=sent)


async def took(
    client: httpx.AsyncClient, told: dict[str, Any], verb: str, body: Any = None, **more: Any
) -> dict[str, Any]:
    """The inquiry after a step that is allowed."""
    answer = await step(client, told, verb, body, **more)
    assert answer.status_code in (200, 201), answer.text
    after: dict[str, Any] = answer.json()
    return after


async def send(
    client: httpx.AsyncClient, told: dict[str, Any], kind: str = "passport", content: bytes | None = None
) -> httpx.Response:
    """What an inquiry answers to a document."""
    return await client.post(
        f"{INQUIRY}/evidence",
        data={"kind": kind},
        files={"file": (f"{kind}.pdf", content or pdf(kind), "application/pdf")},
        headers={"If-Match": f'"{told["revision"]}"'},
    )
