"""What a service's metrics read when asked: a neighbour left alone, a check that fails, a table that does not answer."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from tests.admission.desks import running_service, service_of
from tests.conftest import MovingClock
from tests.watch.reading import samples

from crossing.kit.inside import inside_app

pytestmark = pytest.mark.anyio


@pytest.fixture
async def admission(tmp_path_factory: pytest.TempPathFactory, clock: MovingClock) -> AsyncIterator[FastAPI]:
    """Admission with redress as a neighbour that is away."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "token").write_text("token")
    settings = {"redress_events_address": "http://127.0.0.1:9/redress", "service_token_file": folder / "token"}
    async with running_service(folder, clock, with_ports=False, **settings) as desk:
        yield service_of(desk)


async def said_by(app: FastAPI) -> dict[str, float]:
    """The metrics of a service, from its inside address."""
    transport = httpx.ASGITransport(inside_app(app))
    async with httpx.AsyncClient(base_url="http://inside", transport=transport) as prometheus:
        answer = await prometheus.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return samples(answer.text)


async def test_a_neighbour_that_fails_has_its_breaker_open_until_it_answers(admission: FastAPI) -> None:
    name = 'crossing_breaker_open{neighbour="redress"}'
    assert (await said_by(admission))[name] == 0
    [breakers] = admission.state.breakers
    for _ in range(5):
        with pytest.raises(ConnectionError):
            async with breakers["redress"].call():
                raise ConnectionError
    assert (await said_by(admission))[name] == 1
    admission.state.clock.move(timedelta(minutes=1))
    async with breakers["redress"].call():
        pass
    assert (await said_by(admission))[name] == 0


async def test_each_readiness_check_is_told_by_name(admission: FastAPI) -> None:
    assert (await said_by(admission))['crossing_ready{check="serving"}'] == 1
    admission.state.draining = True
    said = await said_by(admission)
    assert said['crossing_ready{check="serving"}'] == 0
    assert said['crossing_ready{check="database"}'] == 1


async def test_a_database_that_is_away_hides_nothing_else(admission: FastAPI) -> None:
    engine = admission.state.engine

    class Away:
        def connect(self) -> None:
            raise OSError

        begin = connect

    admission.state.engine = Away()
    said = await said_by(admission)
    admission.state.engine = engine
    assert said['crossing_ready{check="migrations"}'] == 0
    assert said['crossing_pool_connections{pool="requests",state="size"}'] > 0
    assert not any(name.startswith(("crossing_jobs", "crossing_chain")) for name in said)


async def test_a_source_that_never_answers_is_left_out_in_time(
    admission: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossing.kit.metrics._SECONDS", 0.05)

    async def stall() -> list[object]:
        await asyncio.sleep(60)
        return []

    admission.state.metrics.watch("stalled", stall)
    async with asyncio.timeout(30):
        assert "crossing_requests_running" in await said_by(admission)


async def test_a_method_that_http_does_not_know_makes_no_series_of_its_own(admission: FastAPI) -> None:
    for method in ("BREW", "QUETZALWREN"):
        admission.state.metrics.answered("unmatched", method, 405, 0.001)
    said = await said_by(admission)
    assert said['crossing_requests_total{method="other",route="unmatched",status="405"}'] == 2
    assert not any("BREW" in name or "QUETZALWREN" in name for name in said)
