"""How steps of a case are recorded: in one append, with their audit entry and all that follows from them."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from crossing.casework.steps import entry_of
from crossing.kit.idempotency import Attempt
from crossing.kit.ledger import AuditEntry, Conflict, Insert
from crossing.kit.problems import StaleVersion
from redress.casework.follow_ups import follow_ups
from redress.casework.heads import head_of
from redress.casework.steps import CASES, Case
from redress.covered import in_order, is_covered


def rows_of_record(
    state: Any, before: Case | None, after: Case, rows: Sequence[Insert]
) -> tuple[list[Insert], AuditEntry]:
    """All rows of steps between two stands of a case (``None``: it begins), and the audit entry that covers them.

    ``rows`` are those of the steps and whatever belongs to them; what follows is added: where the case stands now, the
    jobs that go out with it, and what other parts keep of it.
    """
    whole = [*rows, *follow_ups(state.settings, before, after), head_of(after)]
    covered = in_order([row for row in whole if is_covered(row)])
    return [*covered, *(row for row in whole if not is_covered(row))], entry_of(CASES, covered)


async def record(
    state: Any,
    before: Case | None,
    after: Case,
    rows: Sequence[Insert],
    *,
    attempt: Attempt | None = None,
    answer: Response | None = None,
) -> None:
    """Append steps with all that follows from them; raises ``StaleVersion`` when somebody acted meanwhile.

    With ``attempt`` and ``answer`` the answer is kept for a repeat of the request. Raises ``Unavailable``; nothing is
    kept then.
    """
    whole, entry = rows_of_record(state, before, after, rows)
    kept = [attempt.kept(answer, entry.at)] if attempt and answer else []
    try:
        await state.ledger.append([*whole, *kept], entry)
    except Conflict:
        raise StaleVersion from None
