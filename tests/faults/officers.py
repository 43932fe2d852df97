"""Officers at work: clients that open examinations and decide them, note what they were told, and repeat nothing."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.admission.cases import admit, engineer
from tests.stage import Stage

Journey = Callable[[httpx.AsyncClient, "Work"], Awaitable[None]]
_REST_SECONDS = 0.02


@dataclass
class Work:
    """What officers asked for and were told. ``held`` are receipts: ``examinations/ID/REVISION`` by the instant."""

    held: dict[str, float] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def failed(self) -> int:
        """Requests that were not answered as done."""
        return sum(count for answer, count in self.answers.items() if not answer.startswith("2"))

    async def ask(self, client: httpx.AsyncClient, method: str, path: str, **more: Any) -> dict[str, Any] | None:
        """Send a request once; its answer where it is one of success, and a receipt of what it recorded."""
        began = time.monotonic()
        try:
            answer = await client.request(method, path, **more)
            said = str(answer.status_code)
        except httpx.HTTPError as error:
            answer, said = None, type(error).__name__
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - began)
        self.answers[said] += 1
        if answer is None or not answer.is_success:
            return None
        told: dict[str, Any] = answer.json()
        self.held[f"examinations/{told['id']}/{told['revision']}"] = time.monotonic()
        return told

    async def step(
        self, client: httpx.AsyncClient, examination: dict[str, Any], verb: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        """A step of an examination, sent once; the examination after it."""
        method = "PATCH" if verb == "facts" else "POST"
        read = {"If-Match": f'"{examination["revision"]}"'}
        return await self.ask(client, method, f"/v1/examinations/{examination['id']}/{verb}", json=body, headers=read)

    def told(self, until: float | None = None) -> list[str]:
        """The receipts, or those up to an instant of ``time.monotonic``."""
        return [subject for subject, at in self.held.items() if until is None or at <= until]


async def open_and_decide(client: httpx.AsyncClient, work: Work) -> None:
    """An examination that qualifies, opened and admitted."""
    examination = await work.ask(client, "POST", "/v1/examinations", json=engineer())
    if examination:
        await work.step(client, examination, "decision", admit())


@contextmanager
def at_work(there: Stage, address: str, officers: int = 16, journey: Journey = open_and_decide) -> Iterator[Work]:
    """Officers who go through ``journey`` again and again, at ``address``, as long as the context lasts."""
    work = Work()
    thread = threading.Thread(target=lambda: asyncio.run(_work(there, address, officers, journey, work)))
    thread.start()
    try:
        yield work
    finally:
        work.stop.set()
        thread.join()


async def _work(there: Stage, address: str, officers: int, journey: Journey, work: Work) -> None:
    headers = {"Authorization": f"Bearer {there.token()}"}

    async def officer(client: httpx.AsyncClient) -> None:
        while not work.stop.is_set():
            await journey(client, work)
            await asyncio.sleep(_REST_SECONDS)

    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=15) as client:
        await asyncio.gather(*(officer(client) for _ in range(officers)))
