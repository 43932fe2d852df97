"""Whoever calls shows a token that holds: signed by the issuer's key, for us, not expired, with a role we know."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from tests.admission.cases import EXAMINATIONS, engineer, is_problem
from tests.admission.rows import counts
from tests.conftest import Desk, MovingClock

from crossing.kit.identity import Role
from crossing.kit.issuer import AUDIENCE, ISSUER

pytestmark = pytest.mark.anyio


def signing_key(desk: Desk) -> ECKey:
    """The issuer's own key, as its file keeps it."""
    return ECKey.import_key(json.loads((desk.data / "development-issuer.key.json").read_text()))


def claims(desk: Desk, **changes: Any) -> dict[str, Any]:
    now = int(desk.clock().timestamp())
    ordinary = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "test-officer",
        "roles": ["officer"],
        "port": "US-DETROIT",
        "terminal": "LANE-1",
        "iat": now,
        "exp": now + 600,
    }
    return {key: value for key, value in (ordinary | changes).items() if value is not None}


def signed(desk: Desk, *, header: dict[str, Any] | None = None, **changes: Any) -> str:
    key = signing_key(desk)
    return jwt.encode(header or {"alg": "ES256", "kid": key.kid}, claims(desk, **changes), key)


async def asked_with(desk: Desk, token: str | None, **headers: str) -> httpx.Response:
    async with desk.client(None) as client:
        named = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return await client.post(EXAMINATIONS, json=engineer(), headers={**named, **headers})


async def is_refused(desk: Desk, token: str | None) -> None:
    before = counts(desk.data)
    answer = await asked_with(desk, token)
    is_problem(answer, 401, "not-authenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert counts(desk.data) == before


async def test_a_token_of_the_issuer_is_accepted(desk: Desk) -> None:
    assert (await asked_with(desk, signed(desk))).status_code == 201


async def test_without_a_token_nobody_gets_in(desk: Desk) -> None:
    await is_refused(desk, None)


@pytest.mark.parametrize("token", ["", " ", "x", "a.b.c", "..", "." * 100, "A" * 10_000, "é", "null"])
async def test_what_is_no_token_is_refused(desk: Desk, token: str) -> None:
    answer = await asked_with(desk, None, Authorization=f"Bearer {token}".encode())  # type: ignore[arg-type]
    is_problem(answer, 401, "not-authenticated")


@pytest.mark.parametrize("scheme", ["Basic", "Token", "", "BearerX"])
async def test_another_scheme_is_no_bearer_token(desk: Desk, scheme: str) -> None:
    answer = await asked_with(desk, None, Authorization=f"{scheme} {signed(desk)}".strip())
    is_problem(answer, 401, "not-authenticated")


async def test_a_token_ends_when_it_says_though_it_was_accepted_before(desk: Desk, clock: MovingClock) -> None:
    token = signed(desk)
    assert (await asked_with(desk, token)).status_code == 201
    clock.move(timedelta(seconds=599))
    assert (await asked_with(desk, token)).status_code == 201
    clock.move(timedelta(seconds=1))
    await is_refused(desk, token)


async def test_a_token_that_is_not_yet_valid_is_refused(desk: Desk) -> None:
    await is_refused(desk, signed(desk, nbf=int(desk.clock().timestamp()) + 60))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://127.0.0.1/somebody-else"},
        {"iss": None},
        {"aud": "payroll"},
        {"aud": None},
        {"aud": []},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 129},
        {"exp": None},
        {"exp": "tomorrow"},
        {"roles": ["wizard"]},
        {"roles": ["officer", "wizard"]},
        {"roles": "officer"},
        {"roles": {"officer": True}},
        {"port": ["US-DETROIT"]},
        {"port": 7},
        {"terminal": {"id": "LANE-1"}},
    ],
)
async def test_a_token_with_another_claim_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    await is_refused(desk, signed(desk, **changes))


@pytest.mark.parametrize("changes", [{"roles": []}, {"roles": None}])
async def test_a_token_without_a_role_names_somebody_who_may_do_nothing(desk: Desk, changes: dict[str, Any]) -> None:
    is_problem(await asked_with(desk, signed(desk, **changes)), 403, "not-allowed")


async def test_a_token_of_another_key_is_refused(desk: Desk) -> None:
    other = ECKey.generate_key("P-256", {"kid": signing_key(desk).kid})
    await is_refused(desk, jwt.encode({"alg": "ES256", "kid": other.kid}, claims(desk), other))
    unknown = ECKey.generate_key("P-256", {"kid": "unknown"})
    await is_refused(desk, jwt.encode({"alg": "ES256", "kid": "unknown"}, claims(desk), unknown))


async def test_a_token_that_brings_its_own_key_is_refused(desk: Desk) -> None:
    other = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "jwk": other.as_dict(private=False)}
    await is_refused(desk, jwt.encode(header, claims(desk), other))


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
async def test_a_token_without_a_signature_is_refused(desk: Desk, algorithm: str) -> None:
    for signature in ("", "AAAA"):
        await is_refused(desk, f"{part({'alg': algorithm})}.{part(claims(desk))}.{signature}")


async def test_a_public_key_used_as_a_shared_secret_is_refused(desk: Desk) -> None:
    public = (desk.data / "development-issuer.jwks.json").read_bytes()
    token = jwt.encode({"alg": "HS256"}, claims(desk), OctKey.import_key(public))
    await is_refused(desk, token)


async def test_another_algorithm_than_ours_is_refused(desk: Desk) -> None:
    token = jwt.encode({"alg": "RS256"}, claims(desk), RSAKey.generate_key(2048))
    await is_refused(desk, token)


async def test_every_altered_character_of_the_signature_is_found(desk: Desk) -> None:
    head, _, signature = signed(desk).rpartition(".")
    for place in range(0, len(signature), 5):
        other = "A" if signature[place] != "A" else "B"
        await is_refused(desk, f"{head}.{signature[:place]}{other}{signature[place + 1 :]}")


async def test_altered_claims_are_found(desk: Desk) -> None:
    head, _, signature = signed(desk).split(".")
    await is_refused(desk, f"{head}.{part(claims(desk, roles=['supervisor']))}.{signature}")


async def test_a_token_longer_than_any_of_ours_is_not_even_read(desk: Desk) -> None:
    await is_refused(desk, signed(desk, note="x" * 5_000))


async def test_headers_that_claim_an_identity_are_ignored(desk: Desk) -> None:
    claimed = {"X-Forwarded-User": "test-supervisor", "X-Roles": "supervisor", "X-User": "root", "Remote-User": "root"}
    is_problem(await asked_with(desk, None, **claimed), 401, "not-authenticated")
    async with desk.client(Role.ANALYST) as analyst:
        is_problem(await analyst.post(EXAMINATIONS, json=engineer(), headers=claimed), 403, "not-allowed")


async def test_a_token_in_the_address_is_no_token(desk: Desk) -> None:
    async with desk.client(None) as client:
        for name in ("access_token", "token", "crossing_session"):
            answer = await client.get(EXAMINATIONS, params={name: signed(desk)})
            is_problem(answer, 401, "not-authenticated")


async def test_the_refusal_is_told_in_the_caller_s_language_and_does_not_say_why(desk: Desk) -> None:
    expired = await asked_with(desk, signed(desk, exp=1), **{"Accept-Language": "fr"})
    forged = await asked_with(desk, "a.b.c", **{"Accept-Language": "fr"})
    assert expired.content == forged.content
    assert expired.json()["title"] == "Un jeton valide est nécessaire"
