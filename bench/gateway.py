"""``POST /examinations`` through the gateway beside the same service asked directly, by wrk, in turn, in one run."""

import json

from bench.load import Run, post
from bench.samples import ordinary_body
from tests.stage import stage

#: One at a time, as a terminal waits for it. With more, requests queue for the one service process on either way, and
#: the load generator, the database and the gateway share two cores: the queue would be measured, not the gateway.
CONNECTIONS = 1
_PAIRS, _SECONDS = 7, 3
_NO_LIMIT = 1_000_000


def measure_gateway(*, connections: int = CONNECTIONS, pairs: int = _PAIRS, seconds: int = _SECONDS) -> tuple[Run, Run]:
    """Admission on PostgreSQL through the gateway, and directly: of the pairs, the one with the middle ratio of p50.

    Raises ``LoadFailed`` when an answer was not 201 or an examination is missing.
    """
    with stage("admission") as world:
        service = world.service("admission").start().wait()
        world.open_ports(service)
        body = world.folder / "body.json"
        body.write_text(json.dumps(ordinary_body()))
        token, database = world.token(), world.database_url("admission")

        def measured(port: int) -> Run:
            address = f"http://127.0.0.1:{port}/admission/v1/examinations"
            return post(address, body, token, database, connections=connections, seconds=seconds)

        with world.gateway(requests_per_second=_NO_LIMIT) as gateway:
            gateway.wait_until_answered("/admission/v1/readyz")
            found = [(measured(gateway.options.port), measured(service.port)) for _ in range(pairs)]
    return sorted(found, key=p50_over_direct)[pairs // 2]


def p50_over_direct(pair: tuple[Run, Run]) -> float:
    """How much longer the middle request takes through the gateway."""
    through, directly = pair
    return through.p50_ms / directly.p50_ms
