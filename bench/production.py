"""The suite as production runs it, on PostgreSQL: beside its floor, under the journeys of a busy hour, and its memory.

Load generator, database, gateway and services share the machine. ``python -m bench.production [SECONDS]`` measures the
journeys alone, for as long as told, and prints where the time went.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.floor_on_postgresql import URL_FILE
from bench.journeys import JourneyFigures, hold_journeys
from bench.load import Run, post
from bench.samples import keep_sample, ordinary_body, take_sample
from bench.serving import serving
from tests.stage import ServiceProcess, Stage, stage

from crossing.kit.identity import Role

#: Examinations begun in a second: the peak hour of all ports of the United States, twice over (``domain/measures.md``).
RATE, SECONDS = 60.0, 120.0
_CONNECTIONS, _PAIRS, _SECONDS = 16, 5, 4
_SERVICES = ("admission", "advance-ruling", "redress")
_NO_LIMIT = 1_000_000
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class ProductionFigures:
    """The middle pair of service and floor, the journeys, and the megabytes of each service after them."""

    service: Run
    floor: Run
    journeys: JourneyFigures
    resident_mb: Mapping[str, float]


def measure_production() -> ProductionFigures:
    """Measure; raises ``LoadFailed`` when an answer was not the one asked for."""
    with stage(*_SERVICES) as world:
        services = _started(world)
        service, floor = _beside_the_floor(world, services["admission"])
        journeys = _journeys(world, SECONDS)
        resident = {name: _resident_mb(each) for name, each in services.items()}
    return ProductionFigures(service, floor, journeys, resident)


def _started(world: Stage) -> dict[str, ServiceProcess]:
    services = {name: world.service(name).start().wait() for name in _SERVICES}
    world.open_ports(services["admission"])
    return services


def _beside_the_floor(world: Stage, admission: ServiceProcess) -> tuple[Run, Run]:
    folder, url, token = world.folder / "floor", world.database_url("admission"), world.token()
    folder.mkdir()
    body = folder / "body.json"
    body.write_text(json.dumps(ordinary_body()))
    address = admission.address.removesuffix("/admission")
    keep_sample(take_sample(address, token, url), folder)
    (folder / URL_FILE).write_text(url)

    def measured(base: str) -> Run:
        path = f"{base}/admission/v1/examinations"
        return post(path, body, token, url, connections=_CONNECTIONS, seconds=_SECONDS)

    with serving("bench.floor_on_postgresql", folder) as bare:
        found = [(measured(address), measured(bare.address)) for _ in range(_PAIRS)]
    return sorted(found, key=lambda pair: pair[0].per_second / pair[1].per_second)[_PAIRS // 2]


def _journeys(world: Stage, seconds: float) -> JourneyFigures:
    redress = world.issuer.token(Role.SERVICE, subject="redress")
    with world.gateway(requests_per_second=_NO_LIMIT) as gateway:
        gateway.wait_until_answered("/admission/v1/readyz")
        gateway.wait_until_answered("/advance-rulings/v1/readyz")
        held = hold_journeys(gateway.options.port, world.token(), redress, rate=RATE, seconds=seconds)
        figures = asyncio.run(held)
        _say_where_the_time_went(world, gateway.process.pid, seconds)
    return figures


def _say_where_the_time_went(world: Stage, gateway: int, seconds: float) -> None:
    """Print the CPU time of each process since it started, and its share of the journeys' time."""
    assert world.postgres
    pids = {each.name: [each.process.pid] for each in world.services if each.process}
    pids |= {"gateway": [gateway], "PostgreSQL": _family(world.postgres.pid), "load": [os.getpid()]}
    spent = {name: sum(map(_cpu_seconds, each)) for name, each in pids.items()}
    print("CPU seconds:", ", ".join(f"{name} {each:.1f}" for name, each in spent.items()), f"(of {seconds:g} s twice)")


def _family(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *map(int, found.stdout.split())]


def _cpu_seconds(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / _TICKS


def _resident_mb(service: ServiceProcess) -> float:
    assert service.process
    lines = Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) / 1024


def main(seconds: float) -> int:
    """Hold journeys for some seconds and say how it went; 0 when every one was answered."""
    with stage(*_SERVICES) as world:
        services = _started(world)
        figures = _journeys(world, seconds)
        resident = ", ".join(f"{name} {_resident_mb(each):.0f} MB" for name, each in services.items())
    print(
        f"journeys: {figures.per_second:.1f} a second, open p50 {figures.open_p50_ms:.1f} ms,"
        f" p99 {figures.open_p99_ms:.1f} ms, {figures.failed} failed; {resident}"
    )
    return figures.failed > 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
