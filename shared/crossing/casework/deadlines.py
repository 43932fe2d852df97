"""What happens when a deadline passes: the step that the procedure names, taken by the clock."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from crossing.casework.steps import CaseT, Keeping, due_step, plan_all
from crossing.kit.jobs import Job
from crossing.kit.ledger import Insert
from crossing.kit.problems import StaleVersion

#: Records the rows of steps between two stands of a case; raises ``StaleVersion``.
Record = Callable[[CaseT, CaseT, Sequence[Insert]], Awaitable[None]]


async def pass_deadlines(keeping: Keeping, case: CaseT, at: datetime, record: Record[CaseT]) -> bool:
    """Let every deadline of a case pass that has come, one after the other; whether there was any.

    What somebody does at this very moment stands.
    """
    passed = False
    while step := due_step(keeping, case, at):
        rows, after = plan_all(keeping, case, [step])
        try:
            await record(case, after, rows)
        except StaleVersion:
            return True
        case, passed = after, True
    return passed


class Deadlines:
    """The handler of deadlines. Running one twice changes nothing: the second finds nothing due."""

    def __init__(self, passing: Callable[[str], Awaitable[None]], key: str) -> None:
        """``passing`` lets the deadlines pass of the case that a job names under ``key``."""
        self._passing, self._key = passing, key

    async def __call__(self, job: Job) -> None:
        """Let a deadline pass, unless somebody acted before it."""
        await self._passing(job.payload[self._key])
