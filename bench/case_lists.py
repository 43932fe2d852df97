"""The list of 15,000 open cases beside that of 150: the same page, asked for in turn, in one run.

``python -m bench.case_lists CASES FOLDER PORT`` serves redress with so many open cases.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn
from bench.serving import serving
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from crossing.embedded.suite import redress_settings
from crossing.kit.clock import system_clock
from crossing.kit.database import create_engine, format_instant, writing
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.logging import configure_logging
from crossing.kit.migrations import upgrade
from redress.app import create_app
from redress.settings import MIGRATIONS
from redress.tables import case_heads, cases, staff
from redress.units import load_units

FEW, MANY = 150, 15_000
_SUBJECT, _ROUNDS, _AT_ONCE = "bench-caseworker", 60, 1_000
_STATES, _PRIORITIES = ("accepted", "routed", "adjudication", "documents_needed"), ("P0", "P1", "P2")
_LISTS = ("", "?state=routed", "?priority=P1", "?mine=true")


def measure_case_lists() -> float:
    """The time of the list of many over that of few: the largest ratio of medians among the lists of a desk."""
    with tempfile.TemporaryDirectory(prefix="crossing-bench-") as name:
        folder = Path(name)
        with (
            serving("bench.case_lists", folder / "few", str(FEW)) as few,
            serving("bench.case_lists", folder / "many", str(MANY)) as many,
            _caseworker(few.address, folder / "few") as of_few,
            _caseworker(many.address, folder / "many") as of_many,
        ):
            return max(_ratio(of_few, of_many, each) for each in _LISTS)


def _caseworker(address: str, folder: Path) -> httpx.Client:
    token = DevelopmentIssuer(folder).token(Role.CASEWORKER, subject=_SUBJECT)
    return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"})


def _ratio(few: httpx.Client, many: httpx.Client, query: str) -> float:
    took: dict[httpx.Client, list[float]] = {few: [], many: []}
    for _ in range(_ROUNDS):
        for client, times in took.items():
            started = time.perf_counter()
            answer = client.get(f"/v1/cases{query}")
            times.append(time.perf_counter() - started)
            answer.raise_for_status()
    return statistics.median(took[many]) / statistics.median(took[few])


def redress_app(number: int, folder: Path) -> FastAPI:
    """The service with so many open cases."""
    settings = redress_settings(folder, DevelopmentIssuer(folder)).model_copy(update={"run_worker": False})
    upgrade(MIGRATIONS, settings.database_url)
    configure_logging("WARNING")
    asyncio.run(_fill(settings.database_url, number))
    return create_app(settings)


async def _fill(url: str, number: int) -> None:
    now, units = system_clock(), sorted(load_units()["units"])
    opened, heads = [], []
    for place in range(number):
        identifier, at = str(uuid7()), format_instant(now - timedelta(minutes=place))
        control_number = f"DEMO{place:05}"
        row = {"id": identifier, "control_number": control_number, "priority": "P2", "kind": "inquiry", "opened_at": at}
        opened.append(row | {"examination_id": None, "ruling": None, "detail": "{}"})
        heads.append(
            {
                "case_id": identifier,
                "control_number": control_number,
                "revision": 3,
                "state": _STATES[place % len(_STATES)],
                "priority": _PRIORITIES[place % len(_PRIORITIES)],
                "unit": units[place % len(units)],
                "assigned_to": _SUBJECT if place % 5 == 0 else None,
                "due_at": format_instant(now + timedelta(minutes=(place * 7919) % (60 * 24 * 60))),
                "opened_at": at,
                "open": True,
            }
        )
    engine = create_engine(url)
    desk = {"subject": _SUBJECT, "version": 1, "unit": units[0], "reports_to": None}
    async with writing(engine) as connection:
        await connection.execute(
            staff.insert(), desk | {"duties": '["case_officer"]', "at": format_instant(now), "set_by": "bench"}
        )
        for first in range(0, number, _AT_ONCE):
            await connection.execute(cases.insert(), opened[first : first + _AT_ONCE])
            await connection.execute(case_heads.insert(), heads[first : first + _AT_ONCE])
    await engine.dispose()


def main() -> None:
    """Serve what the command line says."""
    number, folder, port = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    app = redress_app(number, folder)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main()
