"""What a gateway knows of the processes behind it, by its own account."""

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.stage import ServiceProcess

from crossing.gateway.process import RunningGateway

_PATIENCE_SECONDS: Final = 60
_POLL_SECONDS: Final = 0.02


def wait_until_sent_to(gateway: RunningGateway, processes: Sequence[ServiceProcess]) -> None:
    """Wait until the gateway sends requests to some processes of admission and to no other."""
    until = time.monotonic() + _PATIENCE_SECONDS
    wanted = {each.port for each in processes}
    while (sent_to := _sent_to(gateway)) != wanted:
        assert time.monotonic() < until, f"the gateway sends to {sent_to}, not to {wanted}"
        time.sleep(_POLL_SECONDS)


def failures(gateway: RunningGateway) -> Counter[str]:
    """How often it answered with a fault of the server's, by Envoy's flags; ``-`` where the service answered so."""
    lines = map(json.loads, Path(gateway.options.access_log).read_text().splitlines())
    return Counter(f"{line['status']} {line['flags']}" for line in lines if int(line["status"]) >= 500)


def _sent_to(gateway: RunningGateway) -> set[int]:
    place = f"http://127.0.0.1:{gateway.options.admin_port}/clusters?format=json"
    with urllib.request.urlopen(place, timeout=5) as answer:
        clusters = json.load(answer)["cluster_statuses"]
    [admission] = [each for each in clusters if each["name"] == "admission"]
    return {
        host["address"]["socket_address"]["port_value"]
        for host in admission.get("host_statuses", [])
        if host["health_status"] == {"eds_health_status": "HEALTHY"}
    }
