"""Messages that the service under test has sent, read from its folder."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from sqlalchemy import select
from tests.conftest import Desk
from tests.redress.conftest import case_of, do_jobs, service_of

from redress.inquiries.access_secret import secret_of
from redress.tables import accesses, cases


def messages(desk: Desk) -> list[EmailMessage]:
    """Every message sent, the oldest first."""
    files = sorted(Path(desk.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(file.read_bytes()) for file in files]


async def about(desk: Desk, number: str) -> list[EmailMessage]:
    """The messages about an inquiry, once every job is done."""
    while await do_jobs(desk):
        pass
    return [each for each in messages(desk) if number in str(each["Subject"])]


def secret_in(message: EmailMessage) -> str:
    """The secret in a message: what follows the sign # in its link."""
    link = next(line for line in message.get_content().splitlines() if line.startswith("http"))
    return link.partition("#")[2]


async def secret_sent_to(desk: Desk, number: str, address: str) -> str:
    """The secret that went to an address; addresses stand on envelopes only, so that the text tells whose it is."""
    found = [secret_in(each) for each in await about(desk, number) if "#" in each.get_content()]
    wanted = await _secret_of(desk, number, address)
    assert wanted in found
    return wanted


async def _secret_of(desk: Desk, number: str, address: str) -> str:
    """The secret of whoever has an address, made again as the service makes it."""
    state: Any = service_of(desk).state
    async with state.engine.connect() as connection:
        case = await case_of(connection, number)
        representative = case.content.get("representative") or {}
        access = representative["access"] if representative.get("email") == address else 1
        statement = (
            select(accesses.c.salt)
            .join(cases, cases.c.id == accesses.c.case_id)
            .where(cases.c.control_number == number, accesses.c.number == access)
        )
        return secret_of(state.identity_key, (await connection.execute(statement)).scalar_one())
