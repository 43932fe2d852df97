"""Sends requests generated from a service's own description to it, in process.

The seed is fixed, so that every run sends the same requests.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.hooks import unregister
from schemathesis.openapi import from_asgi
from schemathesis.python.asgi import ASGIClient

from crossing.kit.identity import Role

OPENAPI = "/v1/openapi.json"
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

    def headers(self, role: Role, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}", **more}


def run(
    tried: Tried,
    role: Role,
    *,
    examples: int,
    parameter: str = "",
    there: Callable[[], str] | None = None,
    seed: int | None = None,
) -> list[str]:
    """What schemathesis finds wrong, sending requests as a role.

    With ``seed``, they are drawn by it, and not the same in every run. With ``there``, only requests to what ``parameter`` names: something that is there, which it makes or finds.
    """
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed or 20261121,
            "workers": 1,
            "headers": tried.headers(role),
            "generation": {"max-examples": examples, "deterministic": seed is None, "database": "none"},
            "phases": PHASES,
            "cache": {"enabled": False},
            "checks": CHECKS,
        }
    )
    schema = from_asgi(OPENAPI, tried.app, config=config)

    if there is None:
        return findings(tried, schema)

    def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
        """With an id and a version drawn at random, no request would come further than 404 or 412."""
        if is_uuid(case.path_parameters.get(parameter)):
            case.path_parameters[parameter] = there()
            case.headers["If-Match"] = "*"

    schemathesis.hook(before_call)
    try:
        return findings(tried, schema.include(path_regex=parameter))
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
