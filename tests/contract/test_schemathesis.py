"""Requests generated from admission's own description, in process: no fault, and no answer outside the description.

Hypothesis is derandomized, so that every run sends the same requests.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import missing_required_header, positive_data_acceptance
from schemathesis.openapi import from_asgi
from schemathesis.python.asgi import ASGIClient, get_client, shutdown_lifespans

from admission.app import create_app
from admission.settings import MIGRATIONS
from crossing.embedded.suite import admission_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade
from tests.admission.cases import engineer
from tests.conftest import PORTS, MovingClock

OPENAPI = "/v1/openapi.json"
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
# What the description allows the law may still refuse (a class that is not in force, a version that is stale); an
# update without If-Match is 428 (RFC 6585), of which schemathesis does not know: test_if_match.py sees to it.
EXCLUDED = [positive_data_acceptance, missing_required_header]
BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


class Tried:
    """The service, tokens for it, and what it answered."""

    def __init__(self, app: Any, client: ASGIClient, tokens: dict[Role, str]) -> None:
        self.app = app
        self.client = client
        self.tokens = tokens
        self.answers: Counter[int] = Counter()

    def examination(self) -> str:
        """The id of an examination just opened."""
        answer = self.client.post("/v1/examinations", json=engineer(), headers=self.headers(Role.OFFICER))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def headers(self, role: Role, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}", **more}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    folder = tmp_path_factory.mktemp("described")
    issuer = DevelopmentIssuer(folder, now=NOW.timestamp)
    chosen = admission_settings(folder, issuer).model_copy(update={"open_requests_per_minute": 10**9})
    upgrade(MIGRATIONS, chosen.database_url)
    app = create_app(chosen, clock=MovingClock(NOW))
    tokens = {role: issuer.token(role, subject=f"test-{role}", port_id="US-DETROIT") for role in Role}
    with get_client(app) as client:
        made = Tried(app, client, tokens)
        for port in PORTS:
            answer = client.post("/v1/ports", json=port, headers=made.headers(Role.SUPERVISOR))
            assert answer.status_code == 201, answer.text
        yield made
    shutdown_lifespans()
    print(f"answers by status: {dict(sorted(made.answers.items()))}")
    assert sum(made.answers.values()) > 500
    assert {200, 201, 400, 404, 412, 415, 422} <= made.answers.keys()


@pytest.fixture(scope="module")
def description(tried: Tried) -> Any:
    return from_asgi(OPENAPI, tried.app)


schema = schemathesis.pytest.from_fixture("description")


@schema.parametrize()
@BOUNDED
def test_no_request_brings_a_fault_or_an_answer_outside_the_description(case: schemathesis.Case, tried: Tried) -> None:
    headers = tried.headers(Role.SUPERVISOR)
    answer = case.call_and_validate(headers=headers, excluded_checks=EXCLUDED)
    tried.answers[answer.status_code] += 1


STEPS = schema.include(path_regex="examination_id")


@STEPS.parametrize()
@BOUNDED
def test_neither_does_any_step_of_an_examination_that_is_there(case: schemathesis.Case, tried: Tried) -> None:
    """With an id and a version drawn at random, no request would come further than 404 or 412."""
    case.path_parameters["examination_id"] = tried.examination()
    headers = tried.headers(Role.OFFICER, **{"If-Match": "*"})
    answer = case.call_and_validate(headers=headers, excluded_checks=EXCLUDED)
    tried.answers[answer.status_code] += 1


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
            )
            headers = tried.headers(role) if role else {}
            answer = tried.client.request(method.upper(), address, headers=headers, json={})
            if "security" in operation:
                guarded += 1
                assert (answer.status_code == 401) is (role is None), (method, path)
            else:
                assert answer.status_code not in (401, 403), (method, path)
    assert guarded == 16
