"""A gateway for the tests of a module: before redress, which says what it saw; advance rulings are away."""

from collections.abc import Iterator

import pytest
from tests.gateway.gates import RATE, Gate, gate_before
from tests.gateway.upstreams import SeeingService, seeing_service

from crossing.gateway.process import free_port
from crossing.gateway.render import Upstream
from crossing.kit.issuer import DevelopmentIssuer


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeeingService]:
    folder = tmp_path_factory.mktemp("gateway")
    with seeing_service(DevelopmentIssuer(folder).public_file) as server:
        yield server


@pytest.fixture(scope="module")
def gate(service: SeeingService) -> Iterator[Gate]:
    """A gateway before redress; advance rulings are away."""
    there = {"redress": Upstream("127.0.0.1", service.port), "advance-rulings": Upstream("127.0.0.1", free_port())}
    short = {"head_seconds": 1.0, "keys_seconds": 0.5}
    few = {"body_bytes": 10_000, "requests_per_second": RATE, "files_at_once": 2}
    with gate_before(there, service, service.keys_file.parent, **short, **few) as made:
        yield made
