"""Events between two services over HTTP, on either database: each has its effect once, whatever goes wrong between."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Mount, Router
from tests.conftest import MovingClock
from tests.kit.job_tables import NOW, Owing, effect
from tests.kit.services import receiving_app, served

from crossing.kit.clock import Clock
from crossing.kit.database import format_instant
from crossing.kit.events import EventSender, event_jobs
from crossing.kit.http import new_client
from crossing.kit.identity import Role
from crossing.kit.inbox import Effect, Event
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.jobs import Pace
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.kit.service_tokens import Token
from crossing.kit.worker import WakingLedger, Worker

AT = format_instant(NOW)
TEXTS = {"en": "is required", "fr": "est obligatoire", "es": "es obligatorio"}


async def keep(event: Event, request: Request) -> Effect:
    """One effect for a ruling's number; another event of the same ruling would be a fault."""
    if "number" not in event.data:
        raise InvalidRequest(errors=[FieldError("/data/number", TEXTS)])
    return [effect(event.data["number"], event.id)], None


@pytest.fixture
def issuer(tmp_path: Path) -> DevelopmentIssuer:
    return DevelopmentIssuer(tmp_path / "issuer")


def signing(issuer: DevelopmentIssuer) -> Token:
    async def sign() -> str:
        return token(issuer)

    return sign


@pytest.fixture
def receiver(there: Owing, tmp_path: Path, clock: MovingClock, issuer: DevelopmentIssuer) -> FastAPI:
    return receiving_app(there, tmp_path / "issuer", clock, {"ruling.issued": keep})


def token(issuer: DevelopmentIssuer, role: Role = Role.SERVICE, subject: str = "advance-rulings") -> str:
    return issuer.token(role, subject=subject)


def client_of(app: FastAPI, bearer: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {bearer}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://crossing.test", headers=headers)


def issued(number: str = "US-TN-2026-000001", *receivers: str) -> list[Any]:
    return event_jobs(
        "ruling.issued", number, {"number": number}, receivers or ("admission",), AT, source="advance-rulings"
    )


def body(**changes: Any) -> dict[str, Any]:
    (row,) = issued()
    event = {**json.loads(row.values["payload"])["event"], **changes}
    return {name: value for name, value in event.items() if value is not None}


async def post(client: httpx.AsyncClient, event: Any, media_type: str = "application/cloudevents+json") -> Any:
    return await client.post("/v1/events", content=json.dumps(event), headers={"Content-Type": media_type})


def sending(there: Owing, clock: Clock, issuer: DevelopmentIssuer, **clients: httpx.AsyncClient) -> Worker:
    sender = EventSender(clients, signing(issuer), clock)
    return Worker(there.engine, {"event": sender}, clock, Pace(first_rest=timedelta(seconds=1)))


async def test_an_event_reaches_each_receiver_over_http_and_takes_effect(
    there: Owing, clock: MovingClock, issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    await there.ledger.append(issued(), None)
    front = Router(routes=[Mount("/admission", receiver)])
    async with served(front) as address, new_client(f"{address}/admission") as admission:
        assert await sending(there, clock, issuer, admission=admission).run_due() == 1
    (row,) = await there.select("SELECT id, worker FROM effects")
    assert row[0] == "US-TN-2026-000001"
    assert await there.select("SELECT source, id, type, received_at FROM inbox") == [
        ("/advance-rulings", row[1], "ruling.issued", AT)
    ]
    assert await there.select("SELECT id FROM jobs") == []


async def test_a_receiver_that_is_down_gets_the_event_when_it_is_back(
    there: Owing, clock: MovingClock, issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    await there.ledger.append(issued("US-TN-2026-000001", "admission", "redress"), None)
    async with served(receiver) as address, new_client("http://127.0.0.1:9") as away, new_client(address) as here:
        assert await sending(there, clock, issuer, admission=here, redress=away).run_due() == 2
        assert len(await there.select("SELECT id FROM jobs WHERE last_error = 'NotYet'")) == 1
        clock.move(timedelta(minutes=1))
        # The other receiver shares the database here, so that the same event is a repeat to it.
        assert await sending(there, clock, issuer, admission=here, redress=here).run_due() == 1
    assert await there.select("SELECT id FROM jobs") == []
    assert await there.select("SELECT id FROM effects") == ["US-TN-2026-000001"]


async def test_an_event_that_is_refused_is_tried_again_and_given_up_in_the_end(
    there: Owing, clock: MovingClock, issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    rows = event_jobs("ruling.vanished", "US-TN-2026-000001", {}, ["admission"], AT, source="advance-rulings")
    await there.ledger.append(rows, None)
    async with client_of(receiver, "") as admission:
        worker = sending(there, clock, issuer, admission=admission)
        for _ in range(Pace().most_attempts):
            assert await worker.run_due() == 1
            clock.move(timedelta(hours=1))
    assert await there.select("SELECT state, last_error FROM jobs") == [("dead", "NotTaken")]


async def test_a_receiver_that_keeps_failing_is_left_alone_for_a_while(
    there: Owing, clock: MovingClock, issuer: DevelopmentIssuer
) -> None:
    asked = []

    async def fail(scope: Any, receive: Any, send: Any) -> None:
        asked.append(dict(scope["headers"]))
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    for number in range(12):
        await there.ledger.append(issued(f"US-TN-2026-{number}"), None)
    async with new_client("http://crossing.test", app=fail) as admission:
        sender = EventSender({"admission": admission}, signing(issuer), clock)
        worker = Worker(there.engine, {"event": sender}, clock, Pace(at_once=1))
        assert await worker.run_due() == 12
    assert len(asked) == 5
    for headers in asked:
        # W3C Trace Context: version, the trace's id (here the event's), the delivery's, flags.
        version, trace, span, flags = headers[b"traceparent"].decode().split("-")
        assert (version, trace, len(span), flags) == (
            "00",
            headers[b"x-request-id"].decode().replace("-", ""),
            16,
            "01",
        )
    errors = await there.select("SELECT last_error, count(*) FROM jobs GROUP BY last_error ORDER BY last_error")
    assert errors == [("NotTaken", 5), ("NotYet", 7)]


async def test_a_repeat_changes_nothing(there: Owing, issuer: DevelopmentIssuer, receiver: FastAPI) -> None:
    event = body()
    async with client_of(receiver, token(issuer)) as sender:
        answers = [await post(sender, event) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [204] * 3
    assert await there.select("SELECT count(*) FROM effects") == [1]


async def test_twenty_deliveries_at_once_have_one_effect(
    there: Owing, clock: MovingClock, tmp_path: Path, issuer: DevelopmentIssuer
) -> None:
    """Each has found the event new before any of them is recorded."""
    all_here = asyncio.Barrier(20)

    async def keep_together(event: Event, request: Request) -> Effect:
        await all_here.wait()
        return await keep(event, request)

    event = body()
    receiver = receiving_app(there, tmp_path / "issuer", clock, {"ruling.issued": keep_together})
    async with client_of(receiver, token(issuer)) as sender, asyncio.timeout(60):
        answers = await asyncio.gather(*(post(sender, event) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {204, 503}  # a busy machine may find no free connection
    assert await there.select("SELECT count(*) FROM effects") == [1]
    assert await there.select("SELECT count(*) FROM inbox") == [1]


async def test_the_same_id_from_another_source_is_another_event(
    there: Owing, issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    async with client_of(receiver, token(issuer)) as sender:
        assert (await post(sender, body(id="1"))).status_code == 204
    async with client_of(receiver, token(issuer, subject="redress")) as sender:
        other = body(id="1", source="/redress", data={"number": "US-TN-2026-000002"})
        assert (await post(sender, other)).status_code == 204
    assert await there.select("SELECT count(*) FROM effects") == [2]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"id": None}, "/id"),
        ({"id": 7}, "/id"),
        ({"source": "advance-rulings"}, "/source"),
        ({"type": None}, "/type"),
        ({"data": "text"}, "/data"),
        ({"data": {}}, "/data/number"),
        ({"datacontenttype": "text/xml"}, "/datacontenttype"),
    ],
)
async def test_an_event_of_another_shape_is_a_problem_that_names_the_field(
    there: Owing, issuer: DevelopmentIssuer, receiver: FastAPI, changes: dict[str, Any], pointer: str
) -> None:
    async with client_of(receiver, token(issuer)) as sender:
        answer = await post(sender, body(**changes))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await there.select("SELECT id FROM inbox") == []


async def test_extensions_of_an_event_are_let_pass(there: Owing, issuer: DevelopmentIssuer, receiver: FastAPI) -> None:
    async with client_of(receiver, token(issuer)) as sender:
        assert (await post(sender, body(sequence="7"))).status_code == 204
    assert await there.select("SELECT count(*) FROM effects") == [1]


async def test_an_unknown_type_is_a_problem_that_names_those_taken(
    issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    async with client_of(receiver, token(issuer)) as sender:
        answer = await post(sender, body(type="ruling.vanished"))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-event-type")
    assert answer.json()["errors"] == [{"pointer": "/type", "detail": "must be one of ruling.issued"}]


async def test_plain_json_is_no_event(issuer: DevelopmentIssuer, receiver: FastAPI) -> None:
    async with client_of(receiver, token(issuer)) as sender:
        answer = await post(sender, body(), "application/json")
    assert answer.status_code == 415
    assert "application/cloudevents+json" in answer.json()["title"]


async def test_an_event_that_two_readers_could_understand_differently_is_malformed(
    there: Owing, issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    twice = json.dumps(body())[:-1] + ', "id": "another"}'
    async with client_of(receiver, token(issuer)) as sender:
        headers = {"Content-Type": "application/cloudevents+json"}
        answer = await sender.post("/v1/events", content=twice, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-body")
    assert await there.select("SELECT id FROM inbox") == []


async def test_only_services_tell_events_and_each_its_own(
    there: Owing, issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    for bearer, status in (
        ("", 401),
        (token(issuer, Role.OFFICER), 403),
        (token(issuer, subject="redress"), 403),
    ):
        async with client_of(receiver, bearer) as sender:
            assert (await post(sender, body())).status_code == status
    assert await there.select("SELECT id FROM inbox") == []


async def test_a_worker_that_is_told_need_not_look_by_itself(
    there: Owing, clock: MovingClock, issuer: DevelopmentIssuer, receiver: FastAPI
) -> None:
    stop = asyncio.Event()
    async with client_of(receiver, "") as admission:
        sender = EventSender({"admission": admission}, signing(issuer), clock)
        worker = Worker(there.engine, {"event": sender}, clock, Pace(poll=timedelta(hours=1)))
        working = asyncio.create_task(worker.run(stop))
        await asyncio.sleep(0)
        await WakingLedger(there.ledger, worker).append(issued(), None)
        async with asyncio.timeout(10):
            while not await there.select("SELECT id FROM effects"):
                await asyncio.sleep(0.01)
        stop.set()
        async with asyncio.timeout(10):
            await working
    assert await there.select("SELECT id FROM jobs") == []
