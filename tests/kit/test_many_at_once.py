"""A service takes so many requests at once, and says to the others at once that they should come again."""

import asyncio

import httpx
import pytest
from tests.admission.cases import is_problem

from crossing.kit.bare import bare_app
from crossing.kit.middleware import _MOST_AT_ONCE

pytestmark = pytest.mark.anyio


async def test_whoever_comes_while_too_many_run_is_asked_to_come_again() -> None:
    app, go_on = bare_app("tried", title="Tried", description="Tried"), asyncio.Event()
    running = 0

    @app.get("/slow")
    async def slow() -> dict[str, str]:
        nonlocal running
        running += 1
        await go_on.wait()
        return {}

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://crossing.test") as client:
        first = [asyncio.create_task(client.get("/slow")) for _ in range(_MOST_AT_ONCE)]
        while running < _MOST_AT_ONCE:
            await asyncio.sleep(0)
        refused = await client.get("/slow")
        is_problem(refused, 503, "unavailable")
        assert refused.headers["retry-after"] == "1"
        go_on.set()
        assert {each.status_code for each in await asyncio.gather(*first)} == {200}
        assert (await client.get("/slow")).status_code == 200
