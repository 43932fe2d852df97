"""``crossing worker``: the jobs of a service done by a process of their own, with settings from the environment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.conftest import MovingClock
from tests.debian_postgres import free_port
from tests.redress.conftest import running_redress
from tests.redress.keeping import Cases

from advance_ruling.settings import MIGRATIONS
from crossing.kit.database import format_instant
from crossing.kit.issuer import ISSUER, DevelopmentIssuer
from crossing.kit.ledger import open_ledger
from crossing.kit.mail import mail_job
from crossing.kit.migrations import upgrade

pytestmark = pytest.mark.anyio


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of an advance-ruling service with an empty database."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'rulings.sqlite'}"
    upgrade(MIGRATIONS, url)
    yield os.environ | {
        "CROSSING_DATABASE_URL": url,
        "CROSSING_KEY_SET_FILE": str(DevelopmentIssuer(tmp_path).public_file),
        "CROSSING_ISSUER": ISSUER,
        "CROSSING_IDENTITY_KEY": "a key of the test",
        "CROSSING_PUBLIC_ADDRESS": "http://127.0.0.1/advance-rulings",
        "CROSSING_SIGNING_KEYS": str(tmp_path / "keys"),
        "CROSSING_REGISTRY_FILES": str(tmp_path / "registry"),
        "CROSSING_EVIDENCE_STORE": str(tmp_path / "evidence"),
        "CROSSING_MAIL_FOLDER": str(tmp_path / "mail"),
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "crossing.cli", "worker", *arguments]


def run_worker(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), check=False, env=environment, capture_output=True, text=True)


async def test_a_worker_does_what_is_due_and_says_how_much(environment: dict[str, str], tmp_path: Path) -> None:
    at = format_instant(datetime(2026, 11, 21, 15, tzinfo=UTC))
    link = "https://crossing.test/advance-rulings/"
    message = mail_job("somebody@example.org", "fr", "state", "US-TN-2026-000001", "issued", link, at, key="one")
    ledger = open_ledger(environment["CROSSING_DATABASE_URL"])
    await ledger.append([message], None)
    await ledger.close()
    done = run_worker(environment, "advance-ruling", "--once")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "worker: 1 jobs tried"
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    again = run_worker(environment, "advance-ruling", "--once")
    assert again.stdout.splitlines()[-1] == "worker: 0 jobs tried"


async def test_the_worker_of_redress_lets_deadlines_pass(environment: dict[str, str], tmp_path: Path) -> None:
    clock = MovingClock(datetime.now(UTC) - timedelta(days=21))
    async with running_redress(tmp_path, clock) as service:
        cases = Cases(service, clock)
        case_id = await cases.put("routed")
        url = service.state.settings.database_url
        done = run_worker(
            {
                **environment,
                "CROSSING_DATABASE_URL": url,
                "CROSSING_PUBLIC_ADDRESS": "https://crossing.example/redress",
            },
            "redress",
            "--once",
        )
        assert done.returncode == 0, done.stderr
        assert (await cases.read(case_id)).state == "adjudication"


def test_a_worker_tells_its_metrics_and_ends_in_order_when_told_to_stop(environment: dict[str, str]) -> None:
    port = free_port()
    started = command("advance-ruling", "--inside-port", str(port))
    with subprocess.Popen(started, env=environment, stdout=subprocess.PIPE, text=True) as working:
        assert working.stdout
        assert "works" in working.stdout.readline()
        assert "crossing_job_oldest_seconds 0.0" in metrics_at(port)
        working.send_signal(signal.SIGTERM)
        assert working.stdout.read().splitlines()[-1] == "worker: stopped"
        assert working.wait(30) == 0


def metrics_at(port: int) -> str:
    """The metrics of a process that has just started."""
    until = time.monotonic() + 30
    while True:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/metrics").text
        except httpx.ConnectError:
            assert time.monotonic() < until


def test_what_is_no_service_is_named(environment: dict[str, str]) -> None:
    refused = run_worker(environment, "kitchen")
    assert refused.returncode == 2
    assert "kitchen" in refused.stderr
