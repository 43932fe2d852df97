"""F7, G5: a port decides while redress and the ruling service cannot be reached, whichever way the line is cut.

All of it runs in a network namespace of its own. The status list that the port has is older than a port on line wants,
so that every ruling presented makes it ask for a new one.
"""

import asyncio
import json
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.admission.cases import admit, engineer
from tests.admission.rulings import Office, engineers_claims, served, sign_ruling
from tests.conftest import MovingClock
from tests.debian_postgres import free_port
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

_CUTS: Mapping[str, tuple[str, ...]] = {
    "dropped": ("-j", "DROP"),
    "refused": ("-j", "REJECT", "--reject-with", "icmp-port-unreachable"),
    "reset": ("-j", "REJECT", "--reject-with", "tcp-reset"),
    "30 % lost": ("-m", "statistic", "--mode", "random", "--probability", "0.3", "-j", "DROP"),
}
FULL = ({"examinations": 20}, {"examinations": 4, "cuts": ("dropped",), "plant": "waits"})
SHORT = ({"examinations": 4, "cuts": ("dropped",)},)
_LONGEST_FIRST_SECONDS = 0.3
_LONGEST_MORE_SECONDS = 0.02
_LIST_IS_OLD = timedelta(minutes=20)


@dataclass
class Found:
    """Times of each way the line was cut, in seconds, and what was wrong."""

    decided: int = 0
    stored: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def run(
    *, examinations: int, cuts: tuple[str, ...] = (*_CUTS, "hanging"), busy: float = 1, plant: str | None = None
) -> Report:
    """Open and decide so many examinations with rulings while the line is cut in each way.

    ``busy`` is how many times as long as promised it may take, on a machine that does other things meanwhile.
    """
    asked = [str(examinations), ",".join(cuts), plant or ""]
    command = ["unshare", "-n", sys.executable, "-m", "tests.faults.partition", *asked]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    usual = statistics.median(found["times"]["all up"])
    said, slowest, more = found["wrong"], 0.0, 0.0
    for name, (first, *rest) in found["times"].items():
        if name == "all up":
            continue
        slowest, more = max(slowest, first - usual), max(more, statistics.median(rest) - usual)
        if first - usual > _LONGEST_FIRST_SECONDS * busy:
            said.append(f"{name}: the first took {first - usual:.3f} s more")
        if statistics.median(rest) - usual > _LONGEST_MORE_SECONDS * busy:
            said.append(f"{name}: the others took {statistics.median(rest) - usual:.3f} s more")
    told = f"the first took at most {slowest * 1000:.0f} ms more, the others {more * 1000:.0f} ms (medians)"
    return Report(
        fault="F7 neighbours cut off",
        done=f"{examinations} examinations with a ruling decided in each of {len(found['times']) - 1} cuts",
        acknowledged=found["decided"],
        found=found["stored"],
        lost=found["decided"] - found["stored"],
        held=not said and found["decided"] == found["stored"] > 0,
        detail="; ".join([*said[:4], told]),
    )


def _child(examinations: int, cuts: list[str], plant: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    found = Found()
    with stage("redress", "admission", on_postgres=False) as here, _office(here) as (address, office, token):
        redress = here.service("redress").start().wait()
        command = [sys.executable, "-m", "tests.faults.planted_service", plant, "service", "admission"]
        settings = {"advance_rulings_address": address, "run_worker": "true"}
        admission = here.service("admission", command if plant else None, **settings).start().wait()
        here.open_ports(admission)
        ports = (redress.port, int(address.split(":")[2].partition("/")[0]))

        def examine(name: str) -> None:
            _examine(here, admission, token, name, examinations, found)

        _until(lambda: bool(_fetched(here)))
        examine("all up")
        for name in cuts:
            with _cut(ports, _CUTS[name]) if name in _CUTS else _stopped(office, redress.process):
                examine(name)
            if name != cuts[-1]:
                _until_reached(here)
        with _lists_away(here):
            examine("lists away")
        found.stored = _stored(here)
    print(json.dumps(vars(found)))


@contextmanager
def _office(here: Stage) -> Iterator[tuple[str, subprocess.Popen[bytes], str]]:
    """The address of a ruling service in a process of its own, the process, and a ruling that it gave."""
    port, ruling = free_port(), here.folder / "ruling"
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.partition", "office", str(port), str(ruling)])
    try:
        _until(lambda: ruling.exists() and bool(ruling.read_text()))
        yield f"http://127.0.0.1:{port}/advance-rulings", process, ruling.read_text()
    finally:
        process.kill()
        process.wait()


async def _serve_office(port: int, ruling: str) -> None:
    now = datetime.now(UTC) - _LIST_IS_OLD
    office = Office(MovingClock(now))
    async with served(office.app(), port):
        Path(ruling).write_text(sign_ruling(engineers_claims(), office.key), encoding="ascii")
        await asyncio.Event().wait()


def _until(condition: Callable[[], bool], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.02)


@contextmanager
def _cut(ports: tuple[int, ...], rule: tuple[str, ...]) -> Iterator[None]:
    """Let packets to some ports of this namespace meet a rule."""
    chains = [["INPUT", "-p", "tcp", "--dport", str(port), *rule] for port in ports]
    for chain in chains:
        subprocess.run(["iptables", "-A", *chain], check=True)
    try:
        yield
    finally:
        for chain in chains:
            subprocess.run(["iptables", "-D", *chain], check=True)


@contextmanager
def _stopped(*processes: subprocess.Popen[bytes] | None) -> Iterator[None]:
    """Let processes stand still with their connections open."""
    for each in processes:
        assert each
        each.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            assert each
            each.send_signal(signal.SIGCONT)


@contextmanager
def _lists_away(here: Stage) -> Iterator[None]:
    """Let what is known of travellers be out of reach, and nothing else."""
    with closing(sqlite3.connect(here.folder / "admission.sqlite", timeout=10)) as connection:
        connection.execute("ALTER TABLE lookouts RENAME TO away")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE away RENAME TO lookouts")


def _examine(here: Stage, admission: ServiceProcess, token: str, name: str, examinations: int, found: Found) -> None:
    """Open and decide; what an answer says of the ruling and of the lists is what is known of them."""
    times = found.times.setdefault(name, [])
    with here.client(admission.address, timeout=30) as officer:
        for _ in range(examinations):
            started = time.monotonic()
            opened = officer.post("/v1/examinations", json=engineer(rulings=[token]))
            times.append(time.monotonic() - started)
            if opened.status_code != 201:
                found.wrong.append(f"{name}: opening is answered {opened.status_code}")
                continue
            examination = opened.json()
            found.wrong += [f"{name}: {each}" for each in _mistold(examination, checked=name != "lists away")]
            address = f"/v1/examinations/{examination['id']}/decision"
            decided = officer.post(address, json=admit(), headers={"If-Match": '"1"'})
            found.decided += decided.status_code == 200
            if decided.status_code != 200:
                found.wrong.append(f"{name}: deciding is answered {decided.status_code}")


def _mistold(examination: Mapping[str, Any], *, checked: bool) -> Iterator[str]:
    (ruling,) = examination["rulings"]
    if not ruling["binds"] or ruling["status_list_age_seconds"] < _LIST_IS_OLD.total_seconds():
        yield f"the ruling binds {ruling['binds']} by a list of {ruling['status_list_age_seconds']} s"
    if examination["subject"]["checked"] is not checked:
        yield f"the check of lists is told as {examination['subject']['checked']}"


def _until_reached(here: Stage) -> None:
    """Wait until the port has reached the ruling service again: its look in the background has come round."""
    before = _fetched(here)
    _until(lambda: _fetched(here) != before)


def _fetched(here: Stage) -> list[tuple[str]]:
    """When the port last fetched what it trusts."""
    with closing(sqlite3.connect(here.folder / "admission.sqlite", timeout=10)) as connection:
        return connection.execute("SELECT fetched_at FROM ruling_trust").fetchall()


def _stored(here: Stage) -> int:
    with closing(sqlite3.connect(here.folder / "admission.sqlite")) as connection:
        return int(connection.execute("SELECT count(*) FROM revisions WHERE kind = 'decided'").fetchone()[0])


if __name__ == "__main__":
    if sys.argv[1] == "office":
        asyncio.run(_serve_office(int(sys.argv[2]), sys.argv[3]))
    else:
        _child(int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3])
