"""Events between services: CloudEvents 1.0 as structured JSON over HTTP, sent by the job table until they are taken.

What an event tells is fixed in the transaction that causes it; every delivery of it has the same id, by which the
receiver knows a repeat (CloudEvents 1.0.2 §3.1, HTTP binding §3.2).
"""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from secrets import SystemRandom, token_hex
from typing import Any, Final
from uuid import UUID

from uuid_utils.compat import uuid7

from crossing.kit.breaker import Breaker, CircuitOpen
from crossing.kit.clock import Clock
from crossing.kit.http import Client, HTTPError, Response
from crossing.kit.jobs import Job, NotYet, job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from crossing.kit.service_tokens import Token
from crossing.kit.traces import carried

KIND: Final = "event"
MEDIA_TYPE: Final = "application/cloudevents+json"
#: Below the receiver's own path.
PATH: Final = "/v1/events"
_SECONDS: Final = 10.0
_SHORTEST_REST: Final = timedelta(seconds=10)
_LONGEST_REST: Final = timedelta(minutes=10)
_CHANCE: Final = SystemRandom()
_SERVER_ERRORS: Final = 500


class NotTaken(Exception):
    """The receiver answered, but did not take the event."""


def event_jobs(
    type: str, subject: str, data: Mapping[str, Any], receivers: Collection[str], at: str, *, source: str
) -> list[Insert]:
    """The rows that bring an event to each receiver, to be appended with the change that it tells of.

    ``type`` is such as ``ruling.issued``; ``subject`` is what it is about, such as a ruling's number, never a person;
    ``receivers`` are names that the sender's settings give an address to; ``at`` is the instant it happened, and the
    deliveries are due at once. ``source`` is the name of the service that tells.
    """
    event = {
        "specversion": "1.0",
        "id": str(uuid7()),
        "source": f"/{source}",
        "type": type,
        "subject": subject,
        "time": at,
        "datacontenttype": "application/json",
        "data": dict(data),
        **carried(),
    }
    return [
        job(KIND, f"event/{event['id']}/{receiver}", at, {"receiver": receiver, "event": event}, at=at)
        for receiver in receivers
    ]


class EventSender:
    """Handler of jobs of the kind ``event``: posts an event to its receiver.

    ``clients`` are clients of the receivers by name, each with the receiver's path as base; ``token`` gives the
    service token of the sender, asked for each delivery, because tokens end.
    """

    def __init__(self, clients: Mapping[str, Client], token: Token, clock: Clock) -> None:
        self._clients = clients
        self._token = token
        self._clock = clock
        self.breakers = {name: Breaker(clock) for name in clients}

    async def __call__(self, job: Job) -> None:
        """Deliver; raises whatever stands in the way, so that the job is tried again.

        While the receiver is away, that is ``NotYet``: an event waits for as long as that takes, and is never given up.
        """
        try:
            await self._deliver(job)
        except (CircuitOpen, HTTPError, OSError):
            raise NotYet(self._rest(job.payload["event"]["time"])) from None

    def _rest(self, since: str) -> timedelta:
        """The longer an event has waited, the less often it is tried; by chance, so that not all return at once."""
        waited = self._clock() - datetime.fromisoformat(since)
        return max(_SHORTEST_REST, min(_LONGEST_REST, waited / 4)) * _CHANCE.uniform(0.5, 1.0)

    async def _deliver(self, job: Job) -> None:
        receiver, event = job.payload["receiver"], job.payload["event"]
        async with self.breakers[receiver].call():
            # A client of an application in this process knows no timeout of its own.
            async with asyncio.timeout(_SECONDS):
                answer = await self._post(self._clients[receiver], event)
            if answer.status_code >= _SERVER_ERRORS:
                raise NotTaken
        if not answer.is_success:
            raise NotTaken

    async def _post(self, client: Client, event: Mapping[str, Any]) -> Response:
        headers = {
            "Authorization": f"Bearer {await self._token()}",
            "Content-Type": MEDIA_TYPE,
            "X-Request-ID": event["id"],
            "traceparent": event.get("traceparent") or _trace_parent(event["id"]),
        }
        return await client.post(PATH, content=json_text(event), headers=headers)


def _trace_parent(event_id: str) -> str:
    """The trace of an event without one: its id is the trace's, each delivery a span of it (W3C Trace Context §3.2)."""
    return f"00-{UUID(event_id).hex}-{token_hex(8)}-01"
