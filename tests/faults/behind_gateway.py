"""Admission behind the real gateway, with places for more processes of it than run at a time."""

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.stage import ServiceProcess, Stage

from crossing.gateway.presets import tests
from crossing.gateway.process import free_port, running_gateway
from crossing.gateway.render import GatewayOptions, Upstream, at_one_address

_PATIENCE_SECONDS = 30
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Gateway:
    """A gateway that takes requests for admission."""

    options: GatewayOptions

    @property
    def address(self) -> str:
        """Where callers find admission."""
        return f"http://127.0.0.1:{self.options.port}/admission"

    def wait_until_sent_to(self, processes: Sequence[ServiceProcess]) -> None:
        """Wait until the gateway sends requests to some processes of admission and to no other."""
        until = time.monotonic() + _PATIENCE_SECONDS
        wanted = {each.port for each in processes}
        while (sent_to := self._sent_to()) != wanted:
            assert time.monotonic() < until, f"the gateway sends to {sent_to}, not to {wanted}"
            time.sleep(_POLL_SECONDS)

    def failures(self) -> Counter[str]:
        """How often it answered with a fault of the server's, by Envoy's flags; ``-`` where the service answered so."""
        lines = map(json.loads, Path(self.options.access_log).read_text().splitlines())
        return Counter(f"{line['status']} {line['flags']}" for line in lines if int(line["status"]) >= 500)

    def _sent_to(self) -> set[int]:
        place = f"http://127.0.0.1:{self.options.admin_port}/clusters?format=json"
        with urllib.request.urlopen(place, timeout=5) as answer:
            clusters = json.load(answer)["cluster_statuses"]
        [admission] = [each for each in clusters if each["name"] == "admission"]
        return {
            host["address"]["socket_address"]["port_value"]
            for host in admission.get("host_statuses", [])
            if host["health_status"] == {"eds_health_status": "HEALTHY"}
        }


@contextmanager
def gateway_before(there: Stage, processes: Sequence[ServiceProcess]) -> Iterator[Gateway]:
    """A gateway before processes of admission, which may start and end while it runs."""
    first, *others = [Upstream("127.0.0.1", each.port) for each in processes]
    silent = at_one_address("127.0.0.1", free_port())
    options = replace(
        tests(),
        services={**silent, "admission": replace(first, also=tuple(others))},
        front=None,
        keys_file=str(there.issuer.public_file),
        port=free_port(),
        admin_port=free_port(),
        access_log=str(there.folder / "access.log"),
        requests_per_second=100_000,
        request_seconds=60.0,
        answer_seconds=60.0,
    )
    with running_gateway(options, there.folder / "gateway"):
        yield Gateway(options)
