"""ASGI middleware around every service: request id, access log, deadline, limits. Pure ASGI, because wrappers cost."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from crossing.kit.languages import negotiate
from crossing.kit.logging import log
from crossing.kit.metrics import ServiceMetrics
from crossing.kit.problems import BodyTooLarge, MalformedBody, Problem, Unavailable, Unexpected, respond

_OK = 200
#: Requests that run side by side; each may hold a body, and memory must be enough for all of them.
_MOST_AT_ONCE = 256
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._\-]{8,64}\Z")


@dataclass(frozen=True)
class Limits:
    """What one request may take: seconds until it is ended, and bytes of its body."""

    deadline_seconds: float
    max_body_bytes: int


class RequestContext:
    """Gives each request an id, logs and counts its end, and keeps the deadline of a request.

    A request that takes longer than ``deadline_seconds``, or finds no memory, ends in a 503 problem; what it had begun
    is rolled back or, once committed, found by repeating with the same Idempotency-Key. So does, at once, one that
    comes while 256 others run. A fault ends in a 500 problem without its cause.
    ``uploads`` are limits of their own for posts to addresses whose last step is named.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        metrics: ServiceMetrics,
        deadline_seconds: float,
        max_body_bytes: int,
        uploads: Mapping[str, Limits] | None = None,
    ) -> None:
        self.app = app
        self.service = service
        self._metrics = metrics
        self._limits = Limits(deadline_seconds, max_body_bytes)
        self._uploads = uploads or {}

    def _limits_of(self, scope: Scope) -> Limits:
        if scope["method"] != "POST":
            return self._limits
        return self._uploads.get(scope["path"].rpartition("/")[2], self._limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self._metrics.running += 1
        try:
            await self._handle(scope, receive, send)
        finally:
            self._metrics.running -= 1

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        offered = headers.get(b"x-request-id", b"")
        request_id = offered.decode() if _REQUEST_ID.match(offered) else str(uuid7())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id, service=self.service)
        answer = _Answer(send, request_id)
        limits = self._limits_of(scope)
        started = time.perf_counter()
        problem: Problem | None = None
        scope["route"] = None  # whoever mounted this service left its own there
        try:
            if self._metrics.running > _MOST_AT_ONCE:
                raise Unavailable(headers={"Retry-After": "1"})
            if _announced(headers.get(b"content-length", b"0")) > limits.max_body_bytes:
                raise BodyTooLarge
            async with asyncio.timeout(limits.deadline_seconds) as deadline:
                answer.deadline = deadline
                await self.app(scope, _Bounded(receive, limits.max_body_bytes), answer)
        except (BodyTooLarge, MalformedBody, Unavailable) as error:
            problem = error
        except (TimeoutError, MemoryError):
            problem = Unavailable(headers={"Retry-After": "1"})
        except (
            Exception
        ) as error:  # the last line of defence: a fault of ours becomes a problem document, never a trace
            log().error("request.failed", error=type(error).__name__, where=_where(error))
            problem = Unexpected()
        if problem and not answer.started:
            language = negotiate(headers.get(b"accept-language", b"").decode("latin-1"))
            await respond(problem, language)(scope, receive, answer)
        route = getattr(scope.get("route"), "path", "unmatched")
        took = time.perf_counter() - started
        self._metrics.answered(route, scope["method"], answer.status, took)
        duration = round(took * 1000, 1)
        log().info("request.ended", method=scope["method"], route=route, status=answer.status, duration_ms=duration)


def _announced(length: bytes) -> int:
    """The length a body is said to have; raises ``MalformedBody`` for what is no length."""
    if not re.fullmatch(rb"[0-9]{1,19}", length):
        raise MalformedBody
    return int(length)


class _Answer:
    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._headers = [
            (b"x-request-id", request_id.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
        ]
        self.started = False
        self.status = 0
        self.deadline: asyncio.Timeout | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started, self.status = True, message["status"]
            if self.deadline and message["status"] == _OK and _is_file(message["headers"]):
                self.deadline.reschedule(None)  # a reader takes as long over a large file as the line is slow
            named = {name for name, _ in message["headers"]}
            added = [header for header in self._headers if header[0] not in named]
            message = {**message, "headers": [*message["headers"], *added]}
        await self._send(message)


def _is_file(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-disposition" for name, _ in headers)


class _Bounded:
    """Counts what a body brings, since a chunked one says no length beforehand."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise BodyTooLarge
        return message


def _where(error: BaseException) -> str:
    """File and line of a fault; never its message, which may hold what a person sent."""
    trace: Any = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""


def request_id_of(request: Request) -> str:
    """The id of a request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
