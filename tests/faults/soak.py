"""F23: hours of work leave a service as it was: memory, descriptors and connections stay flat.

The load is an officer's day over and over, with refusals, repeats and requests that are given up, from clients that
come and go. The run for a release lasts an hour: ``python -m tests.faults.soak 3600``.
"""

import asyncio
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.admission.cases import admit, engineer
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

FULL = ({"seconds": 240.0}, {"seconds": 20.0, "plant": "a service that leaks"})
SHORT = ({"seconds": 6.0, "on_postgres": False},)
_CLIENTS = 4
#: The share of the run in which caches, pools and the allocator fill.
_WARM_UP = 0.4
#: A process may be this much larger at the end than after it had warmed up: the allocator's play.
_PLAY_MB, _PLAY_SHARE = 6.0, 0.05
_PLAY_DESCRIPTORS = 8


@dataclass(frozen=True)
class Sample:
    """What a process held at a moment."""

    at: float
    megabytes: float
    descriptors: int
    sockets: int


def run(*, seconds: float, on_postgres: bool = True, plant: str | None = None) -> Report:
    """Keep a service at work for so many seconds, and compare what it holds at the end with what it held before."""
    with stage("admission", on_postgres=on_postgres) as here:
        leaking = (
            [sys.executable, "-m", "tests.faults.planted_service", "leaks", "service", "admission"] if plant else None
        )
        admission = here.service("admission", leaking).start().wait()
        here.open_ports(admission)
        samples, done = asyncio.run(_work(here, admission, seconds))
        alive = admission.is_ready()
    warm, last = _quarters(samples, seconds)
    said = [] if alive else ["it is not ready at the end"]
    grown = {name: (_middle(warm, name), _middle(last, name)) for name in ("megabytes", "descriptors", "sockets")}
    if grown["megabytes"][1] > grown["megabytes"][0] * (1 + _PLAY_SHARE) + _PLAY_MB:
        said.append("memory grows")
    said += [
        f"{each} grow" for each in ("descriptors", "sockets") if grown[each][1] > grown[each][0] + _PLAY_DESCRIPTORS
    ]
    told = [f"{name} {before:.0f} then {after:.0f}" for name, (before, after) in grown.items()]
    return Report(
        fault="F23 soak",
        done=f"an officer's day over and over for {seconds:.0f} s, {done} examinations",
        acknowledged=done,
        found=done,
        held=not said and done > 0,
        detail="; ".join([*said, *told]),
    )


def _quarters(samples: list[Sample], seconds: float) -> tuple[list[Sample], list[Sample]]:
    """Samples after warming up, and those of the end."""
    share = (1 - _WARM_UP) / 3
    warm = [each for each in samples if _WARM_UP <= each.at / seconds < _WARM_UP + share]
    last = [each for each in samples if each.at / seconds >= 1 - share]
    return warm, last


def _middle(samples: list[Sample], name: str) -> float:
    return float(statistics.median(getattr(each, name) for each in samples))


async def _work(here: Stage, admission: ServiceProcess, seconds: float) -> tuple[list[Sample], int]:
    """Keep officers at work, and look at the process a few times a second."""
    started, samples = time.monotonic(), list[Sample]()
    assert admission.process
    officers = [asyncio.create_task(_officer(here, admission, each, started + seconds)) for each in range(_CLIENTS)]
    while (at := time.monotonic() - started) < seconds:
        samples.append(_sample(admission.process.pid, at))
        await asyncio.sleep(min(0.5, seconds / 40))
    return samples, sum(await asyncio.gather(*officers))


async def _officer(here: Stage, admission: ServiceProcess, number: int, until: float) -> int:
    """Days of one officer until the time is over, each with a connection of its own."""
    done, headers = 0, {"Authorization": f"Bearer {here.token()}"}
    while time.monotonic() < until:
        async with httpx.AsyncClient(base_url=admission.address, headers=headers, timeout=60) as client:
            for _ in range(10):
                await _examine(client, f"GA{number}{done:05d}")
                done += 1
    return done


async def _examine(client: httpx.AsyncClient, document: str) -> None:
    """An examination with every step, a refusal, a repeat, and a request that nobody waits for."""
    body = engineer(scan__fields__document_number=document)
    key = {"Idempotency-Key": f"soak-{document}-{time.monotonic_ns()}"}
    opened = (await client.post("/v1/examinations", json=body, headers=key)).raise_for_status().json()
    assert (await client.post("/v1/examinations", json=body, headers=key)).json()["id"] == opened["id"]
    assert (await client.post("/v1/examinations", json={"scan": {}})).status_code == 422
    address = f"/v1/examinations/{opened['id']}"
    decided = await client.post(f"{address}/decision", json=admit(), headers={"If-Match": '"1"'})
    assert decided.status_code == 200, decided.text
    assert (await client.get(f"{address}/history")).status_code == 200
    try:
        await client.get("/v1/examinations", timeout=0.001)
    except httpx.TimeoutException:
        return


def _sample(process: int, at: float) -> Sample:
    status = Path(f"/proc/{process}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    links = []
    for each in Path(f"/proc/{process}/fd").iterdir():
        try:
            links.append(str(each.readlink()))
        except FileNotFoundError:  # closed meanwhile
            continue
    return Sample(at, resident / 1024, len(links), sum(link.startswith("socket:") for link in links))


if __name__ == "__main__":
    report = run(seconds=float(sys.argv[1]))
    print(*report.line(), report.detail, sep=" | ")
    sys.exit(0 if report.held else 1)
