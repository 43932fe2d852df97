"""F19, G11: no body and no header breaks a service: whatever is sent is answered, soon, and never by a fault.

Every operation that takes a body is found in the services' own descriptions.
"""

import asyncio
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from tests.conftest import PORTS
from tests.faults.hostile_corpus import LARGE, Hostile, hostile
from tests.faults.report import Report
from tests.migrated import place_databases
from tests.stage import PREFIXES, stage

from crossing.embedded.suite import create_suite
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

FULL = ({"one_in": 1}, {"one_in": 40, "in_process": True, "plant": "a route that takes any JSON"})
SHORT = ({"one_in": 20, "in_process": True},)
#: A request's own deadline is three seconds; a busy machine adds to it.
_LONGEST_SECONDS = 10.0
_ID = "01a20203-589b-755d-8f73-8fa02fc3653f"
_PROBLEM = "application/problem+json"
_AT_ONCE = 4


@dataclass(frozen=True)
class Operation:
    """An operation with a body: where it is, who may call it, and what its body has."""

    prefix: str
    method: str
    path: str
    media_type: str
    properties: Mapping[str, Any]
    parameters: tuple[str, ...]

    @property
    def address(self) -> str:
        named = {each: "US-DETROIT" if each == "port_id" else _ID for each in self.parameters}
        return self.path.format(**named)


@dataclass
class Found:
    """What was sent, and what was wrong with the answers."""

    sent: int = 0
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


Send = Callable[[Operation, Role, Hostile], Awaitable[httpx.Response]]


def run(*, one_in: int, in_process: bool = False, plant: str | None = None) -> Report:
    """Send the corpus to every operation, or one in so many, of services as processes or of the suite in this one."""
    found, operations = asyncio.run(_in_process(one_in, plant) if in_process else _as_processes(one_in))
    return Report(
        fault="F19 hostile bodies and headers",
        done=f"{found.sent:,} requests to {operations} operations that take a body",
        acknowledged=found.sent,
        found=found.sent - len(found.wrong),
        lost=len(found.wrong),
        held=not found.wrong and operations > 0,
        detail="; ".join([*found.wrong[:4], f"answers {dict(sorted(found.statuses.items()))}"]),
    )


async def _in_process(one_in: int, plant: str | None) -> tuple[Found, int]:
    folder = Path(tempfile.mkdtemp(prefix="crossing-hostile-"))
    await asyncio.to_thread(place_databases, folder)
    try:
        suite = await asyncio.to_thread(create_suite, folder)
        if plant:
            _plant(next(each.app for each in suite.routes if getattr(each, "path", "") == PREFIXES["admission"]))
        async with suite.lifespan_context(suite):
            transport = httpx.ASGITransport(suite, raise_app_exceptions=False)
            clients = {prefix: _client("http://crossing.test", prefix, transport) for prefix in PREFIXES.values()}
            return await _all(clients, DevelopmentIssuer(folder), one_in)
    finally:
        shutil.rmtree(folder)


async def _as_processes(one_in: int) -> tuple[Found, int]:
    with stage(*PREFIXES, on_postgres=False) as here:
        services = {name: here.service(name).start() for name in PREFIXES}
        clients = {
            PREFIXES[name]: _client(service.wait().address.removesuffix(PREFIXES[name]), PREFIXES[name])
            for name, service in services.items()
        }
        found, operations = await _all(clients, here.issuer, one_in)
        found.wrong += [f"{name} is not well afterwards" for name, each in services.items() if not each.is_ready()]
    return found, operations


def _client(address: str, prefix: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"{address}{prefix}", transport=transport, timeout=_LONGEST_SECONDS)


def _plant(service: FastAPI) -> None:
    """A route as a framework's defaults make one: it reads any JSON, and gives back what it read."""

    @service.post("/v1/planted", openapi_extra={"requestBody": {"content": {"application/json": {"schema": {}}}}})
    async def planted(request: Request) -> Any:
        return json.loads(await request.body())


async def _all(clients: Mapping[str, httpx.AsyncClient], issuer: DevelopmentIssuer, one_in: int) -> tuple[Found, int]:
    found, operations = Found(), 0
    tokens = {role: issuer.token(role, subject=_subject(role), port_id="US-DETROIT") for role in Role}
    async with AsyncExitStack() as stack:
        for client in clients.values():
            await stack.enter_async_context(client)
        await _open_port(clients[PREFIXES["admission"]], tokens)

        async def send(operation: Operation, role: Role, request: Hostile) -> httpx.Response:
            headers = {"Authorization": f"Bearer {tokens[role]}", "If-Match": "*", **request.headers}
            client = clients[operation.prefix]
            return await client.request(operation.method, operation.address, content=request.body, headers=headers)

        for prefix, client in clients.items():
            described = (await client.get("/v1/openapi.json")).raise_for_status().json()
            chosen = [*_operations(prefix, described)][::-one_in]
            operations += len(chosen)
            for operation in chosen:
                await _try(operation, [*hostile(operation.properties, operation.media_type)], send, found)
            await _try(chosen[0], LARGE, send, found)
    return found, operations


def _subject(role: Role) -> str:
    return "redress" if role is Role.SERVICE else f"test-{role.value}"


async def _open_port(admission: httpx.AsyncClient, tokens: Mapping[Role, str]) -> None:
    headers = {"Authorization": f"Bearer {tokens[Role.SUPERVISOR]}"}
    (await admission.post("/v1/ports", json=PORTS[0], headers=headers)).raise_for_status()


def _operations(prefix: str, described: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                schema = content.get("schema", {})
                named = described["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
                parameters = [*operation.get("parameters", ()), *methods.get("parameters", ())]
                places = tuple(each["name"] for each in parameters if each["in"] == "path")
                yield Operation(prefix, method.upper(), path, media_type, named.get("properties", {}), places)


async def _try(operation: Operation, requests: Any, send: Send, found: Found) -> None:
    """Send requests as whoever may call the operation, a few at once."""
    role = await _role_of(operation, send)
    waiting = iter(requests)

    async def worker() -> None:
        for request in waiting:
            wrong = await _wrong(operation, role, request, send, found)
            found.sent += 1
            if wrong:
                found.wrong.append(f"{operation.method} {operation.prefix}{operation.path}, {request.name}: {wrong}")

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))


async def _role_of(operation: Operation, send: Send) -> Role:
    """The first role that is let in; most operations want one of two or three."""
    plain = Hostile("", b"{}", {"content-type": operation.media_type})
    for role in Role:
        if (await send(operation, role, plain)).status_code not in (401, 403):
            return role
    return Role.SUPERVISOR


async def _wrong(operation: Operation, role: Role, request: Hostile, send: Send, found: Found) -> str | None:
    started = time.monotonic()
    try:
        answer = await send(operation, role, request)
    except httpx.TimeoutException:
        return f"no answer in {_LONGEST_SECONDS:.0f} s"
    except httpx.TransportError as error:
        # Who sends far more than is accepted is cut off, and may not hear the answer that was given first.
        return None if request in LARGE else f"no answer: {type(error).__name__}"
    found.statuses[answer.status_code] += 1
    if answer.status_code >= 500:
        return f"answered {answer.status_code}"
    if request.refused and answer.is_success:
        return f"taken: {answer.status_code}"
    if answer.is_client_error and not answer.headers.get("content-type", "").startswith(_PROBLEM):
        return f"refused by {answer.headers.get('content-type')}"
    took = time.monotonic() - started
    return f"answered after {took:.1f} s" if took > _LONGEST_SECONDS else None
