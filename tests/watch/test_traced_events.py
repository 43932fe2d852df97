"""An event is delivered in the trace of the request that caused it; without tracing, in one of its own."""

import json
from uuid import UUID

import pytest
from opentelemetry.sdk.trace import TracerProvider
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from tests.conftest import MovingClock

from crossing.kit.events import KIND, EventSender, event_jobs
from crossing.kit.http import new_client
from crossing.kit.jobs import Job
from crossing.kit.ledger import Insert
from crossing.kit.traced_jobs import traced_handlers
from crossing.kit.traces import trace_calls

pytestmark = pytest.mark.anyio
AT = "2026-11-21T15:00:00.000000Z"


async def token() -> str:
    return "token"


def event() -> Insert:
    """The row of an event's delivery."""
    [row] = event_jobs("ruling.issued", "US-TN-2026-17", {}, ["admission"], AT, source="advance-ruling")
    return row


async def trace_of_delivery(row: Insert, clock: MovingClock, tracing: TracerProvider | None) -> str:
    """The id of the trace in which an event reaches its receiver."""
    arrived: list[str] = []

    async def receiver(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.append(Request(scope).headers["traceparent"].split("-")[1])
        await Response(status_code=204)(scope, receive, send)

    job = Job("0", KIND, row.values["key"], AT, json.loads(row.values["payload"]), 1, "lease")
    async with new_client("http://crossing.test", app=receiver) as client:
        trace_calls(client, "admission", tracing)
        handlers = traced_handlers({KIND: EventSender({"admission": client}, token, clock)}, tracing)
        await handlers[KIND](job)
    [trace_id] = arrived
    return trace_id


async def test_an_event_is_delivered_in_the_trace_that_caused_it(clock: MovingClock) -> None:
    tracing = TracerProvider()
    with tracing.get_tracer("test").start_as_current_span("request") as request:
        row = event()
    assert await trace_of_delivery(row, clock, tracing) == f"{request.get_span_context().trace_id:032x}"
    # A worker that does not trace carries it on as well.
    assert await trace_of_delivery(row, clock, None) == f"{request.get_span_context().trace_id:032x}"


async def test_an_event_outside_of_any_trace_is_one_by_its_id(clock: MovingClock) -> None:
    row = event()
    assert await trace_of_delivery(row, clock, None) == UUID(json.loads(row.values["payload"])["event"]["id"]).hex
