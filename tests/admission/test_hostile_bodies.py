"""No body breaks the service: each is refused as a problem that names what is wrong, echoes nothing and stores nothing.

The cases are those of the corpus that other services met before (threats and faults, F19).
"""

import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.admission.cases import DETERMINATIONS, EXAMINATIONS, changed, engineer, opened, tn_case
from tests.admission.rows import counts
from tests.conftest import Desk

pytestmark = pytest.mark.anyio

CANARY = "Canary-7421"
FACTS = {"credentials": [{"kind": "degree", "field": CANARY}], "traveller": {"born_on": "1988-04-12"}}
BODIES: dict[str, dict[str, Any]] = {
    "determinations": tn_case(facts=FACTS),
    "examinations": engineer(facts=FACTS),
    "facts": {"facts": FACTS, "findings": {}},
}


@dataclass(frozen=True)
class Case:
    """A body made of an ordinary one, and the problem it must be answered with."""

    name: str
    status: int
    slug: str
    pointers: tuple[str, ...] = ()
    put_in: str | None = None  # JSON text that becomes a field of ``facts``
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def content(self, ordinary: dict[str, Any]) -> bytes:
        if self.body is not None:
            return self.body
        text = json.dumps(changed(ordinary, facts__x="HERE"))
        return text.replace('"x": "HERE"', self.put_in or '"home": {}').encode("utf-8", "surrogatepass")


def malformed(name: str, put_in: str | None = None, **more: Any) -> Case:
    return Case(name, 400, "malformed-body", put_in=put_in, **more)


def invalid(name: str, pointer: str, put_in: str | None = None, **more: Any) -> Case:
    return Case(name, 422, "invalid-request", (pointer,), put_in=put_in, **more)


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


ARRAYS = "[" * 100_000 + "]" * 100_000
COMBINING = "a" + "\u0301" * 3_000
CASES = [
    malformed("NaN", '"ownership": {"share_percent": NaN}'),
    malformed("Infinity", '"ownership": {"share_percent": -Infinity}'),
    malformed("1e999", '"ownership": {"share_percent": 1e999}'),
    malformed("-1e999", '"ownership": {"share_percent": -1e999}'),
    malformed("5000-digit integer", f'"ownership": {{"share_percent": {"9" * 5000}}}'),
    malformed("lone high surrogate", r'"position": {"profession": "\ud800"}'),
    malformed("lone low surrogate", r'"position": {"profession": "a\udc00b"}'),
    malformed("surrogates the wrong way round", r'"position": {"profession": "\ude00\ud83d"}'),
    malformed("lone surrogate in a name", r'"\udfff": 1'),
    malformed("NUL", r'"position": {"profession": "x\u0000y"}'),
    malformed("NUL in a name", r'"x\u0000y": 1'),
    malformed("raw control character", '"position": {"profession": "x\x01y"}'),
    malformed("the same name twice", f'"home": {{"country": "{CANARY}", "country": "CA"}}'),
    malformed("the same name twice at the top", body=b'{"into": "US", "into": "CA"}'),
    malformed("3,000 names", ", ".join(f'"{CANARY}{number}": 1' for number in range(3_000))),
    malformed("arrays nested 100,000 deep", f'"credentials": {ARRAYS}'),
    malformed("objects nested 3,000 deep", f'"home": {nested(3_000)}'),
    malformed("objects nested 40 deep", f'"home": {nested(40)}'),
    malformed("not JSON", body=b"{" + CANARY.encode() + b"}"),
    malformed("half a body", body=b'{"into": "US", "facts": {'),
    malformed("two values", body=b"{} {}"),
    malformed("not UTF-8", body=b'{"into": "\xff\xfe' + CANARY.encode() + b'"}'),
    malformed("overlong UTF-8", body=b'{"into": "\xc0\xaf"}'),
    malformed("surrogates as UTF-8", body=b'{"into": "\xed\xa0\x80"}'),
    malformed("UTF-16", body=json.dumps({"into": CANARY}).encode("utf-16")),
    malformed("byte order mark", body=b'\xef\xbb\xbf{"into": "US"}'),
    malformed("UTF-7", body=b"+AHsAIgBhACI-", headers={"Content-Type": "application/json; charset=utf-7"}),
    malformed("a length that is none", headers={"Content-Length": "ten"}),
    malformed("a negative length", headers={"Content-Length": "-1"}),
    malformed("a length of 5,000 digits", headers={"Content-Length": "9" * 5_000}),
    invalid("empty", "", body=b""),
    invalid("a text", "", body=f'"{CANARY}"'.encode()),
    invalid("a list", "", body=b"[]"),
    invalid("a number", "", body=b"1e3"),
    invalid("null", "", body=b"null"),
    Case("2 MB", 413, "body-too-large", put_in=f'"position": {{"profession": "{CANARY * 200_000}"}}'),
    Case("100,000 names", 413, "body-too-large", put_in=", ".join(f'"{number}": 1' for number in range(100_000))),
    Case("XML", 415, "unsupported-media-type", headers={"Content-Type": "application/xml"}),
    Case("text", 415, "unsupported-media-type", headers={"Content-Type": "text/plain"}),
    Case("a form", 415, "unsupported-media-type", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    Case("files", 415, "unsupported-media-type", headers={"Content-Type": "multipart/form-data; boundary=x"}),
    Case("no content type", 415, "unsupported-media-type", headers={"Content-Type": ""}),
    Case(
        "gzip",
        415,
        "unsupported-media-type",
        body=gzip.compress(b'{"facts": {}}'),
        headers={"Content-Encoding": "gzip"},
    ),
    invalid("__proto__", "/facts/__proto__", f'"__proto__": {{"admin": "{CANARY}"}}'),
    invalid("constructor", "/facts/constructor", f'"constructor": "{CANARY}"'),
    invalid("unknown fact", "/facts/home/colour", f'"home": {{"colour": "{CANARY}"}}'),
    invalid("a name of 10 kB", "/facts", f'"{CANARY * 1_000}": 1'),
    invalid("a name that is a sentence", "/facts/home", f'"home": {{"{CANARY} lives in Gatineau": 1}}'),
    invalid("a name that is a path", "/facts", f'"../{CANARY}": 1'),
    invalid("a text for a number", "/facts/ownership/share_percent", f'"ownership": {{"share_percent": "{CANARY}"}}'),
    invalid("true for a number", "/facts/ownership/share_percent", '"ownership": {"share_percent": true}'),
    invalid("a number beyond all", "/facts/ownership/share_percent", '"ownership": {"share_percent": 101}'),
    invalid("a huge number", "/facts/ownership/share_percent", f'"ownership": {{"share_percent": {"9" * 300}}}'),
    invalid("a text for yes or no", "/facts/history/overstayed", f'"history": {{"overstayed": "{CANARY}"}}'),
    invalid("1 for yes", "/facts/history/overstayed", '"history": {"overstayed": 1}'),
    invalid("a text for an object", "/facts/home", f'"home": "{CANARY}"'),
    invalid("a list for an object", "/facts/home", f'"home": ["{CANARY}"]'),
    invalid("an object for a list", "/facts/tasks", f'"tasks": {{"kind": "{CANARY}"}}'),
    invalid("a text in a list of entries", "/facts/tasks/0", f'"tasks": ["{CANARY}"]'),
    invalid("51 entries", "/facts/tasks", f'"tasks": {json.dumps([{}] * 51)}'),
    invalid("a day that is none", "/facts/visit/ends_on", '"visit": {"ends_on": "2026-02-30"}'),
    invalid("a leap day that is none", "/facts/visit/ends_on", '"visit": {"ends_on": "2100-02-29"}'),
    invalid("an instant for a day", "/facts/visit/ends_on", '"visit": {"ends_on": "2026-11-21T00:00:00Z"}'),
    invalid("a number for a day", "/facts/visit/ends_on", '"visit": {"ends_on": 20261121}'),
    invalid("Arabic digits", "/facts/visit/ends_on", '"visit": {"ends_on": "٢٠٢٦-١١-٢١"}'),
    invalid("a country that is none", "/facts/home/country", '"home": {"country": "ZZ"}'),
    invalid("a country in three letters", "/facts/home/country", '"home": {"country": "CAN"}'),
    invalid("a country in small letters", "/facts/home/country", '"home": {"country": "ca"}'),
    invalid("a code that is none", "/facts/equipment/kind", f'"equipment": {{"kind": "{CANARY}"}}'),
    invalid("a code of 10 kB", "/facts/position/profession", f'"position": {{"profession": "{"a" * 10_000}"}}'),
    invalid(
        "a code with line ends", "/facts/position/profession", r'"position": {"profession": "x\r\nSet-Cookie: a=b"}'
    ),
    invalid(
        "SQL for a code", "/facts/position/profession", '"position": {"profession": "\'; DROP TABLE revisions; --"}'
    ),
    invalid(
        "a template for a code", "/facts/position/profession", '"position": {"profession": "{{7*7}} ${7*7} %s %n"}'
    ),
    invalid("combining marks", "/facts/position/profession", f'"position": {{"profession": "{COMBINING}"}}'),
    invalid("bidirectional override", "/facts/position/profession", '"position": {"profession": "\u202egro.live"}'),
]


async def request(
    desk: Desk, target: str, content: bytes | AsyncIterator[bytes], headers: dict[str, str]
) -> httpx.Response:
    """A request with a body to one of the three addresses that take facts."""
    named = {"Content-Type": "application/json", "If-Match": "*", **headers}
    if not named["Content-Type"]:
        del named["Content-Type"]
    if target == "determinations":
        async with desk.client(None) as client:
            return await client.post(DETERMINATIONS, content=content, headers=named)
    async with desk.client() as client:
        if target == "examinations":
            return await client.post(EXAMINATIONS, content=content, headers=named)
        address = f"{EXAMINATIONS}/{await an_examination(desk, client)}/facts"
        return await client.patch(address, content=content, headers=named)


async def an_examination(desk: Desk, client: httpx.AsyncClient) -> str:
    """The id of the examination whose facts are patched, opened once for the module."""
    if not hasattr(desk, "examined"):
        desk.examined = (await opened(client, engineer()))["id"]  # type: ignore[attr-defined]
    return str(desk.examined)  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", BODIES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_hostile_body_is_refused_by_name_and_leaves_no_trace(desk: Desk, case: Case, target: str) -> None:
    async with desk.client() as client:
        await an_examination(desk, client)
    before = counts(desk.data)
    answer = await request(desk, target, case.content(BODIES[target]), case.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (case.status, "application/problem+json"), (
        answer.text
    )
    document = answer.json()
    assert document["type"] == f"/problems/{case.slug}"
    assert [each["pointer"] for each in document.get("errors", [])] == list(case.pointers)
    for echoed in (CANARY, "Traceback", "site-packages", "DROP TABLE", "49", "Set-Cookie", "live"):
        assert echoed not in answer.text
    assert len(answer.content) < 2_000
    assert "set-cookie" not in answer.headers
    assert counts(desk.data) == before


@pytest.mark.parametrize("target", BODIES)
async def test_the_ordinary_bodies_are_accepted(desk: Desk, target: str) -> None:
    """The bodies that the cases are made of: what is refused above is refused for the one thing put in."""
    answer = await request(desk, target, Case("", 0, "").content(BODIES[target]), {})
    assert answer.status_code in (200, 201), answer.text


@pytest.mark.parametrize("target", BODIES)
async def test_a_body_sent_in_pieces_is_cut_off_at_the_limit(desk: Desk, target: str) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'{"facts": {"position": {"profession": "'
        for _ in range(10_000):
            sent += 1_000
            yield CANARY.encode() * 90
        yield b'"}}}'

    async with desk.client() as client:
        await an_examination(desk, client)
    before = counts(desk.data)
    answer = await request(desk, target, pieces(), {})
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/body-too-large"
    assert CANARY not in answer.text
    assert counts(desk.data) == before


@pytest.mark.parametrize("target", BODIES)
async def test_a_body_longer_than_it_said_is_cut_off_too(desk: Desk, target: str) -> None:
    answer = await request(desk, target, b'{"a": "' + b"x" * 300_000 + b'"}', {"Content-Length": "10"})
    assert answer.status_code == 413


@pytest.mark.parametrize("target", BODIES)
async def test_many_mistakes_are_told_but_not_without_end(desk: Desk, target: str) -> None:
    mistakes = ", ".join(f'"unknown_{number}": 1' for number in range(1_500))
    answer = await request(desk, target, Case("", 0, "", put_in=mistakes).content(BODIES[target]), {})
    assert answer.status_code == 422
    assert 10 < len(answer.json()["errors"]) <= 100


async def test_what_is_wrong_is_told_in_the_caller_s_language(desk: Desk) -> None:
    case = invalid("", "/facts/home/country", '"home": {"country": "CAN"}')
    details = {}
    for language in ("en", "fr", "es"):
        content = case.content(BODIES["determinations"])
        answer = await request(desk, "determinations", content, {"Accept-Language": language})
        details[language] = answer.json()["errors"][0]["detail"]
        assert answer.headers["content-language"] == language
    assert details["en"].startswith("must be an ISO 3166-1")
    assert details["fr"].startswith("doit être un code de pays")
    assert details["es"].startswith("debe ser un código de país")
