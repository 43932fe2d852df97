"""F13, G8: new processes take the place of old ones under load, and nobody who asks notices.

Planted: ``kill`` ends the old processes by SIGKILL, as whoever does not drain, which has to be reported.
"""

import time
from typing import Any

from tests.faults.behind_gateway import Gateway, gateway_before
from tests.faults.forked import ForkedService
from tests.faults.officers import at_work
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

FULL: tuple[dict[str, Any], ...] = ({"deploys": 10}, {"deploys": 2, "plant": "kill"})
SHORT: tuple[dict[str, Any], ...] = ({"deploys": 1},)
_AT_A_TIME = 2
#: Longer than the gateway takes to hear of it: three checks, one a second.
_DRAIN_SECONDS = "4"


def run(*, deploys: int = 1, officers: int = 16, plant: str | None = None) -> Report:
    """Replace two processes of admission ``deploys`` times while officers work through the gateway."""
    with stage("admission") as there:
        places = [_place(there) for _ in range(2 * _AT_A_TIME)]
        old, new = places[:_AT_A_TIME], places[_AT_A_TIME:]
        _begin(old)
        there.open_ports(old[0])
        with gateway_before(there, places) as gateway:
            gateway.wait_until_sent_to(old)
            took = []
            with at_work(there, gateway.address, officers) as work:
                for _ in range(deploys):
                    began = time.monotonic()
                    _replace(gateway, old, new, plant)
                    old, new = new, old
                    took.append(time.monotonic() - began)
        stored = _stored(there, old[0])
    held = work.told()
    lost = len(set(held) - stored)
    return Report(
        fault="F13 deploy in traffic",
        done=f"{deploys} rolling deploys of {_AT_A_TIME} processes, {officers} officers who repeat nothing",
        acknowledged=len(held),
        found=len(held) - lost,
        lost=lost,
        held=bool(held) and not work.failed and not lost,
        detail=f"answers {dict(work.answers)}, slowest {work.slowest_seconds:.2f} s, a deploy {max(took):.1f} s",
    )


def _place(there: Stage) -> ServiceProcess:
    """A process of admission that is not started: forked, since what is measured is not how quickly Python reads."""
    settings = there.environment("admission") | {"CROSSING_DRAIN_SECONDS": _DRAIN_SECONDS}
    return there.ends(ForkedService("admission", there.folder, settings))


def _begin(processes: list[ServiceProcess]) -> None:
    for each in processes:
        each.start()
    for each in processes:
        each.wait()


def _replace(gateway: Gateway, old: list[ServiceProcess], new: list[ServiceProcess], plant: str | None) -> None:
    """Old and new run side by side until the gateway sends to the new ones; then the old ones end."""
    _begin(new)
    gateway.wait_until_sent_to([*old, *new])
    for each in old:
        if plant == "kill":
            each.kill()
        else:
            each.terminate()
    gateway.wait_until_sent_to(new)
