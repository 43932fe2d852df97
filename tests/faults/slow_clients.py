"""F18 (G13): thousands of clients that never finish a request; the honest ones beside them notice little."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from bench.samples import ordinary_body
from tests.debian_postgres import free_port
from tests.faults.report import Report
from tests.gateway.upstreams import seeing_service
from tests.stage import stage

from crossing.gateway.process import RunningGateway, running_gateway
from crossing.gateway.render import GatewayOptions, Upstream
from crossing.kit.issuer import DevelopmentIssuer

P99_SECONDS: Final = 2.0
FOR_EVER: Final = "no time limit of a whole request"
_HONEST_AT_ONCE: Final = 4
_ASKED: Final = "/admission/v1/determinations"
_NO_LIMIT: Final = 1_000_000
#: Limits of the gateway in the short form. What a slow client may take allows for a machine with much else to do.
_HASTY: Final = {"head_seconds": 1.0, "request_seconds": 1.5, "idle_seconds": 1.5}
_CUT_WITHIN: Final = {False: 15.0, True: 8.0}
_PLANT_SHOWS_IN: Final = 4.0
_DRIP_SECONDS: Final = {False: 2.0, True: 0.3}

FULL: Final[Sequence[dict[str, Any]]] = ({"clients": 10_000}, {"clients": 1_000, "hasty": True, "plant": FOR_EVER})
SHORT: Final[Sequence[dict[str, Any]]] = (
    {"clients": 300, "hasty": True},
    {"clients": 40, "hasty": True, "plant": FOR_EVER},
)


def run(*, clients: int, hasty: bool = False, plant: str | None = None) -> Report:
    """Let so many slow clients come: slow with the head, with the body, silent, and idle after an answer.

    ``hasty`` shortens the gateway's limits about eightfold and puts a stub where the service would be.
    """
    limits: dict[str, Any] = {"requests_per_second": _NO_LIMIT, **(_HASTY if hasty else {})}
    if plant:
        limits["request_seconds"] = 0.0
    with _before_a_stub(limits) if hasty else _before_admission(limits) as (gateway, question):
        gateway.wait_until_answered("/admission/v1/readyz")
        return asyncio.run(
            _measured(gateway, question, clients, hasty, _PLANT_SHOWS_IN if plant else _CUT_WITHIN[hasty])
        )


@contextmanager
def _before_a_stub(limits: Mapping[str, Any]) -> Iterator[tuple[RunningGateway, dict[str, Any]]]:
    """A gateway, and a question that what stands behind it answers."""
    with tempfile.TemporaryDirectory(prefix="crossing-slow-") as name:
        folder = Path(name)
        keys_file = DevelopmentIssuer(folder).public_file
        with seeing_service(keys_file) as stub:
            options = GatewayOptions(
                services={"admission": Upstream("127.0.0.1", stub.port)},
                keys_file=str(keys_file),
                host="127.0.0.1",
                port=free_port(),
                admin_port=free_port(),
                access_log=str(folder / "access.log"),
                **limits,
            )
            with running_gateway(options, folder) as gateway:
                yield gateway, {}


@contextmanager
def _before_admission(limits: Mapping[str, Any]) -> Iterator[tuple[RunningGateway, dict[str, Any]]]:
    with stage("admission", on_postgres=False) as world:
        world.service("admission").start().wait()
        body = ordinary_body()
        with world.gateway(**limits) as gateway:
            yield gateway, {"into": "US", "on": "2026-11-21", "seeking": body["seeking"], "facts": body["facts"]}


async def _measured(
    gateway: RunningGateway, question: dict[str, Any], clients: int, hasty: bool, within: float
) -> Report:
    command = [sys.executable, "-m", "tests.faults.dripping", str(gateway.options.port), str(clients)]
    command += [str(within), str(_DRIP_SECONDS[hasty])]
    attack = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told = asyncio.create_task(attack.communicate())
    address = f"http://127.0.0.1:{gateway.options.port}"
    # An honest client of each request comes anew: it has to get through the door as well.
    headers = {"Connection": "close"}
    async with httpx.AsyncClient(base_url=address, timeout=30, headers=headers) as client:
        asked = [asyncio.create_task(_ask(client, question, told)) for _ in range(_HONEST_AT_ONCE)]
        answers = [answer for task in asked for answer in await task]
    found = json.loads((await told)[0])
    return _report(found, answers, clients, within, _peak_mb(gateway))


async def _ask(
    client: httpx.AsyncClient, question: dict[str, Any], until: asyncio.Task[Any]
) -> list[tuple[bool, float]]:
    """Whether each request was answered, and how many seconds it took, for as long as slow clients are there."""
    answers = []
    while not until.done():
        started = time.monotonic()
        try:
            good = (await client.post(_ASKED, json=question)).status_code == 200
        except httpx.HTTPError:
            good = False
        answers.append((good, time.monotonic() - started))
        await asyncio.sleep(0.05)
    return answers


def _peak_mb(gateway: RunningGateway) -> int:
    """The most memory that the gateway held, in megabytes."""
    status = Path(f"/proc/{gateway.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) // 1024


def _report(
    found: dict[str, Any], answers: list[tuple[bool, float]], clients: int, within: float, megabytes: int
) -> Report:
    times = sorted(seconds for _, seconds in answers)
    good, p99 = sum(kept for kept, _ in answers), times[int(len(times) * 0.99)]
    slowest, left = found["slowest"], {kind: number for kind, number in found["left"].items() if number}
    said = ", ".join(f"{kind} after {seconds:.1f} s at most" for kind, seconds in slowest.items())
    detail = f"{found['peak']} open at once; cut: {said}; honest p99 {p99:.2f} s; gateway {megabytes} MB"
    if left:
        detail += "; left open: " + ", ".join(f"{number} {kind}" for kind, number in left.items())
    cut = not left and max(slowest.values()) <= within
    return Report(
        fault="F18 slow clients",
        done=f"{clients} clients that never finish",
        acknowledged=len(answers),
        found=good,
        lost=len(answers) - good,
        held=cut and found["opened"] == clients and good == len(answers) and p99 <= P99_SECONDS,
        detail=detail,
    )
