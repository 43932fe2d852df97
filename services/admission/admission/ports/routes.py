"""Routes of ports and terminals."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.ports import queries
from admission.ports.open_port import open_port, register_terminal
from admission.ports.schemas import ListOfPorts, ListOfTerminals, PortId, PortIn, PortOut, TerminalIn, TerminalOut
from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.problems import NotFound
from crossing.kit.strict_json import StrictRoute

router = APIRouter(prefix="/v1/ports", tags=["ports"], route_class=StrictRoute)
Reader = Annotated[Caller, Depends(caller_with(Role.OFFICER, Role.SUPERVISOR, Role.ANALYST, Role.SERVICE))]
Supervisor = Annotated[Caller, Depends(caller_with(Role.SUPERVISOR))]
Reading = Annotated[AsyncConnection, Depends(reading)]
PathPort = Annotated[PortId, Path()]


@router.get("", response_model=ListOfPorts)
async def list_ports(
    request: Request, response: Response, caller: Reader, connection: Reading, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Ports of entry, by id."""
    after = decode_cursor(cursor, 1)
    rows = await queries.page_of_ports(connection, after[0] if after else None, limit)
    following = encode_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    link_next(request, response, following)
    return {"ports": [row._asdict() for row in rows[:limit]], "next": following}


@router.post("", response_model=PortOut, status_code=201)
async def post_port(request: Request, response: Response, caller: Supervisor, port: PortIn) -> dict[str, str]:
    """Open a port of entry. Its id makes a repeat harmless: it answers 409."""
    response.headers["Location"] = request.url.path + f"/{port.id}"
    return await open_port(request.app.state.ledger, caller, port, now_of(request))


@router.get("/{port_id}", response_model=PortOut)
async def read_port(caller: Reader, connection: Reading, port_id: PathPort) -> dict[str, Any]:
    """One port of entry."""
    row = await queries.read_port(connection, port_id)
    if row is None:
        raise NotFound
    return row._asdict()


@router.get("/{port_id}/terminals", response_model=ListOfTerminals)
async def list_terminals(caller: Reader, connection: Reading, port_id: PathPort) -> dict[str, Any]:
    """Terminals of a port."""
    if await queries.read_port(connection, port_id) is None:
        raise NotFound
    return {"terminals": [row._asdict() for row in await queries.terminals_of(connection, port_id)]}


@router.post("/{port_id}/terminals", response_model=TerminalOut, status_code=201)
async def post_terminal(
    request: Request, caller: Supervisor, port_id: PathPort, terminal: TerminalIn
) -> dict[str, str]:
    """Register a terminal at a port. Its id makes a repeat harmless: it answers 409."""
    return await register_terminal(request.app.state.ledger, caller, port_id, terminal, now_of(request))
