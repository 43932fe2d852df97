"""What remedies say of examinations that were decided: annulled or amended, whoever reads of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.subjects.effects import Effects, effects_of
from admission.subjects.tables import remedies


async def corrections_of(connection: AsyncConnection, examination_ids: Sequence[str]) -> Effects:
    """The remedies that stand on some examinations; what is corrected in a record is corrected for good."""
    if not examination_ids:
        return Effects()
    named = (remedies.c.record_kind == "examination", remedies.c.record_id.in_(examination_ids))
    rows: Any = (await connection.execute(select(remedies).where(*named))).mappings()
    return effects_of([{**row, "match": "document"} for row in rows], (), day="")
