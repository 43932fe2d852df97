"""Every select on ports and terminals."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.tables import ports, terminals


async def read_port(connection: AsyncConnection, port_id: str) -> Row[Any] | None:
    """One port."""
    return (await connection.execute(select(ports).where(ports.c.id == port_id))).one_or_none()


async def page_of_ports(connection: AsyncConnection, after: str | None, limit: int) -> Sequence[Row[Any]]:
    """Ports by id, one more than ``limit``, so that the caller knows whether there is another page."""
    statement = select(ports).order_by(ports.c.id).limit(limit + 1)
    if after:
        statement = statement.where(ports.c.id > after)
    return (await connection.execute(statement)).all()


async def terminals_of(connection: AsyncConnection, port_id: str) -> Sequence[Row[Any]]:
    """Terminals of a port."""
    statement = select(terminals).where(terminals.c.port_id == port_id).order_by(terminals.c.id)
    return (await connection.execute(statement)).all()
