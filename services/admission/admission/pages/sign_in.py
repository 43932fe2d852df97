"""What the sign-in page shows. Without a password, and only where development says so."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.ports import queries
from crossing.kit.identity import Role

_MOST_PORTS = 200


async def sign_in_context(request: Request, connection: AsyncConnection) -> dict[str, Any]:
    """Roles, ports and terminals to choose from, where signing in without a password is offered."""
    if not request.app.state.settings.development_sign_in:
        return {"is_development": False, "ports": [], "terminals": [], "roles": []}
    ports = (await queries.page_of_ports(connection, None, _MOST_PORTS))[:_MOST_PORTS]
    terminals = [terminal.id for port in ports for terminal in await queries.terminals_of(connection, port.id)]
    return {
        "is_development": True,
        "ports": ports,
        "terminals": list(dict.fromkeys(terminals)),
        "roles": [Role.OFFICER.value, Role.SUPERVISOR.value],
    }
