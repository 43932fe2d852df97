"""Requests generated from the description of advance rulings, in process: no fault, and no answer outside it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from schemathesis.python.asgi import get_client, shutdown_lifespans
from tests.advance_ruling.cases import file_in
from tests.conftest import MovingClock
from tests.contract.trying import Tried, run

from advance_ruling.app import create_app
from advance_ruling.settings import MIGRATIONS
from crossing.embedded.suite import advance_ruling_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    folder = tmp_path_factory.mktemp("described")
    issuer = DevelopmentIssuer(folder, now=NOW.timestamp)
    changes = {"open_requests_per_minute": 10**9, "run_worker": False, "request_deadline_seconds": 60.0}
    chosen = advance_ruling_settings(folder, issuer, "http://crossing.test").model_copy(update=changes)
    upgrade(MIGRATIONS, chosen.database_url)
    app = create_app(chosen, clock=MovingClock(NOW))
    tokens = {role: issuer.token(role, subject=f"test-{role}") for role in Role}
    with get_client(app) as client:
        made = Tried(app, client, tokens)
        yield made
    shutdown_lifespans()
    print(f"answers by status: {dict(sorted(made.answers.items()))}")
    assert sum(made.answers.values()) > 500
    assert {200, 404, 409, 422} <= made.answers.keys()


def draft(tried: Tried) -> str:
    """The id of a draft just opened."""
    answer = tried.client.post("/v1/files", json=file_in(), headers=tried.headers(Role.APPLICANT))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["applications"][0]["id"])


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ADJUDICATOR])
def test_no_request_brings_a_fault_or_an_answer_outside_the_description(tried: Tried, role: Role) -> None:
    found = run(tried, role, examples=8)
    assert not found, "\n\n".join(found[:5])


def test_neither_does_any_step_of_an_application_that_is_there(tried: Tried) -> None:
    found = run(tried, Role.APPLICANT, examples=8, parameter="application_id", there=lambda: draft(tried))
    assert not found, "\n\n".join(found[:5])


def test_neither_does_deciding_one(tried: Tried) -> None:
    application = draft(tried)
    headers = tried.headers(Role.APPLICANT, **{"If-Match": "*"})
    body = {"statement_of_truth": True}
    sent = tried.client.post(f"/v1/applications/{application}/submission", json=body, headers=headers)
    assert sent.status_code == 200, sent.text
    found = run(tried, Role.ADJUDICATOR, examples=8, parameter="application_id", there=lambda: application)
    assert not found, "\n\n".join(found[:5])
