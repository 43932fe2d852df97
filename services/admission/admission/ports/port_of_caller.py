"""The port a caller's session stands at."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.examinations.problems import NoPortForCaller
from admission.ports.queries import read_port
from crossing.kit.identity import Caller


async def port_of_caller(request: Request, connection: AsyncConnection, caller: Caller) -> Row[Any]:
    """The caller's port, remembered once read, since a port never changes; raises ``NoPortForCaller``."""
    known: dict[str, Row[Any]] = request.app.state.ports
    port_id = caller.port_id or ""
    if port_id not in known:
        port = await read_port(connection, port_id)
        if port is None:
            raise NoPortForCaller
        known[port_id] = port
    return known[port_id]


async def remembered_port(request: Request, caller: Caller) -> Row[Any]:
    """The caller's port as ``port_of_caller`` gives it, with a connection taken only while it is not remembered yet."""
    known: dict[str, Row[Any]] = request.app.state.ports
    if caller.port_id in known:
        return known[caller.port_id]
    async with request.app.state.engine.connect() as connection:
        return await port_of_caller(request, connection, caller)
