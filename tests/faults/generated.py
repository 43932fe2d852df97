"""G11: requests generated from the services' own descriptions bring no fault, and no answer outside the description.

Schemathesis draws requests for as long as there is time; how many were sent stands in the report.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemathesis.python.asgi import get_client, shutdown_lifespans
from tests.conftest import PORTS, MovingClock
from tests.contract.trying import Tried
from tests.contract.trying import run as try_generated
from tests.faults.report import Report
from tests.migrated import place_databases

from admission.app import create_app as create_admission
from advance_ruling.app import create_app as create_advance_ruling
from crossing.embedded.suite import admission_settings, advance_ruling_settings, redress_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from redress.app import create_app as create_redress

FULL = ({"seconds": 120.0},)
SHORT = ({"seconds": 10.0},)
#: Of every operation in one round; the seed of the next round is another.
_EXAMPLES = 5
_NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
_PLANS = (
    ("admission", Role.SUPERVISOR),
    ("redress", Role.CASEWORKER),
    ("advance-rulings", Role.ADJUDICATOR),
    ("admission", Role.SERVICE),
    ("redress", Role.ADJUDICATOR),
    ("advance-rulings", Role.APPLICANT),
)


def run(*, seconds: float, seed: int = 1) -> Report:
    """Send generated requests for so many seconds, in rounds through services and roles."""
    sent, rounds, found = 0, 0, list[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until and not found:
        for name, role in _PLANS:
            if time.monotonic() < until:
                with _tried(name) as tried:
                    found += try_generated(tried, role, examples=_EXAMPLES, seed=seed + rounds)
                    sent += sum(tried.answers.values())
        rounds += 1
    return Report(
        fault="G11 generated requests",
        done=f"{sent:,} requests drawn from the descriptions of three services in {seconds:.0f} s, {rounds} seeds",
        acknowledged=sent,
        found=sent - len(found),
        lost=len(found),
        held=not found and sent > 0,
        detail="; ".join(each[:300] for each in found[:3]),
        seed=seed,
    )


@contextmanager
def _tried(name: str) -> Iterator[Tried]:
    """A service in this process on an empty folder, and tokens for it."""
    folder = Path(tempfile.mkdtemp(prefix="crossing-generated-"))
    place_databases(folder)
    issuer = DevelopmentIssuer(folder, now=_NOW.timestamp)
    changes = {"open_requests_per_minute": 10**9, "run_worker": False, "request_deadline_seconds": 60.0}
    clock = MovingClock(_NOW)
    app: Any
    if name == "admission":
        app = create_admission(admission_settings(folder, issuer).model_copy(update=changes), clock=clock)
    elif name == "redress":
        app = create_redress(redress_settings(folder, issuer).model_copy(update=changes), clock=clock)
    else:
        chosen = advance_ruling_settings(folder, issuer, "http://crossing.test").model_copy(update=changes)
        app = create_advance_ruling(chosen, clock=clock)
    subjects = {role: "redress" if role is Role.SERVICE else f"test-{role.value}" for role in Role}
    tokens = {role: issuer.token(role, subject=subjects[role], port_id="US-DETROIT") for role in Role}
    try:
        with get_client(app) as client:
            tried = Tried(app, client, tokens)
            if name == "admission":
                client.post("/v1/ports", json=PORTS[0], headers=tried.headers(Role.SUPERVISOR)).raise_for_status()
            yield tried
    finally:
        shutdown_lifespans()
        shutil.rmtree(folder)
