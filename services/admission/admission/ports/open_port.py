"""Open a port of entry, or register a terminal at one: each is recorded in the port's own audit chain."""

from admission.ports.problems import PortExists
from admission.ports.schemas import PortIn, TerminalIn
from crossing.kit.identity import Caller
from crossing.kit.ledger import AuditEntry, Conflict, Insert, Ledger, content_digest, first_of_chain
from crossing.kit.problems import NotFound


async def open_port(ledger: Ledger, caller: Caller, port: PortIn, at: str) -> dict[str, str]:
    """Record a port and begin its audit chain; raises ``PortExists``."""
    row = Insert("ports", {**port.model_dump(), "created_at": at})
    entry = AuditEntry(port.id, at, "port.opened", caller.subject, f"ports/{port.id}", content_digest([row]))
    try:
        await ledger.append([row, *first_of_chain(entry)], None)
    except Conflict:
        raise PortExists from None
    return dict(row.values)


async def register_terminal(
    ledger: Ledger, caller: Caller, port_id: str, terminal: TerminalIn, at: str
) -> dict[str, str]:
    """Record a terminal at a port; raises ``PortExists`` or ``NotFound``."""
    row = Insert("terminals", {"port_id": port_id, **terminal.model_dump(), "created_at": at})
    subject = f"ports/{port_id}/terminals/{terminal.id}"
    entry = AuditEntry(port_id, at, "terminal.registered", caller.subject, subject, content_digest([row]))
    try:
        await ledger.append([row], entry)
    except Conflict as conflict:
        raise (PortExists if conflict.table == "terminals" else NotFound) from None
    return dict(row.values)
