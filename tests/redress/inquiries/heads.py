"""Where cases stand for the desk, read from the service under test."""

from typing import Any

from sqlalchemy import select
from tests.conftest import Desk
from tests.redress.conftest import service_of

from redress.tables import case_heads


async def head_of(desk: Desk, control_number: str) -> Any:
    """The row of a case in the list of the desk."""
    async with service_of(desk).state.engine.connect() as connection:
        statement = select(case_heads).where(case_heads.c.control_number == control_number)
        return (await connection.execute(statement)).one()
