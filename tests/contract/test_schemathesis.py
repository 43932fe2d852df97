"""Requests generated from admission's own description, in process: no fault, and no answer outside the description.

The seed is fixed, so that every run sends the same requests.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from schemathesis.python.asgi import get_client, shutdown_lifespans
from tests.admission.cases import engineer
from tests.conftest import PORTS, MovingClock
from tests.contract.trying import Tried, run

from admission.app import create_app
from admission.settings import MIGRATIONS
from crossing.embedded.suite import admission_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    folder = tmp_path_factory.mktemp("described")
    issuer = DevelopmentIssuer(folder, now=NOW.timestamp)
    chosen = admission_settings(folder, issuer).model_copy(update={"open_requests_per_minute": 10**9})
    upgrade(MIGRATIONS, chosen.database_url)
    app = create_app(chosen, clock=MovingClock(NOW))
    # Of services, redress may do the most.
    subjects = {role: "redress" if role is Role.SERVICE else f"test-{role}" for role in Role}
    tokens = {role: issuer.token(role, subject=subjects[role], port_id="US-DETROIT") for role in Role}
    with get_client(app) as client:
        made = Tried(app, client, tokens)
        for port in PORTS:
            answer = client.post("/v1/ports", json=port, headers=made.headers(Role.SUPERVISOR))
            assert answer.status_code == 201, answer.text
        yield made
    shutdown_lifespans()
    print(f"answers by status: {dict(sorted(made.answers.items()))}")
    assert sum(made.answers.values()) > 500
    assert {200, 404, 409, 422} <= made.answers.keys()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SERVICE])
def test_no_request_brings_a_fault_or_an_answer_outside_the_description(tried: Tried, role: Role) -> None:
    found = run(tried, role, examples=20)
    assert not found, "\n\n".join(found[:5])


def test_neither_does_any_step_of_an_examination_that_is_there(tried: Tried) -> None:
    def examination() -> str:
        answer = tried.client.post("/v1/examinations", json=engineer(), headers=tried.headers(Role.OFFICER))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    found = run(tried, Role.SUPERVISOR, examples=25, parameter="examination_id", there=examination)
    assert not found, "\n\n".join(found[:5])


@pytest.mark.parametrize("role", [None, Role.ANALYST, Role.OFFICER])
def test_whoever_may_not_call_is_told_so_as_described(tried: Tried, role: Role | None) -> None:
    """Of every operation that wants a token, and of none that does not."""
    paths = tried.app.openapi()["paths"]
    guarded = 0
    for path, operations in paths.items():
        for method, operation in operations.items():
            address = path.format(
                examination_id="0190b5a4-0000-7000-8000-000000000000",
                port_id="US-X",
                class_id="us.tn",
                requirement_id="US-TN-01",
                table_id="us.fees",
                remedy_id="0190b5a4-0000-7000-8000-000000000000",
                notice_id="0190b5a4-0000-7000-8000-000000000000",
            )
            kind = next(iter(operation.get("requestBody", {}).get("content", ["application/json"])))
            headers = {**(tried.headers(role) if role else {}), "Content-Type": kind}
            answer = tried.client.request(method.upper(), address, headers=headers, data=b"{}")
            if "security" in operation:
                guarded += 1
                assert (answer.status_code == 401) is (role is None), (method, path)
            else:
                assert answer.status_code not in (401, 403), (method, path)
    assert guarded == 29
