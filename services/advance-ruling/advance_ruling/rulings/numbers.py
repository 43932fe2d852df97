"""Numbers of decisions and places in the status list, each given once."""

import re
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import StringConstraints
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.tables import ruling_numbers, ruling_versions
from crossing.kit.database import format_instant
from crossing.kit.ledger import Insert

NUMBER: Final = r"^[A-Z]{2}-[A-Z0-9]{1,16}-[0-9]{4}-[0-9]{6,9}$"
Number = Annotated[str, StringConstraints(pattern=NUMBER)]
_BESIDE_LETTERS: Final = re.compile(r"[^A-Z0-9]")


async def next_number(connection: AsyncConnection, application: Any, class_code: str, at: datetime) -> Insert:
    """The row of the next number of a class in a year, such as ``US-TN-2026-000001``.

    ``application`` is the row of the application that is decided. Two who ask at once get the same one; the ledger then
    refuses the second, who asks again.
    """
    code, columns = _BESIDE_LETTERS.sub("", class_code.upper()), ruling_numbers.c
    highest = select(func.max(columns.seq)).where(
        columns.into == application.into, columns.code == code, columns.year == at.year
    )
    seq = ((await connection.execute(highest)).scalar_one() or 0) + 1
    return Insert(
        "ruling_numbers",
        {
            "number": f"{application.into}-{code}-{at.year}-{seq:06}",
            "application_id": application.id,
            "into": application.into,
            "code": code,
            "year": at.year,
            "seq": seq,
            "given_at": format_instant(at),
        },
    )


async def next_status_index(connection: AsyncConnection) -> int:
    """The next place in the status list."""
    highest = (await connection.execute(select(func.max(ruling_versions.c.status_index)))).scalar_one()
    return 0 if highest is None else int(highest) + 1
