"""F12: clocks that jump, stand wrong or come to odd hours: what is recorded keeps its order, and the day is the port's.

A service runs under libfaketime, which moves its clock while it runs; the machine's own clock is not touched.
"""

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from tests.admission.cases import engineer
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.verify import verify_chains
from crossing.rules.dates import add

FULL = ({}, {"plant": "a day in UTC"})
SHORT = FULL[:1]
_LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


@dataclass(frozen=True)
class Moment:
    """An instant (UTC) to examine at, and the day that it is at Detroit then."""

    at: str
    day: str
    why: str


MOMENTS = (
    Moment("2026-11-01 05:30:00", "2026-11-01", "01:30, the first time"),
    Moment("2026-11-01 06:30:00", "2026-11-01", "01:30, the second time"),
    Moment("2027-03-14 06:59:00", "2027-03-14", "01:59, before an hour that is left out"),
    Moment("2027-03-14 07:00:00", "2027-03-14", "03:00, a minute later"),
    Moment("2028-02-29 04:59:00", "2028-02-28", "the last minute before a leap day"),
    Moment("2028-02-29 05:00:00", "2028-02-29", "the first minute of a leap day"),
    Moment("2027-12-31 12:00:00", "2027-12-31", "a clock that was put back by two months"),
    Moment("2038-01-19 03:14:08", "2038-01-18", "a second after 31 bits"),
)


def run(*, plant: str | None = None) -> Report:
    """Examine at every moment, with one clock that is moved from one to the next."""
    assert _LIBRARY.exists(), "install Debian's package faketime"
    with stage("admission", on_postgres=False) as here:
        clock = here.folder / "clock"
        _set(clock, MOMENTS[0].at)
        faked = {
            "LD_PRELOAD": str(_LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1",
            "TZ": "UTC",  # the file is read in the zone of the process
        }
        admission = here.service("admission")
        admission.environment |= faked
        admission.start().wait()
        said, examined = _examine_at_every_moment(here, admission, clock, "UTC" if plant else "America/Detroit")
        said += _in_order(here, examined)
    said += _leap_years()
    return Report(
        fault="F12 clocks",
        done=f"examinations at {len(MOMENTS)} moments, one clock moved from one to the next, once back",
        acknowledged=len(examined),
        found=len(examined) - len(said),
        lost=len(said),
        held=not said and len(examined) == len(MOMENTS),
        detail="; ".join(said[:4]),
    )


def _set(clock: Path, at: str) -> None:
    """Put the clock to an instant, where it stands; the file is replaced as a whole, so that nobody reads half of it."""
    new = clock.with_suffix(".new")
    new.write_text(f"{at}\n")
    os.utime(new)
    new.replace(clock)


def _examine_at_every_moment(
    here: Stage, admission: ServiceProcess, clock: Path, zone: str
) -> tuple[list[str], list[str]]:
    """What is wrong with the days, and the ids of the examinations in the order in which they were opened."""
    said, examined = [], []
    for moment in MOMENTS:
        _set(clock, moment.at)
        now = datetime.fromisoformat(moment.at).replace(tzinfo=UTC)
        with _officer(here, admission, now) as officer:
            if not examined:
                _open_port(here, admission, now, zone)
            answer = officer.post("/v1/examinations", json=engineer())
            if answer.status_code != 201:
                said.append(f"{moment.why}: answered {answer.status_code} {answer.text[:200]}")
                continue
            opened = answer.json()
            examined.append(opened["id"])
            day, at = opened["determination"]["on"], datetime.fromisoformat(opened["opened_at"])
            if day != moment.day:
                said.append(f"{moment.why}: the day is {day}")
            if at != now or not opened["opened_at"].endswith("Z"):
                said.append(f"{moment.why}: opened at {opened['opened_at']}")
    return said, examined


def _officer(here: Stage, admission: ServiceProcess, now: datetime, role: Role = Role.OFFICER) -> httpx.Client:
    """A client whose session began at a moment."""
    issuer = DevelopmentIssuer(here.folder, now=now.timestamp)
    token = issuer.token(role, subject=f"test-{role.value}", port_id="US-DETROIT", terminal_id="LANE-1")
    return httpx.Client(base_url=admission.address, headers={"Authorization": f"Bearer {token}"}, timeout=30)


def _open_port(here: Stage, admission: ServiceProcess, now: datetime, zone: str) -> None:
    port = {
        "id": "US-DETROIT",
        "country": "US",
        "kind": "class_a_port",
        "mode": "land",
        "name": "Detroit",
        "time_zone": zone,
    }
    with _officer(here, admission, now, Role.SUPERVISOR) as supervisor:
        supervisor.post("/v1/ports", json=port).raise_for_status()


def _in_order(here: Stage, examined: list[str]) -> list[str]:
    """What is wrong with the order: entries follow one another as they were made, whatever time it was."""
    with closing(sqlite3.connect(here.folder / "admission.sqlite")) as connection:
        query = "SELECT subject FROM audit_entries WHERE event = 'examination.opened' ORDER BY chain, seq"
        entered = [row[0].split("/")[1] for row in connection.execute(query)]
    said = [] if entered == examined else [f"entries stand in another order: {entered}"]
    return said + asyncio.run(_faults(here.database_url("admission")))


async def _faults(url: str) -> list[str]:
    engine = create_engine(url)
    async with engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    await engine.dispose()
    return [str(each) for each in faults]


def _leap_years() -> list[str]:
    """Three years after a leap day is the last day of that February, which no calendar's arithmetic gives by itself."""
    return [] if add("2028-02-29", "P3Y") == "2031-02-28" else ["three years after 29 February 2028 is another day"]
