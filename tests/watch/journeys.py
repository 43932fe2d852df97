"""What people do at three services, each with details that must not be told."""

from typing import TYPE_CHECKING

import httpx
from tests.admission.cases import engineer, refuse, technician
from tests.admission.rulings import engineers_claims, new_key
from tests.advance_ruling.cases import file_in, traveller
from tests.redress.inquiries.cases import AGENT, inquiry
from tests.watch.canaries import (
    ADDRESSES,
    APPLICANT,
    COMPLAINT,
    ELSEWHERE,
    FIELD,
    PORT,
    TELEPHONE,
    TEXTS,
    ZONE,
    identity,
)

from crossing.kit.identity import Role
from crossing.rulings.token import sign_ruling

if TYPE_CHECKING:
    from tests.watch.conftest import Watched

#: How a hostile caller fills a request's head.
_HEAD = {
    "User-Agent": ELSEWHERE[3],
    "Idempotency-Key": ELSEWHERE[4],
    "X-Forwarded-Host": ELSEWHERE[2],
    "tracestate": f"a={ELSEWHERE[5]}",
    "baggage": f"person={ELSEWHERE[5]}",
}
#: The trace that the opening of the examination comes with.
TRACE = "0af7651916cd43dd8448eb211c80319c"


async def journeys(there: "Watched") -> None:
    """An examination with a ruling, a complaint and an application; then requests that are refused."""
    await at_the_port(there)
    await complaining(there)
    await applying(there)
    for name in there.services:
        await refused(there, name)


async def at_the_port(there: "Watched") -> None:
    """An examination, from opening to refusal, with a ruling presented."""
    ruling = sign_ruling(engineers_claims(), new_key())
    scan = {f"scan__fields__{name}": value for name, value in identity(PORT).items()}
    degree = {"kind": "degree", "level": "baccalaureate", "country": "CA", "field": TEXTS[0]}
    async with there.client("admission", Role.OFFICER) as officer:
        body = technician(**scan, facts__credentials=[degree], rulings=[ruling])
        head = {**_HEAD, "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
        opened = await officer.post("/v1/examinations", json=body, headers=head)
        assert opened.status_code == 201, opened.text
        zone = await officer.post("/v1/examinations", json=engineer(scan={"mrz": ZONE}))
        assert zone.status_code == 201, zone.text
        address = f"/v1/examinations/{opened.json()['id']}"
        reason = {"reason": TEXTS[1]}
        for verb, body in (("referral", reason), ("decision", refuse(**reason))):
            latest = (await officer.get(address)).headers["etag"]
            answer = await officer.post(f"{address}/{verb}", json=body, headers={"If-Match": latest})
            assert answer.status_code in (200, 201), answer.text
        broken = [ZONE[0], ZONE[1][:9] + "<" + ZONE[1][10:]]
        assert (await officer.post("/v1/examinations", json=engineer(scan={"mrz": broken}))).status_code == 422
        assert (await officer.get(f"/v1/examinations/{PORT[0]}", params={"cursor": PORT[2]})).status_code == 422


async def complaining(there: "Watched") -> None:
    """An inquiry with a representative, and one that is refused."""
    surname, given, number, born = COMPLAINT
    person = {"surname": surname, "given_names": given, "born_on": born, "citizenships": ["CA"]}
    document = {"kind": "passport", "number": number, "issued_by": "CA", "expires_on": "2032-05-31"}
    contact = {"email": ADDRESSES[1]}
    body = inquiry(identity=person, documents=[document], contact=contact, narrative=TEXTS[2], representative=AGENT)
    async with there.client("redress") as anyone:
        filed = await anyone.post("/v1/inquiries", json=body, headers=_HEAD)
        assert filed.status_code == 201, filed.text
        wrong = {**body, "identity": {**person, "born_on": surname}, "contact": {"email": f"{ADDRESSES[1]} {given}"}}
        assert (await anyone.post("/v1/inquiries", json=wrong)).status_code == 422
        known = httpx.BasicAuth(surname, number)
        assert (await anyone.get("/v1/inquiry", auth=known)).status_code in (401, 404)


async def applying(there: "Watched") -> None:
    """A file opened, changed and asked for by a stranger."""
    said = {f"identity__{name}": value for name, value in identity(APPLICANT).items()}
    contact = {"email": ADDRESSES[2], "language": "fr"}
    employer = {"legal_name": TEXTS[1], "registration_id": "CA-1", "address": f"{TEXTS[3]} {TELEPHONE}"}
    said["request__receiving_entity"] = {"legal_name": TEXTS[4], "address": TEXTS[3]}
    body = file_in(contact=contact, travellers=[traveller(**said, request__employer=employer)])
    async with there.client("advance-rulings", Role.APPLICANT) as applicant:
        opened = await applicant.post("/v1/files", json=body, headers=_HEAD)
        assert opened.status_code == 201, opened.text
        wrong = file_in(contact={"email": ADDRESSES[0] + APPLICANT[0], "language": APPLICANT[1]})
        assert (await applicant.post("/v1/files", json=wrong)).status_code == 422


async def refused(there: "Watched", name: str) -> None:
    """Requests whose address, head and body are filled with what must not be told."""
    path, query, host, *_ = ELSEWHERE
    async with there.client(name, Role.OFFICER) as caller:
        for address in (f"/v1/{path}", f"/v1/files/{path}", f"/v1/inquiries/{path}", f"/v1/ports/{path}"):
            answer = await caller.get(address, params={query: query}, headers={**_HEAD, "Host": host})
            assert answer.status_code in (401, 403, 404, 405, 422), answer.text
        for address in ("/v1/examinations", "/v1/files", "/v1/inquiries", "/v1/events"):
            answer = await caller.post(address, json={FIELD: {PORT[0]: PORT[1]}}, headers=_HEAD)
            assert answer.status_code in (403, 404, 415, 422), answer.text
            answer = await caller.post(address, content=b'{"' + PORT[0].encode(), headers=_HEAD)
            assert answer.status_code in (400, 403, 404, 415, 422), answer.text
        assert (await caller.get("/v1/healthz", headers={"Authorization": f"Bearer {path}"})).status_code == 200
