"""What makes a request the same request: method, address, language, version read, and every byte of the body."""

import pytest
from starlette.requests import Request

from crossing.kit.idempotency import Attempt, attempt_of
from crossing.kit.identity import Caller, Role

pytestmark = pytest.mark.anyio

OFFICER = Caller("officer", frozenset({Role.OFFICER}), "US-DETROIT", "LANE-1", 0)
ORDINARY = {"method": "POST", "path": "/v1/examinations", "body": b'{"a": 1}', "language": "fr", "version": '"1"'}


async def attempt(subject: str = "officer", **changes: object) -> Attempt:
    told = {**ORDINARY, **changes}
    headers = [
        (b"idempotency-key", b"k-1"),
        (b"accept-language", str(told["language"]).encode()),
        (b"if-match", str(told["version"]).encode()),
        (b"host", b"crossing.test"),
        (b"user-agent", str(told.get("agent", "terminal")).encode()),
    ]
    scope = {"type": "http", "method": told["method"], "path": told["path"], "headers": headers, "query_string": b""}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": told["body"], "more_body": False}

    caller = Caller(subject, OFFICER.roles, OFFICER.port_id, OFFICER.terminal_id, 0)
    found = await attempt_of(Request(scope, receive), caller)
    assert found is not None
    return found


async def test_the_same_request_is_the_same_attempt() -> None:
    assert await attempt() == await attempt(agent="another program")


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "PATCH"},
        {"path": "/v1/ports"},
        {"body": b'{"a": 2}'},
        {"body": b'{"a":1}'},
        {"language": "en"},
        {"version": '"2"'},
    ],
)
async def test_another_request_has_another_digest(changes: dict[str, object]) -> None:
    assert (await attempt()).request_digest != (await attempt(**changes)).request_digest


async def test_another_caller_has_another_key() -> None:
    assert (await attempt()).caller != (await attempt(subject="somebody-else")).caller


async def test_a_request_without_a_key_is_no_attempt() -> None:
    assert await attempt_of(Request({"type": "http", "headers": []}), OFFICER) is None
