"""Whether a ruling is valid, asked by many at once: beside a bare FastAPI route, in turn, in one run.

``python -m bench.rulings_service KIND FOLDER PORT`` serves one of the two: ``bare``, or ``rulings`` with rulings in it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from bench.load import LoadFailed, Run, require_wrk
from bench.serving import serving
from fastapi import FastAPI

from advance_ruling.app import create_app
from advance_ruling.settings import MIGRATIONS
from crossing.embedded.suite import advance_ruling_settings
from crossing.kit.database import format_instant
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.ledger import Insert
from crossing.kit.logging import configure_logging
from crossing.kit.migrations import upgrade

NUMBER = "US-TN-2026-000001"
_PATH = "/v1/rulings/{number}/verify"
_CONNECTIONS, _PAIRS, _SECONDS, _RULINGS = 64, 5, 4, 1_000


def measure_verification() -> tuple[Run, Run]:
    """The service and the bare route at 64 connections: of the pairs, the one with the middle ratio."""
    with tempfile.TemporaryDirectory(prefix="crossing-bench-") as name:
        folder = Path(name)
        with (
            serving("bench.rulings_service", folder / "rulings", "rulings") as service,
            serving("bench.rulings_service", folder / "bare", "bare") as bare,
        ):
            path = _PATH.format(number=NUMBER)
            found = [(_get(service.address + path), _get(bare.address + path)) for _ in range(_PAIRS)]
    return sorted(found, key=lambda pair: pair[0].per_second / pair[1].per_second)[_PAIRS // 2]


def _get(address: str) -> Run:
    script = str(Path(__file__).with_name("get.lua"))
    command = [
        require_wrk(),
        "--latency",
        "-t2",
        f"-c{_CONNECTIONS}",
        f"-d{_SECONDS}s",
        "--timeout",
        "10s",
        "-s",
        script,
        address,
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in finished.stdout.splitlines() if line.startswith("{")]
    if finished.returncode or not lines:
        raise LoadFailed(f"wrk failed: {finished.stderr or finished.stdout}")
    counted = json.loads(lines[-1])
    if counted["failed"] or not counted["answers"]:
        raise LoadFailed(
            f"{counted['failed']} of {counted['answers']} requests to {address} were not answered with 200"
        )
    return Run(counted["answers"] / counted["seconds"], counted["p50_ms"], counted["p99_ms"])


def bare_app() -> FastAPI:
    """The least that FastAPI does for the same answer."""
    app = FastAPI(openapi_url=None)

    @app.get(_PATH)
    async def verify(number: str) -> dict[str, str]:
        return {"number": number, "status": "valid"}

    return app


def rulings_app(folder: Path) -> FastAPI:
    """The service with rulings in force, as it runs but for the limit of requests from one address."""
    issuer = DevelopmentIssuer(folder)
    settings = advance_ruling_settings(folder, issuer, "http://127.0.0.1").model_copy(
        update={"open_requests_per_minute": 1_000_000_000, "run_worker": False}
    )
    upgrade(MIGRATIONS, settings.database_url)
    configure_logging("WARNING")
    app = create_app(settings)
    opened = app.router.lifespan_context

    @asynccontextmanager
    async def with_rulings(service: FastAPI) -> AsyncIterator[None]:
        async with opened(service):
            await _fill(service)
            yield

    app.router.lifespan_context = with_rulings
    return app


async def _fill(app: FastAPI) -> None:
    now = datetime.now(UTC)
    at, until = format_instant(now - timedelta(days=1)), (now + timedelta(days=365)).date().isoformat()
    file = dict.fromkeys(("class_id", "publication", "track", "petitioner", "representative", "contact"), "")
    of_file = {
        "id": "demo-file",
        "into": "US",
        "created_at": at,
        "created_by": "demo",
        "party": "applicant",
        "language": "en",
    }
    await app.state.ledger.append([Insert("files", {**file, **of_file})], None)
    for place in range(1, _RULINGS + 1):
        number, identifier = f"US-TN-2026-{place:06}", f"demo-{place}"
        opened = {"id": identifier, "file_id": "demo-file", "into": "US", "class_id": "us.tn"}
        revision = {
            "application_id": identifier, "revision": 1, "into": "US", "at": at, "actor": "demo", "party": "clock",
            "event": "effective", "state": "in_force", "entered": 1, "clock_used_s": 0, "content": "{}", "detail": "{}",
        }  # fmt: skip
        given = {"number": number, "application_id": identifier, "into": "US", "code": "TN", "year": 2026, "seq": place}
        version = {
            "number": number, "version": 1, "revision": 1, "status_index": place, "made_at": at, "effective_from": at,
            "valid_from": at[:10], "valid_until": until, "fingerprint": "", "token": "", "holding": "{}",
        }  # fmt: skip
        ruling = {"number": number, "application_id": identifier, "into": "US", "class_id": "us.tn", "issued_at": at}
        rows = [
            Insert("applications", {**opened, "created_at": at, "created_by": "demo"}),
            Insert("revisions", revision),
            Insert("ruling_numbers", {**given, "given_at": at}),
            Insert("rulings", ruling),
            Insert("ruling_versions", version),
        ]
        await app.state.ledger.append(rows, None)


def main() -> None:
    """Serve what the command line says."""
    kind, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    app = bare_app() if kind == "bare" else rulings_app(folder)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main()
