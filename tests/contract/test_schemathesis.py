"""Requests generated from admission's own description, in process: no fault, and no answer outside the description.

The seed is fixed, so that every run sends the same requests.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.hooks import unregister
from schemathesis.openapi import from_asgi
from schemathesis.python.asgi import ASGIClient, get_client, shutdown_lifespans
from tests.admission.cases import engineer
from tests.conftest import PORTS, MovingClock

from admission.app import create_app
from admission.settings import MIGRATIONS
from crossing.embedded.suite import admission_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade

OPENAPI = "/v1/openapi.json"
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
# What the description allows the law may still refuse: a class that is not in force, a version that is stale.
CHECKS = {"positive_data_acceptance": {"enabled": False}}
# The boundary values of every field of the dictionary take minutes; test_openapi.py sends them.
PHASES = {"coverage": {"enabled": False}, "stateful": {"enabled": False}}


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
    assert {200, 404, 409, 422} <= made.answers.keys()


def run(tried: Tried, role: Role, *, examples: int, examined: bool = False) -> list[str]:
    """What schemathesis finds wrong, sending requests as a role; ``examined``: only to examinations that are there."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20261121,
            "workers": 1,
            "headers": tried.headers(role),
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "phases": PHASES,
            "cache": {"enabled": False},
            "checks": CHECKS,
        }
    )
    schema = from_asgi(OPENAPI, tried.app, config=config)

    if not examined:
        return findings(tried, schema)

    def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
        """With an id and a version drawn at random, no request would come further than 404 or 412."""
        if is_uuid(case.path_parameters.get("examination_id")):
            case.path_parameters["examination_id"] = tried.examination()
            case.headers["If-Match"] = "*"

    schemathesis.hook(before_call)
    try:
        return findings(tried, schema.include(path_regex="examination_id"))
    finally:
        unregister(before_call)


def findings(tried: Tried, schema: Any) -> list[str]:
    """Every failed check and every error of a run."""
    found: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            found.append(f"{event.label}: {event.value}")
        elif isinstance(event, FatalError):
            found.append(repr(event.exception))
        elif isinstance(event, ScenarioFinished):
            for interaction in event.recorder.interactions.values():
                if interaction.response is not None:
                    tried.answers[interaction.response.status_code] += 1
            for checks in event.recorder.checks.values():
                found += [failed(event, check) for check in checks if check.failure_info]
    return found


def failed(event: ScenarioFinished, check: Any) -> str:
    return (
        f"{event.recorder.label}: {check.name}: {check.failure_info.failure.message}\n{check.failure_info.code_sample}"
    )


def is_uuid(value: Any) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


def test_no_request_brings_a_fault_or_an_answer_outside_the_description(tried: Tried) -> None:
    found = run(tried, Role.SUPERVISOR, examples=20)
    assert not found, "\n\n".join(found[:5])


def test_neither_does_any_step_of_an_examination_that_is_there(tried: Tried) -> None:
    found = run(tried, Role.SUPERVISOR, examples=25, examined=True)
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
            )
            headers = tried.headers(role) if role else {}
            answer = tried.client.request(method.upper(), address, headers=headers, json={})
            if "security" in operation:
                guarded += 1
                assert (answer.status_code == 401) is (role is None), (method, path)
            else:
                assert answer.status_code not in (401, 403), (method, path)
    assert guarded == 18
